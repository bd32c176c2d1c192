import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuditHandler } from '../../../functions/audit/handler.ts';
import { facilityRetentionView } from '../../../shared/contracts/audit.ts';
import type { Camera, Facility } from '../../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { secondsThatAddUp } from '../../../shared/use-cases/audit/seconds-that-add-up.ts';
import { facility as aFacility } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import { memoryRecordStore, memoryRegistryStore } from '../../support/memory-stores.ts';
import { believing, callerOf, grantTo } from '../../support/people-api.ts';

const ROUTE = 'GET /v1/audit/facilities/{facility}/retention';
const at = (text: string): number => Date.parse(`${text}+08:00`);
const NOW_MS = at('2026-09-20T12:00');
const INSTALLED_MS = at('2026-09-17T06:00');
const aCamera = (id: string): Camera => ({ id, box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS });

const make = () => {
  const [registry, records] = [memoryRegistryStore(), memoryRecordStore()];
  const call = callerOf(
    makeAuditHandler(
      believing(registry),
      auditDeps({ registry, records }, () => NOW_MS),
    ),
  );
  return { registry, records, call };
};
let city: ReturnType<typeof make>;

const register = async (cameras: readonly Camera[], more: Partial<Facility> = {}): Promise<void> => {
  expect(await city.registry.putFacility(aFacility({ cameras, registeredAtMs: INSTALLED_MS, ...more }))).toBe(true);
};
const report = async (day: string, fromHour: number, recordedHours: number, reportedHours: number): Promise<void> => {
  const fromMs = at(`${day}T00:00`) + fromHour * HOUR_MS;
  const held = {
    camera: 'cam-1',
    day,
    recorded: [{ fromMs, toMs: fromMs + recordedHours * HOUR_MS }],
    reported: [{ fromMs, toMs: fromMs + reportedHours * HOUR_MS }],
    oldestRetrievableAtMs: at('2026-09-18T06:00'),
    reportedAtMs: fromMs + reportedHours * HOUR_MS + MINUTE_MS,
    revision: 1,
  };
  expect(await city.records.saveHeldDay('sunshine', held, undefined)).toBe(true);
};
const ask = (query: Record<string, string> = {}) =>
  city.call({ as: 'auditor', route: ROUTE, path: { facility: 'sunshine' }, query });
const cameraOf = async (query: Record<string, string> = {}) =>
  facilityRetentionView.parse((await ask(query)).body).cameras[0];
const hours = (parts: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(parts ?? {}).flatMap(([name, value]) =>
      value === 0 ? [] : [[name.replace('Seconds', ''), value / 3_600]],
    ),
  );

beforeEach(async () => {
  city = make();
  await grantTo(city.registry, 'auditor', { role: 'auditor', division: '3212' });
});

describe('what became of the days of one camera', () => {
  beforeEach(async () => {
    await register([aCamera('cam-1')]);
    await report('2026-09-19', 0, 20, 24);
    await report('2026-09-20', 0, 9, 9);
  });

  it('is told of each whole day, and adds up to it', async () => {
    const camera = await cameraOf();
    expect(camera?.days.map(({ day, states }) => [day.slice(8), hours(states)])).toEqual([
      ['17', { required: 18, lost: 18, notYetDue: 6 }],
      ['18', { required: 24, lost: 6, declared: 18 }],
      ['19', { required: 24, held: 20, lost: 4 }],
      ['20', { required: 10, held: 9, unknown: 1, notYetDue: 14 }],
    ]);
  });

  it('has three answers: how far back, how much of it, and from where we know', async () => {
    const { depth, completeness, provenance } = (await cameraOf())?.answers ?? {};
    expect(depth).toEqual({
      is: 'claimed',
      oldestRetrievableAt: '2026-09-17T22:00:00.000Z',
      lastReportedAt: '2026-09-20T01:01:00.000Z',
    });
    expect(hours(completeness)).toEqual({ required: 76, held: 29, lost: 28, declared: 18, unknown: 1 });
    expect(hours(provenance)).toEqual({ undated: 33, claimed: 42, nobody: 1 });
  });

  it('as of an instant knows nothing that was said later', async () => {
    const camera = await cameraOf({ asOf: '2026-09-20T00:00:00+08:00' });
    expect(camera?.answers.depth).toEqual({ is: 'unknown' });
    expect(hours(camera?.answers.completeness)).toEqual({ required: 64, unknown: 64 });
  });

  it('stands at the end of the CSV, what is of the whole camera in its first line only', async () => {
    const { text } = await ask({ format: 'csv' });
    const rows = text
      .slice(1)
      .trim()
      .split('\r\n')
      .map((line: string) => line.split(','));
    const [heading, first, second] = rows;
    expect(heading?.slice(8, 15)).toEqual([
      '日期 day',
      '应保存秒数 required seconds',
      '已保存秒数 held seconds',
      '设备声称秒数 declared seconds',
      '缺失秒数 missing seconds',
      '未知秒数 unknown seconds',
      '当日：应保存（秒） day: required',
    ]);
    expect(new Set(rows.map(({ length }: string[]) => length))).toEqual(new Set([47]));
    expect(first?.slice(14, 23)).toEqual(['64800', '0', '0', '0', '64800', '0', '0', '21600', '0']);
    expect(first?.slice(25, 32)).toEqual(['273600', '104400', '0', '0', '100800', '64800', '3600']);
    expect(first?.slice(32, 37)).toEqual(['0', '118800', '0', '151200', '3600']);
    const figures = Array.from({ length: 14 }, () => '—');
    const word = ['回溯不足', '可回放录像的最早时间不足要求天数'];
    expect(second?.slice(23, 42)).toEqual([...figures, ...word, '—', '—', '—']);
    // Of the camera, of the facility, of objections.
    expect(second?.slice(42)).toEqual(['short', 'recorder-keeps-less', 'short', 'recorder-keeps-less', '—']);
  });
});

describe('a facility of many cameras', () => {
  const many = (count: number): Camera[] => Array.from({ length: count }, (_, n) => aCamera(`cam-${n}`));

  it('fits into one answer without the states of each day, which one camera by itself has', async () => {
    await register(many(65));
    expect((await cameraOf())?.days[0]).not.toHaveProperty('states');
    expect((await cameraOf())?.answers.completeness.requiredSeconds).toBe(76 * 3_600);
    expect((await cameraOf({ camera: 'cam-7' }))?.days[0]).toHaveProperty('states');
    await register(many(64), { version: 2 });
    expect((await cameraOf())?.days[0]).toHaveProperty('states');
  });

  it('as large as the registry takes it still has an answer of all its days', async () => {
    const installedAtMs = NOW_MS - 200 * DAY_MS;
    await register(many(256).map((camera) => ({ ...camera, installedAtMs })));
    expect((await ask()).status).toBe(200);
  });
});

describe('seconds', () => {
  it('add up to the rounded whole, where each rounded by itself would not', () => {
    expect(
      secondsThatAddUp([
        ['a', 400],
        ['b', 400],
        ['c', 400],
        ['d', 1_800],
      ]),
    ).toEqual({ a: 0, b: 1, c: 0, d: 2 });
  });
});
