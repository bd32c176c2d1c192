import { describe, expect, it } from 'vitest';
import { assess } from '../../../shared/domain/assess.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import type { FacilityRows } from '../../../shared/domain/vitals.ts';
import {
  aBox,
  aFacility,
  aFacilityRow,
  beijing,
  DAY_MS,
  floor,
  HOUR_MS,
  NOW,
  rowsOf,
  SECOND_MS,
} from '../../support/rows.ts';

const well = rowsOf({
  facility: aFacilityRow({
    closing: { day: '2026-02-27', atMs: 0, childrenIn: 12, childrenOut: 12 },
    checks: { bees: { morning: { day: '2026-03-02', atMs: 0 }, noon: { day: '2026-02-27', atMs: 0 } } },
    retentionHeld: { 'cam-1': NOW + DAY_MS * 2, 'cam-2': NOW + DAY_MS * 2 },
  }),
});
const states = (facility: Facility, rows: FacilityRows = well, nowMs = NOW) =>
  Object.fromEntries(
    assess(rows, facility, floor, nowMs).verdicts.map((one) => [`${one.rule} ${one.subject}`, one.state]),
  );
const judgedRules = (facility: Facility, nowMs = NOW): readonly string[] => [
  ...new Set(
    assess(well, facility, floor, nowMs)
      .verdicts.filter((one) => one.state !== 'not-applicable')
      .map((one) => one.rule),
  ),
];

describe('the assessment of a nursery in service', () => {
  it('gives one verdict per rule and subject', () => {
    const duties = Object.keys(floor.duties).map((id) => `duty-overdue duty/${id}`);
    const all = states(aFacility());
    expect(Object.keys(all).filter((one) => one.startsWith('duty-overdue'))).toEqual(duties);
    const { verdicts } = assess(well, aFacility(), floor, NOW);
    expect(new Set(verdicts.map((one) => `${one.rule} ${one.subject}`)).size).toBe(verdicts.length);
    const others = Object.entries(all).filter(([one]) => !/^(duty-overdue|health-signal)/.test(one));
    expect(Object.fromEntries(others)).toEqual({
      'monitoring-running box/b1': 'met',
      'alarm-system-running box/b1': 'met',
      'area-covered area/play': 'met',
      'area-covered area/hall': 'not-applicable',
      'retention-held camera/cam-1': 'met',
      'retention-held camera/cam-2': 'met',
      'morning-check class/bees': 'met',
      'noon-check class/bees': 'met',
      'connected facility': 'met',
      'retention-exceeded camera/cam-1': 'met',
      'retention-exceeded camera/cam-2': 'met',
      'clock-true box/b1': 'met',
      'clock-true camera/cam-1': 'not-applicable',
      'clock-true camera/cam-2': 'not-applicable',
      'guard-present facility': 'not-applicable',
      'closing facility': 'met',
      'filing-true facility': 'not-applicable',
      'filing-true box/b1': 'met',
      'calendar-known facility': 'not-applicable',
      'reachable facility': 'met',
    });
  });

  it('asks nothing of a second box for the time before it was announced', () => {
    const { beatAtMs: _beat, silentAtMs: _silent, ...never } = aBox({ box: 'b2' });
    const rows = { ...well, boxes: [...well.boxes, { ...never, announcedAtMs: NOW - HOUR_MS }] };
    const { verdicts } = assess(rows, aFacility(), floor, NOW);
    expect(verdicts.find((one) => one.rule === 'monitoring-running' && one.subject === 'box/b2')).toMatchObject({
      state: 'unknown',
      sinceMs: NOW - HOUR_MS,
    });
  });

  it('is due at the next deadline, which is not the silence of a box that beats', () => {
    expect(assess(well, aFacility(), floor, NOW).dueAtMs).toBe(beijing('2026-03-02 14:30'));
  });

  it('is due within a day, and never now or before', () => {
    const closed = aFacility({ classes: [] });
    expect(assess(well, closed, floor, NOW).dueAtMs).toBe(NOW + DAY_MS);
    const silent = { ...well, boxes: [aBox({ beatAtMs: NOW - HOUR_MS })] };
    for (const rows of [well, silent]) expect(assess(rows, aFacility(), floor, NOW).dueAtMs).toBeGreaterThan(NOW);
  });

  it('is due when something unknown becomes a finding', () => {
    const silentAtMs = NOW - 30 * SECOND_MS + 180 * SECOND_MS;
    const day = aFacility({ classes: [], areas: [] });
    expect(assess(well, day, floor, silentAtMs).dueAtMs).toBe(silentAtMs + 24 * HOUR_MS);
  });

  it('asks nothing of a box without keys and cameras', () => {
    const retired = { ...well, boxes: [aBox(), aBox({ box: 'b2', beatAtMs: NOW - DAY_MS, liveKeys: {} })] };
    expect(states(aFacility(), retired)['monitoring-running box/b2']).toBe('not-applicable');
    const revoked = { ...well, boxes: [aBox({ beatAtMs: NOW - DAY_MS, liveKeys: {} })] };
    expect(states(aFacility(), revoked)['monitoring-running box/b1']).toBe('breached');
  });
});

describe('the state of a facility says what is judged', () => {
  it('while commissioning: whether it is connected', () => {
    expect(judgedRules(aFacility({ state: { is: 'commissioning' } }))).toEqual(['connected']);
  });

  it('while suspended: its monitoring, not its checks, until the very instant at which that ends', () => {
    const untilMs = NOW + DAY_MS;
    const suspended = aFacility({
      state: { is: 'suspended', sinceMs: NOW - DAY_MS, authority: 'health', reason: 'water', untilMs },
    });
    expect(judgedRules(suspended, untilMs - 1)).toEqual([
      'monitoring-running',
      'alarm-system-running',
      'clock-true',
      'area-covered',
      'retention-held',
      'retention-exceeded',
      'connected',
      'filing-true',
    ]);
    expect(judgedRules(suspended, untilMs)).toContain('morning-check');
    expect(judgedRules(suspended, untilMs)).toContain('duty-overdue');
    expect(judgedRules(suspended, untilMs)).toContain('closing');
    expect(assess(well, suspended, floor, untilMs - HOUR_MS).dueAtMs).toBeLessThanOrEqual(untilMs);
  });

  it('owes no check of the days of its suspension', () => {
    const untilMs = beijing('2026-03-05 10:00');
    const suspended = aFacility({
      state: { is: 'suspended', sinceMs: NOW - DAY_MS, authority: 'health', reason: 'water', untilMs },
    });
    expect(states(suspended, well, untilMs)['morning-check class/bees']).toBe('met');
    expect(states(suspended, well, beijing('2026-03-06 09:30'))['morning-check class/bees']).toBe('breached');
  });

  it('once closed: its recordings, for ninety days more', () => {
    const closed = aFacility({ state: { is: 'closed', sinceMs: NOW - 90 * DAY_MS + 1 } });
    expect(judgedRules(closed)).toEqual(['retention-held']);
    expect(judgedRules(closed, NOW + 1)).toEqual([]);
  });
});
