import { describe, expect, it } from 'vitest';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { HeldDayFacts } from '../../../shared/domain/held-day.ts';
import { retentionDays } from '../../../shared/domain/retention-days.ts';
import { cameraRetention, owingCameras, worstOf } from '../../../shared/domain/retention-verdict.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/time.ts';
import { packFor } from '../../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../../contract/samples.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const NOW_MS = at('2026-03-02T12:00:00');
const INSTALLED_MS = at('2026-02-27T06:00:00');

const camera = { id: 'cam-1', box: 'gate', areas: ['playroom'], installedAtMs: INSTALLED_MS };
const facility: Facility = aFacility({ cameras: [camera] });
const pack = packFor(facility, NOW_MS);

const dayOf = (day: string, from: string, to: string, more: Partial<HeldDayFacts> = {}): HeldDayFacts => {
  const interval = { fromMs: at(`${day}T${from}`), toMs: at(`${day}T${to}`) };
  return { day, recorded: [interval], reported: [interval], reportedAtMs: NOW_MS - HOUR_MS, ...more };
};
const hours = (days: readonly HeldDayFacts[], of = camera, nowMs = NOW_MS) =>
  retentionDays(of, days, facility, pack, nowMs).map((one) => [
    one.day.slice(5),
    one.requiredMs / HOUR_MS,
    one.heldMs / HOUR_MS,
    one.declaredMs / HOUR_MS,
    one.missingMs / HOUR_MS,
    one.unknownMs / HOUR_MS,
  ]);

describe('recordings of a camera by local day: required, held, declared, missing, unknown', () => {
  it('start at the installation, end two hours ago, and are unknown as long as nobody reports', () => {
    expect(hours([])).toEqual([
      ['02-27', 18, 0, 0, 0, 18],
      ['02-28', 24, 0, 0, 0, 24],
      ['03-01', 24, 0, 0, 0, 24],
      ['03-02', 10, 0, 0, 0, 10],
    ]);
  });

  it('count what was recorded as held and the rest of a reported hour as missing', () => {
    const reported = [{ fromMs: at('2026-03-01T08:00'), toMs: at('2026-03-01T12:00') }];
    expect(hours([dayOf('2026-03-01', '08:00', '11:00', { reported })])[2]).toEqual(['03-01', 24, 3, 0, 1, 20]);
  });

  it('count overlapping reports once', () => {
    const recorded = [
      { fromMs: at('2026-03-01T08:00'), toMs: at('2026-03-01T10:00') },
      { fromMs: at('2026-03-01T09:00'), toMs: at('2026-03-01T11:00') },
    ];
    expect(hours([dayOf('2026-03-01', '08:00', '11:00', { recorded })])[2]).toEqual(['03-01', 24, 3, 0, 0, 21]);
  });

  it('take the recorder at its word before the first report, as declared and not as held', () => {
    const oldestRetrievableAtMs = at('2026-02-28T12:00:00');
    const all = hours([dayOf('2026-03-01', '06:00', '12:00', { oldestRetrievableAtMs })]);
    expect(all).toEqual([
      ['02-27', 18, 0, 0, 18, 0],
      ['02-28', 24, 0, 12, 12, 0],
      ['03-01', 24, 6, 6, 0, 12],
      ['03-02', 10, 0, 0, 0, 10],
    ]);
  });

  it('count as missing what was recorded once and can be played no more', () => {
    const days = [
      dayOf('2026-02-28', '00:00', '12:00'),
      dayOf('2026-03-01', '00:00', '12:00', { oldestRetrievableAtMs: at('2026-02-28T06:00:00') }),
    ];
    expect(hours(days)[1]).toEqual(['02-28', 24, 6, 0, 6, 12]);
  });

  it('have a day of 23 hours where the clocks go forward', () => {
    const berlin: Facility = { ...facility, calendar: { ...facility.calendar, zone: 'Europe/Berlin' } };
    const nowMs = Date.parse('2026-03-31T12:00:00Z');
    const days = retentionDays(
      { ...camera, installedAtMs: Date.parse('2026-03-27T23:00:00Z') },
      [],
      berlin,
      pack,
      nowMs,
    );
    expect(days.find(({ day }) => day === '2026-03-29')?.requiredMs).toBe(23 * HOUR_MS);
  });

  it('span ninety days and no more', () => {
    const old = { ...camera, installedAtMs: at('2020-01-01T00:00:00') };
    const total = retentionDays(old, [], facility, pack, NOW_MS).reduce((sum, { requiredMs }) => sum + requiredMs, 0);
    expect(total).toBe(90 * DAY_MS - 2 * HOUR_MS);
  });

  it('end where a camera was retired', () => {
    const retired = { ...camera, retiredAtMs: at('2026-02-28T06:00:00') };
    expect(hours([], retired).map(([day, required]) => [day, required])).toEqual([
      ['02-27', 18],
      ['02-28', 6],
    ]);
  });
});

describe('why a camera cannot show its recordings', () => {
  const whole = (reportedAtMs: number): HeldDayFacts[] =>
    ['2026-02-27', '2026-02-28', '2026-03-01'].map((day) =>
      dayOf(day, '00:00', '23:59:59', { reportedAtMs, oldestRetrievableAtMs: INSTALLED_MS - DAY_MS }),
    );
  const judge = (days: readonly HeldDayFacts[], connected = true, nowMs = NOW_MS) => {
    const { state, reason, depthDays, missingMs } = cameraRetention(camera, days, connected, facility, pack, nowMs);
    return { state, reason, depthDays, missingMs };
  };

  it('never connected, or connected and never reported: unknown, with no figure that could be taken for zero', () => {
    expect(judge([], false)).toEqual({ state: 'unknown', reason: 'never-connected' });
    expect(judge([])).toEqual({ state: 'unknown', reason: 'never-reported' });
  });

  it('held until nobody confirmed it for as long as the pack allows', () => {
    const limitMs = pack.rules['retention-held'].unknownAfterMs.value;
    const reportedAtMs = NOW_MS - limitMs;
    expect(judge(whole(reportedAtMs + 1))).toMatchObject({ state: 'held', reason: 'held' });
    expect(judge(whole(reportedAtMs))).toMatchObject({ state: 'unknown', reason: 'no-report' });
  });

  it('a recorder that reaches back less far than it must: short, also when it has gone silent', () => {
    const days = whole(NOW_MS - 30 * DAY_MS).map((day) => ({
      ...day,
      oldestRetrievableAtMs: at('2026-03-01T12:00:00'),
    }));
    expect(judge(days)).toMatchObject({ state: 'short', reason: 'recorder-keeps-less', depthDays: 1 });
  });

  it('the worst camera speaks for the facility, and one without cameras shows nothing', () => {
    const [held, unknown] = [whole(NOW_MS), []].map((days) =>
      cameraRetention(camera, days, true, facility, pack, NOW_MS),
    );
    expect(worstOf([held, unknown].filter((one) => one !== undefined))).toEqual({
      state: 'unknown',
      reason: 'never-reported',
    });
    expect(worstOf([])).toEqual({ state: 'unknown', reason: 'no-cameras' });
  });

  it('a retired camera is asked about until its last recording may go', () => {
    const retired = { ...camera, retiredAtMs: at('2026-02-28T06:00:00') };
    const with1 = { ...facility, cameras: [retired] };
    expect(owingCameras(with1, pack, retired.retiredAtMs + 90 * DAY_MS - 1)).toHaveLength(1);
    expect(owingCameras(with1, pack, retired.retiredAtMs + 90 * DAY_MS)).toHaveLength(0);
  });

  it('a camera is not asked about as of an instant before it was installed', () => {
    expect(owingCameras(facility, pack, INSTALLED_MS - 1)).toEqual([]);
    expect(owingCameras(facility, pack, INSTALLED_MS)).toEqual([camera]);
  });
});
