import { describe, expect, it } from 'vitest';
import type { Gap } from '../../../shared/domain/gap.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { uptimeOf } from '../../../shared/domain/uptime.ts';
import type { BoxVitals } from '../../../shared/domain/vitals.ts';
import { facilityUptime } from '../../../shared/use-cases/audit/facility-uptime.ts';
import { facility as aFacility, gap as aGap } from '../../contract/samples.ts';
import { auditWorld } from '../../support/audit-world.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const NOW_MS = at('2026-03-02T12:00:00');
const facility = aFacility({ registeredAtMs: at('2026-02-01T00:00:00') });
const row = (more: Partial<BoxVitals> = {}): BoxVitals => ({
  facilityId: 'sunshine',
  box: 'gate',
  liveKeys: {},
  silentAfterMs: 180_000,
  connectedAtMs: at('2026-02-01T00:00:00'),
  beatAtMs: NOW_MS - 10_000,
  silentAtMs: NOW_MS + 170_000,
  revision: 1,
  ...more,
});
const box = (id: string, enrolledAtMs = facility.registeredAtMs) => ({
  facilityId: 'sunshine',
  id,
  enrolledAtMs,
  liveKeys: [],
});
const gap = (from: string, to: string, more: Partial<Gap> = {}): Gap =>
  aGap({ fromMs: at(from), toMs: at(to), ...more });

const days = (
  {
    rows = [row()],
    gaps = [],
    boxes = [box('gate')],
  }: { rows?: BoxVitals[]; gaps?: Gap[]; boxes?: ReturnType<typeof box>[] },
  from = '2026-03-01',
  to = '2026-03-02',
) => uptimeOf({ facility, boxes, rows, gaps }, from, to, NOW_MS);
const hours = (facts: Parameters<typeof days>[0], from?: string, to?: string) =>
  days(facts, from, to).days.map((one) => [
    one.requiredMs / HOUR_MS,
    one.shownMs / HOUR_MS,
    one.missingMs / HOUR_MS,
    one.unknownMs / HOUR_MS,
  ]);

describe('uptime by local day', () => {
  it('is 24 hours of a whole day, and today as far as it has come', () => {
    expect(hours({})).toEqual([
      [24, 24, 0, 0],
      [12, 12, 0, 0],
    ]);
  });

  it('leaves out gaps, split at midnight', () => {
    expect(hours({ gaps: [gap('2026-03-01T22:00', '2026-03-02T03:00')] })).toEqual([
      [24, 22, 2, 0],
      [12, 9, 3, 0],
    ]);
  });

  it('counts overlapping and touching gaps of several boxes once', () => {
    const other = row({ box: 'hall' });
    const gaps = [
      gap('2026-03-01T08:00', '2026-03-01T10:00'),
      gap('2026-03-01T09:00', '2026-03-01T11:00', { subject: 'box/hall' }),
      gap('2026-03-01T11:00', '2026-03-01T12:00', { reason: 'box-says-down' }),
    ];
    expect(hours({ rows: [row(), other], boxes: [box('gate'), box('hall')], gaps })[0]).toEqual([24, 20, 4, 0]);
  });

  it('looks at gaps of monitoring only', () => {
    expect(hours({ gaps: [gap('2026-03-01T08:00', '2026-03-01T10:00', { rule: 'alarm-system-running' })] })[0]).toEqual(
      [24, 24, 0, 0],
    );
  });

  it('has a silence that goes on since the last beat, and one that is not long enough yet does not count', () => {
    const silent = row({ beatAtMs: at('2026-03-01T23:00:00'), silentAtMs: at('2026-03-01T23:03:00') });
    expect(hours({ rows: [silent] })).toEqual([
      [24, 23, 1, 0],
      [12, 0, 12, 0],
    ]);
    expect(days({ rows: [silent] }).gaps).toEqual([
      { subject: 'box/gate', reason: 'no-beat', fromMs: at('2026-03-01T23:00:00'), shownLate: 0 },
    ]);
    expect(hours({ rows: [row({ silentAtMs: NOW_MS + 1 })] })[1]).toEqual([12, 12, 0, 0]);
    expect(hours({ rows: [row({ silentAtMs: NOW_MS })] })[1]?.[2]).toBeGreaterThan(0);
  });

  it('is missing while the box says that it is down, and unknown while it says that it does not know', () => {
    expect(
      hours({
        rows: [row({ monitoringSinceMs: at('2026-03-02T10:00:00'), monitoringDownAtMs: at('2026-03-02T10:00:00') })],
      })[1],
    ).toEqual([12, 10, 2, 0]);
    expect(hours({ rows: [row({ monitoringSinceMs: at('2026-03-02T10:00:00') })] })[1]).toEqual([12, 10, 0, 2]);
    expect(
      hours({
        rows: [row({ monitoringSinceMs: at('2026-03-02T09:00:00'), monitoringDownAtMs: at('2026-03-02T10:00:00') })],
      })[1],
    ).toEqual([12, 9, 2, 1]);
    expect(hours({ gaps: [gap('2026-03-01T08:00', '2026-03-01T10:00', { reason: 'box-does-not-know' })] })[0]).toEqual([
      24, 22, 0, 2,
    ]);
  });

  it('counts an hour once: missing, where one box is missing and another does not know', () => {
    const gaps = [
      gap('2026-03-01T08:00', '2026-03-01T10:00'),
      gap('2026-03-01T09:00', '2026-03-01T11:00', { subject: 'box/hall', reason: 'box-does-not-know' }),
    ];
    const boxes = [box('gate'), box('hall')];
    expect(hours({ rows: [row(), row({ box: 'hall' })], boxes, gaps })[0]).toEqual([24, 21, 2, 1]);
  });

  it('is unknown before the first connection, and never shown for a box that never connected', () => {
    expect(hours({ rows: [row({ connectedAtMs: at('2026-03-01T18:00:00') })] })).toEqual([
      [24, 6, 0, 18],
      [12, 12, 0, 0],
    ]);
    const { beatAtMs: _beat, silentAtMs: _silent, connectedAtMs: _connected, ...never } = row();
    expect(hours({ rows: [never] })).toEqual([
      [24, 0, 0, 24],
      [12, 0, 0, 12],
    ]);
    expect(days({ rows: [never] }).connectedAtMs).toBeUndefined();
    expect(hours({ rows: [], boxes: [] })[0]).toEqual([24, 0, 0, 24]);
  });

  it('is unknown for a second box from its enrolment to its first beat', () => {
    const second = row({ box: 'hall', connectedAtMs: at('2026-03-01T12:00:00') });
    const boxes = [box('gate'), box('hall', at('2026-03-01T09:00:00'))];
    expect(hours({ rows: [row(), second], boxes })[0]).toEqual([24, 21, 0, 3]);
  });

  it('is missing for a box that fell silent until it was taken out of service, and not for ever', () => {
    const gone = { ...box('old'), keylessSinceMs: at('2026-03-01T09:00:00') };
    const silent = row({ box: 'old', beatAtMs: at('2026-03-01T06:00:00'), silentAtMs: at('2026-03-01T06:03:00') });
    const facts = { rows: [row(), silent], boxes: [box('gate'), gone] };
    expect(hours(facts)).toEqual([
      [24, 21, 3, 0],
      [12, 12, 0, 0],
    ]);
    expect(days(facts).gaps).toMatchObject([{ subject: 'box/old', toMs: gone.keylessSinceMs }]);
    // One that never beat was unknown for as long as it was awaited.
    const { beatAtMs: _beat, silentAtMs: _silent, connectedAtMs: _connected, ...never } = silent;
    expect(hours({ rows: [row(), never], boxes: [box('gate'), gone] })[0]).toEqual([24, 15, 0, 9]);
  });

  it('is missing as long as a camera of a box without a key is in use', () => {
    const camera = { id: 'cam-2', box: 'old', areas: ['playroom'], installedAtMs: facility.registeredAtMs };
    const withCamera = { ...facility, cameras: [camera] };
    const gone = { ...box('old'), keylessSinceMs: at('2026-03-01T09:00:00') };
    const silent = row({ box: 'old', beatAtMs: at('2026-03-01T06:00:00'), silentAtMs: at('2026-03-01T06:03:00') });
    const missing = (of: typeof facility): number | undefined =>
      uptimeOf(
        { facility: of, boxes: [box('gate'), gone], rows: [row(), silent], gaps: [] },
        '2026-03-01',
        '2026-03-01',
        NOW_MS,
      ).days[0]?.missingMs;
    expect(missing(withCamera)).toBe(18 * HOUR_MS);
    const retired = { ...camera, retiredAtMs: at('2026-03-01T10:00:00') };
    expect(missing({ ...withCamera, cameras: [retired] })).toBe(4 * HOUR_MS);
  });

  it('is unknown, never shown, from when the last box was taken out of service', () => {
    const gone = { ...box('gate'), keylessSinceMs: at('2026-03-01T12:00:00') };
    const last = row({ beatAtMs: at('2026-03-01T11:00:00'), silentAtMs: at('2026-03-01T11:03:00') });
    const facts = { facility: { ...facility, cameras: [] }, boxes: [gone], rows: [last], gaps: [] };
    const [day, next] = uptimeOf(facts, '2026-03-01', '2026-03-02', NOW_MS).days;
    expect(day).toMatchObject({ shownMs: 11 * HOUR_MS, missingMs: HOUR_MS, unknownMs: 12 * HOUR_MS });
    expect(next).toMatchObject({ shownMs: 0, missingMs: 0, unknownMs: 12 * HOUR_MS });
  });

  it('requires nothing before the registration and nothing after the closing', () => {
    expect(hours({}, '2026-01-31', '2026-02-01')).toEqual([
      [0, 0, 0, 0],
      [24, 24, 0, 0],
    ]);
    const closed = { ...facility, state: { is: 'closed', sinceMs: at('2026-03-01T18:00:00') } as const };
    const uptime = uptimeOf(
      { facility: closed, boxes: [box('gate')], rows: [row()], gaps: [] },
      '2026-03-01',
      '2026-03-02',
      NOW_MS,
    );
    expect(uptime.days.map(({ requiredMs }) => requiredMs / HOUR_MS)).toEqual([18, 0]);
  });

  it('keeps minutes that were shown late apart, once, on the day on which their gap began', () => {
    const { days: found } = days({ gaps: [gap('2026-03-01T22:00', '2026-03-02T03:00', { shownLate: 240 })] });
    expect(found.map(({ shownLate, missingMs }) => [shownLate, missingMs / MINUTE_MS])).toEqual([
      [240, 120],
      [0, 180],
    ]);
  });
});

it('as of an instant that is over a silence goes on that ended later, and who first beat later never did', async () => {
  const city = await auditWorld();
  await city.register('sunshine');
  await city.connect('sunshine', at('2026-02-20T00:00'));
  for (const [from, to] of [
    ['2026-02-26T22:00', '2026-02-27T02:00'],
    ['2026-02-27T04:00', '2026-02-27T05:00'],
  ] as const)
    await city.records.putGap(gap(from, to, { rule: 'monitoring-running', subject: 'box/gate' }));
  const person = { subject: 'x', roles: [{ role: 'auditor', division: '3212' }] } as const;
  const asOf = (text: string, day: string) =>
    facilityUptime({ ...city.deps, clock: () => at(text) }, person, 'sunshine', { from: day, to: day });
  const then = await asOf('2026-02-27T01:00', '2026-02-27');
  expect(then.gaps.map(({ from, to }) => [Date.parse(from), to])).toEqual([[at('2026-02-26T22:00'), undefined]]);
  expect(then.days[0]).toMatchObject({ requiredSeconds: 3_600, missingSeconds: 3_600, shownSeconds: 0 });
  const before = await asOf('2026-02-10T12:00', '2026-02-10');
  expect(before.connectedAt).toBeUndefined();
  expect(before.days[0]).toMatchObject({ requiredSeconds: 43_200, unknownSeconds: 43_200, shownSeconds: 0 });
});
