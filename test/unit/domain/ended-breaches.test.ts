import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../../../shared/domain/assess.ts';
import { type BeatDecision, decideBeat } from '../../../shared/domain/decide-beat.ts';
import { type CoverageDecision, decideCoverage } from '../../../shared/domain/decide-coverage.ts';
import { endedBreaches } from '../../../shared/domain/ended-breaches.ts';
import type { Gap } from '../../../shared/domain/gap.ts';
import type { BoxVitals, CoverageVitals, FacilityRows } from '../../../shared/domain/vitals.ts';
import {
  aBeat,
  aBox,
  aCoverage,
  aCoverageReport,
  aFacility,
  aFacilityRow,
  beijing,
  cameraSays,
  DAY_MS,
  floor,
  HOUR_MS,
  KEY,
  MINUTE_MS,
  NOW,
  rowsOf,
  SECOND_MS,
  sentAt,
} from '../../support/rows.ts';

const facility = aFacility();
const ended = (gaps: readonly Gap[], rows: FacilityRows = rowsOf(), of = facility) =>
  endedBreaches(gaps, rows, of, floor, NOW);

const cameraGap = (camera: string, fromMs: number, toMs: number, reason = 'offline'): Gap => ({
  facilityId: 'f1',
  rule: 'area-covered',
  subject: `camera/${camera}`,
  reason,
  fromMs,
  toMs,
});
const silence = (fromMs: number, toMs: number, box = 'b1'): Gap => ({
  facilityId: 'f1',
  rule: 'monitoring-running',
  subject: `box/${box}`,
  reason: 'no-beat',
  fromMs,
  toMs,
  breachedAtMs: fromMs + 180 * SECOND_MS,
});

describe('a breach that ended before anybody looked', () => {
  it('is a silence, dated when it became too long', () => {
    expect(ended([silence(NOW - HOUR_MS, NOW - MINUTE_MS)])).toEqual([
      {
        rule: 'monitoring-running',
        subject: 'box/b1',
        reason: 'no-beat',
        sinceMs: NOW - HOUR_MS + 180 * SECOND_MS,
        endedAtMs: NOW - MINUTE_MS,
      },
    ]);
  });

  it('is a clock that was off by more than the limit, for longer than the grace', () => {
    const limitMs = floor.thresholds.clockOffsetMs.value;
    const graceMs = floor.rules['clock-true'].breachAfterMs.value;
    const fromMs = NOW - DAY_MS;
    const off = (offsetMs: number, lengthMs: number): Gap => ({
      facilityId: 'f1',
      rule: 'clock-true',
      subject: 'box/b1',
      reason: 'clock-off',
      fromMs,
      toMs: fromMs + lengthMs,
      offsetMs,
    });
    expect(ended([off(-limitMs, graceMs + 1)])).toEqual([]);
    expect(ended([off(-limitMs - 1, graceMs)])).toEqual([]);
    expect(ended([off(-limitMs - 1, graceMs + 1)])).toEqual([
      {
        rule: 'clock-true',
        subject: 'box/b1',
        reason: 'clock-off',
        sinceMs: fromMs + graceMs,
        endedAtMs: fromMs + graceMs + 1,
      },
    ]);
  });

  it('is an area that was blind for longer than its grace while both cameras were faulty', () => {
    const from = NOW - 5 * HOUR_MS;
    const second = from + HOUR_MS;
    const blind = (lengthMs: number) =>
      ended([cameraGap('cam-1', from, NOW), cameraGap('cam-2', second, second + lengthMs)]);
    expect(blind(10 * MINUTE_MS)).toEqual([]);
    expect(blind(10 * MINUTE_MS + 1)).toEqual([
      {
        rule: 'area-covered',
        subject: 'area/play',
        reason: 'no-usable-camera',
        sinceMs: second + 10 * MINUTE_MS,
        endedAtMs: second + 10 * MINUTE_MS + 1,
      },
    ]);
  });

  it('is none where one camera was usable, or nobody knew', () => {
    const [from, to] = [NOW - 5 * HOUR_MS, NOW - HOUR_MS];
    expect(ended([cameraGap('cam-1', from, to)])).toEqual([]);
    expect(ended([cameraGap('cam-1', from, to), cameraGap('cam-2', from, to, 'unknown')])).toEqual([]);
  });

  it('counts a camera that is faulty still', () => {
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-1': { state: 'offline', sinceMs: NOW - DAY_MS } })] });
    const [breach] = ended([cameraGap('cam-2', NOW - 5 * HOUR_MS, NOW - HOUR_MS)], rows);
    expect(breach).toMatchObject({ sinceMs: NOW - 5 * HOUR_MS + 10 * MINUTE_MS, endedAtMs: NOW - HOUR_MS });
  });

  it('is none that only a silent box could have seen', () => {
    const [from, to] = [NOW - 5 * HOUR_MS, NOW - HOUR_MS];
    const blind = [cameraGap('cam-1', from, to), cameraGap('cam-2', from, to)];
    const areas = (gaps: readonly Gap[]) => ended(gaps).filter((breach) => breach.rule === 'area-covered');
    expect(areas([...blind, silence(from, to)])).toEqual([]);
    expect(areas([...blind, silence(from, to - MINUTE_MS)])).toHaveLength(1);
  });

  it('is an alarm system that went untested for too long', () => {
    const gap = (days: number): Gap => ({
      facilityId: 'f1',
      rule: 'alarm-system-running',
      subject: 'box/b1',
      reason: 'self-test-old',
      fromMs: NOW - days * DAY_MS,
      toMs: NOW,
    });
    expect(ended([gap(31)])).toEqual([]);
    expect(ended([gap(32)])).toMatchObject([{ reason: 'self-test-overdue', sinceMs: NOW - DAY_MS, endedAtMs: NOW }]);
  });

  it('is one breach where a box said "down" and was silent in between', () => {
    const down: Gap = { ...silence(NOW - 2 * HOUR_MS, NOW), reason: 'box-says-down', breachedAtMs: NOW - 2 * HOUR_MS };
    expect(ended([down, silence(NOW - HOUR_MS, NOW - MINUTE_MS)])).toMatchObject([
      { reason: 'box-says-down', sinceMs: NOW - 2 * HOUR_MS, endedAtMs: NOW },
    ]);
  });

  it('is none of a facility that was not in service', () => {
    const gaps = [silence(NOW - HOUR_MS, NOW)];
    expect(ended(gaps, rowsOf(), aFacility({ state: { is: 'commissioning' } }))).toEqual([]);
    expect(ended(gaps, rowsOf(), aFacility({ state: { is: 'in-service', sinceMs: NOW } }))).toEqual([]);
  });

  it('is found though the nursery was closed since, unless it was closed by then', () => {
    const gaps = [silence(NOW - HOUR_MS, NOW)];
    const closedAt = (sinceMs: number) => aFacility({ state: { is: 'closed', sinceMs } });
    expect(ended(gaps, rowsOf(), closedAt(NOW))).toMatchObject([{ endedAtMs: NOW }]);
    expect(ended(gaps, rowsOf(), closedAt(NOW - HOUR_MS))).toEqual([]);
  });

  it('of one that was put into service meanwhile dates from then on', () => {
    const inService = aFacility({ state: { is: 'in-service', sinceMs: NOW - MINUTE_MS } });
    expect(ended([silence(NOW - HOUR_MS, NOW)], rowsOf(), inService)).toMatchObject([
      { sinceMs: NOW - MINUTE_MS, endedAtMs: NOW },
    ]);
  });
});

/** Two boxes with one camera each look into one playroom. One step is half a minute. */
describe('a day of beats, silences and faults', () => {
  const STEP_MS = 30 * SECOND_MS;
  const start = beijing('2026-03-02 09:00');
  const day = aFacility({
    cameras: ['b1', 'b2'].map((box, at) => ({ id: `cam-${at + 1}`, box, areas: ['play'], installedAtMs: 0 })),
  });
  type Event = {
    readonly box: 0 | 1;
    readonly does: 'sleep' | 'wake' | 'usable' | 'offline' | 'not-recording' | 'unknown';
  };
  const says = {
    usable: {},
    offline: { online: 'no' },
    'not-recording': { recording: 'no' },
    unknown: { picture: 'unknown' },
  } as const;

  const timeline = fc.array(
    fc.option(
      fc.record({
        box: fc.constantFrom(0 as const, 1 as const),
        does: fc.constantFrom('sleep', 'wake', 'usable', 'offline', 'offline', 'not-recording', 'unknown'),
      }) as fc.Arbitrary<Event>,
      { freq: 6 },
    ),
    { minLength: 20, maxLength: 120 },
  );

  const moveBox = (row: BoxVitals, nowMs: number, gaps: Gap[]): BoxVitals => {
    const seq = (row.liveKeys[KEY] ?? 0) + 1;
    const beat = aBeat(seq, nowMs, { camerasOnline: 'unknown', camerasRecording: 'unknown' });
    const decision = decideBeat(row, beat, sentAt(nowMs)) as BeatDecision & { does: 'move' };
    gaps.push(...decision.gaps);
    return { ...row, ...decision.patch, liveKeys: { [KEY]: seq } } as BoxVitals;
  };
  const moveCoverage = (
    row: CoverageVitals,
    box: number,
    state: keyof typeof says,
    nowMs: number,
    gaps: Gap[],
  ): CoverageVitals => {
    const seq = (row.liveKeys[KEY] ?? 0) + 1;
    const report = aCoverageReport(seq, nowMs, [cameraSays(`cam-${box + 1}`, says[state])]);
    const decision = decideCoverage(row, 0, report, sentAt(nowMs)) as CoverageDecision & { does: 'move' };
    gaps.push(...decision.gaps);
    return { ...row, ...decision.patch, liveKeys: { [KEY]: seq } };
  };

  const play = (events: readonly (Event | null)[]) => {
    const boxes = ['b1', 'b2'].map((box) => ({
      ...aBox(
        { box, beatAtMs: start, liveKeys: { [KEY]: 0 } },
        { camerasOnline: 'unknown', camerasRecording: 'unknown' },
      ),
    }));
    const coverage = ['b1', 'b2'].map((box, at) => ({
      ...aCoverage({ [`cam-${at + 1}`]: { state: 'usable', sinceMs: start } }, { box, coveredAtMs: start }),
    }));
    const isAwake = [true, true];
    const gaps: Gap[] = [];
    const seen = new Set<string>();
    const rows = (): FacilityRows => ({ facility: aFacilityRow(), boxes, coverage });
    let nowMs = start;
    for (const event of events) {
      nowMs += STEP_MS;
      if (event?.does === 'sleep') isAwake[event.box] = false;
      if (event?.does === 'wake') isAwake[event.box] = true;
      boxes.forEach((row, at) => {
        if (isAwake[at]) boxes[at] = moveBox(row, nowMs, gaps);
      });
      const row = event ? coverage[event.box] : undefined;
      if (event && row && isAwake[event.box] && event.does !== 'sleep' && event.does !== 'wake') {
        coverage[event.box] = moveCoverage(row, event.box, event.does, nowMs, gaps);
      }
      for (const one of breachesNow(rows(), nowMs)) seen.add(one);
    }
    return { seen, gaps, rows: rows(), nowMs };
  };

  const breachesNow = (rows: FacilityRows, nowMs: number): readonly string[] =>
    assess(rows, day, floor, nowMs).verdicts.flatMap((verdict) =>
      verdict.state === 'breached' && (verdict.rule === 'area-covered' || verdict.rule === 'monitoring-running')
        ? [`${verdict.rule} ${verdict.subject} ${verdict.sinceMs}`]
        : [],
    );

  it('leaves to a single sweep at its end every breach that a sweep at each step would have found, with its date', () => {
    fc.assert(
      fc.property(timeline, (events) => {
        const { seen, gaps, rows, nowMs } = play(events);
        const once = [
          ...endedBreaches(gaps, rows, day, floor, nowMs).map((one) => `${one.rule} ${one.subject} ${one.sinceMs}`),
          ...breachesNow(rows, nowMs),
        ];
        expect([...new Set(once)].sort()).toEqual([...seen].sort());
      }),
      { numRuns: 400 },
    );
  });
});

describe('a health threshold whose window moved past while nobody looked', () => {
  const row = (untilMs: number) =>
    rowsOf({
      facility: aFacilityRow({
        signals: [{ signal: 's', class: 'bees', children: 3, sinceMs: NOW - HOUR_MS, untilMs }],
      }),
    });
  const thresholds = (untilMs: number) =>
    endedBreaches([], row(untilMs), aFacility(), floor, NOW).filter(({ rule }) => rule === 'health-signal');

  it('is told by the row itself, from the millisecond of its end on', () => {
    expect(thresholds(NOW + 1)).toEqual([]);
    expect(thresholds(NOW)).toEqual([
      {
        rule: 'health-signal',
        subject: 'signal/s.bees',
        reason: 'threshold-reached',
        sinceMs: NOW - HOUR_MS,
        endedAtMs: NOW,
      },
    ]);
  });
});
