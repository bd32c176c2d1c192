import { beforeEach, describe, expect, it } from 'vitest';
import { coverageView } from '../../../shared/contracts/audit-questions.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { gap as aGap } from '../../contract/samples.ts';
import { type AuditWorld, at, auditWorld, INSTALLED_MS, NOW_MS } from '../../support/audit-world.ts';

const ROUTE = 'GET /v1/audit/facilities/{facility}/coverage';
let city: AuditWorld;

const ask = async (query: Record<string, string> = {}, as = 'auditor') =>
  city.call({ as, route: ROUTE, path: { facility: 'sunshine' }, query });
const areas = async (query: Record<string, string> = {}) => coverageView.parse((await ask(query)).body).areas;

const cameras = ['cam-1', 'cam-2'].map((id) => ({ id, box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS }));
const fault = (camera: string, from: string, to: string, reason = 'offline') =>
  city.records.putGap(
    aGap({ rule: 'area-covered', subject: `camera/${camera}`, reason, fromMs: at(from), toMs: at(to) }),
  );
/** What the box last said: both usable, for long. */
const covering = async (sinceMs = INSTALLED_MS): Promise<void> => {
  const row = await city.vitals.readCoverage('sunshine', 'gate');
  if (row === undefined) throw new Error('no row');
  const usable = { state: 'usable', sinceMs } as const;
  await city.vitals.patchCoverage(row, { coveredAtMs: NOW_MS - 1_000, cameras: { 'cam-1': usable, 'cam-2': usable } });
};

beforeEach(async () => {
  city = await auditWorld();
  await city.register('sunshine', { cameras });
  await city.connect('sunshine');
  await covering();
  await city.record('sunshine', 3, 90);
});

describe('coverage of an area, by day', () => {
  it('is uncovered only while every camera of it is known to be faulty, to the minute', async () => {
    await fault('cam-1', '2026-03-01T09:00', '2026-03-01T11:00');
    await fault('cam-2', '2026-03-01T10:30', '2026-03-01T12:00');
    const [playroom] = await areas({ from: '2026-03-01', to: '2026-03-01' });
    expect(playroom?.days).toEqual([
      {
        day: '2026-03-01',
        askedSeconds: 86_400,
        seen: { coveredSeconds: 86_400 - 1_800, uncoveredSeconds: 1_800, unknownSeconds: 0 },
        recorded: { coveredSeconds: 86_400, uncoveredSeconds: 0, unknownSeconds: 0 },
      },
    ]);
    expect(playroom?.notSeen).toEqual([
      { from: '2026-03-01T02:30:00.000Z', to: '2026-03-01T03:00:00.000Z', is: 'uncovered' },
    ]);
    expect(playroom?.notRecorded).toEqual([]);
  });

  it('counts the silence of the box as unknown, never as covered nor as uncovered', async () => {
    const [fromMs, toMs] = [at('2026-03-01T09:00'), at('2026-03-01T10:00')];
    await city.records.putGap(aGap({ fromMs: fromMs - 3 * MINUTE_MS, breachedAtMs: fromMs, toMs }));
    const [playroom] = await areas({ from: '2026-03-01', to: '2026-03-01' });
    expect(playroom?.days[0]?.seen).toEqual({ coveredSeconds: 82_800, uncoveredSeconds: 0, unknownSeconds: 3_600 });
  });

  it('adds up to the part of today that has been, and to nothing before the registration', async () => {
    const [playroom] = await areas({ from: '2026-03-02', to: '2026-03-02' });
    expect(playroom?.days[0]).toMatchObject({ askedSeconds: 12 * 3_600 });
    for (const day of (await areas())[0]?.days ?? []) {
      for (const part of [day.seen, day.recorded]) {
        expect(part.coveredSeconds + part.uncoveredSeconds + part.unknownSeconds).toBe(day.askedSeconds);
      }
    }
  });

  it('does not take a camera that was first heard of an hour ago for one that was usable before', async () => {
    city = await auditWorld();
    await city.register('sunshine', { cameras });
    await city.connect('sunshine');
    await covering(NOW_MS - HOUR_MS);
    const [playroom] = await areas({ from: '2026-03-02', to: '2026-03-02' });
    expect(playroom?.days[0]?.seen).toEqual({ coveredSeconds: 3_600, uncoveredSeconds: 0, unknownSeconds: 11 * 3_600 });
    // Nothing was ever recorded nor reported: unknown as well.
    expect(playroom?.days[0]?.recorded.unknownSeconds).toBe(12 * 3_600);
  });

  it('is uncovered where no camera of an area was in use', async () => {
    const areasOfTwo = [
      { id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true },
      { id: 'yard', name: { zh: '院子', en: 'Yard' }, floor: 1, activity: true },
    ];
    const facility = await city.registry.readFacility('sunshine');
    if (facility === undefined) throw new Error('no facility');
    await city.registry.putFacility({ ...facility, version: 2, areas: areasOfTwo });
    const [, yard] = await areas({ from: '2026-03-01', to: '2026-03-01' });
    expect(yard?.days[0]?.seen.uncoveredSeconds).toBe(86_400);
  });

  it('refuses the future, the wrong way round and more than 31 days; others find nothing', async () => {
    for (const query of [{ to: '2026-03-03' }, { from: '2026-03-02', to: '2026-03-01' }, { from: '2026-01-01' }]) {
      expect((await ask(query)).body.code).toBe('query-invalid');
    }
    expect((await ask({}, 'wuxi')).status).toBe(404);
    const { text } = await ask({ format: 'csv', from: '2026-03-01', to: '2026-03-01' });
    expect(text).toContain('画面未覆盖分钟 not seen, minutes');
  });
});
