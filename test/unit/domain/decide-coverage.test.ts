import { describe, expect, it } from 'vitest';
import { type CoverageDecision, decideCoverage, stateOf } from '../../../shared/domain/decide-coverage.ts';
import type { CoverageReport } from '../../../shared/domain/reports.ts';
import type { Sender } from '../../../shared/domain/sender.ts';
import type { CoverageVitals } from '../../../shared/domain/vitals.ts';
import {
  aCoverage,
  aCoverageReport,
  cameraSays,
  DAY_MS,
  HOUR_MS,
  KEY,
  MINUTE_MS,
  NOW,
  sentAt,
} from '../../support/rows.ts';

type Move = CoverageDecision & { does: 'move' };

const report = (cameras: CoverageReport['cameras'], more: Partial<CoverageReport> = {}) =>
  aCoverageReport(11, NOW, cameras, more);
const decide = (
  row: CoverageVitals,
  said: CoverageReport,
  sender: Sender = sentAt(NOW),
  offsetMs: number | undefined = 0,
): Move => {
  const decision = decideCoverage(row, offsetMs, said, sender);
  if (decision.does !== 'move') throw new Error(`it does ${decision.does}`);
  return decision;
};
const offline = (camera: string) => cameraSays(camera, { online: 'no' });

describe('a camera is usable only if it is online, recording and its picture is', () => {
  it.each([
    [{}, 'usable'],
    [{ online: 'no', recording: 'no' }, 'offline'],
    [{ recording: 'no' }, 'not-recording'],
    [{ picture: 'no' }, 'picture-unusable'],
    [{ picture: 'unknown' }, 'unknown'],
    [{ online: 'unknown', recording: 'no' }, 'not-recording'],
  ] as const)('%o is %s', (says, state) => {
    expect(stateOf(cameraSays('cam-1', says))).toBe(state);
  });
});

describe('a coverage report', () => {
  it('is ordered by its own sequence per key', () => {
    const again = aCoverageReport(10, NOW, [offline('cam-1')]);
    expect(decideCoverage(aCoverage(), 0, again, sentAt(NOW))).toMatchObject({ outcome: { result: 'duplicate' } });
    const old = aCoverageReport(9, NOW, [offline('cam-1')]);
    expect(decideCoverage(aCoverage(), 0, old, sentAt(NOW))).toMatchObject({
      outcome: { result: 'superseded', lastSeq: 10 },
    });
    expect(decideCoverage(aCoverage(), 0, again, sentAt(NOW, { key: 'other' }))).toMatchObject({ does: 'refuse' });
  });

  it('that changes nothing only says that it was there', () => {
    expect(decide(aCoverage(), report([cameraSays('cam-1')]))).toMatchObject({ gaps: [], patch: { coveredAtMs: NOW } });
    expect(decide(aCoverage(), report([cameraSays('cam-1')])).patch.judgeFromMs).toBeUndefined();
  });

  it('dates a fault now, keeps the cameras that it does not name, and calls the sweep', () => {
    const { patch, gaps } = decide(aCoverage(), report([offline('cam-1')]));
    expect(patch.cameras).toEqual({
      'cam-1': { state: 'offline', sinceMs: NOW, saidAtMs: NOW },
      'cam-2': { state: 'usable', sinceMs: NOW - DAY_MS },
    });
    expect([patch.judgeFromMs, gaps]).toEqual([NOW, []]);
  });

  it('keeps the stretch when one fault becomes another, and when the box no longer knows', () => {
    const row = aCoverage({ 'cam-1': { state: 'offline', sinceMs: NOW - HOUR_MS } });
    const other = decide(row, report([cameraSays('cam-1', { recording: 'no' })]));
    expect(other).toMatchObject({
      gaps: [],
      patch: { cameras: { 'cam-1': { state: 'not-recording', sinceMs: NOW - HOUR_MS } } },
    });
    const unknown = decide(
      row,
      report([cameraSays('cam-1', { online: 'unknown', recording: 'unknown', picture: 'unknown' })]),
    );
    expect(unknown.patch.cameras).toMatchObject({ 'cam-1': { state: 'offline', sinceMs: NOW - HOUR_MS } });
    expect(unknown.patch.judgeFromMs).toBeUndefined();
  });

  it('keeps in which hour a camera was named last, and troubles the sweep with no more than news', () => {
    const row = aCoverage({ 'cam-1': { state: 'usable', sinceMs: NOW - DAY_MS, saidAtMs: NOW - HOUR_MS } });
    const { patch } = decide(row, report([cameraSays('cam-1')]));
    expect(patch.cameras).toEqual({ 'cam-1': { state: 'usable', sinceMs: NOW - DAY_MS, saidAtMs: NOW } });
    expect(patch.judgeFromMs).toBeUndefined();
    const said = aCoverage(patch.cameras);
    expect(decide(said, report([cameraSays('cam-1')])).patch.cameras).toBeUndefined();
  });

  it('keeps how far a clock is off, in seconds away from zero, and leaves it where it is not measured', () => {
    const clockAfter = (clockOffsetMs: number, row = aCoverage()) =>
      decide(row, report([cameraSays('cam-1', { clockOffsetMs })]));
    const seconds = (clockOffsetMs: number) => clockAfter(clockOffsetMs).patch.cameras?.['cam-1']?.clock?.offsetSeconds;
    expect([0, 2_000, -2_000, 2_001, -60_000, -60_001].map(seconds)).toEqual([0, 0, 0, 3, -60, -61]);
    expect(seconds(400 * DAY_MS)).toBe(86_400);
    const off = aCoverage(clockAfter(90_000).patch.cameras);
    expect(decide(off, report([cameraSays('cam-1', { picture: 'no' })])).patch.cameras?.['cam-1']?.clock).toEqual({
      offsetSeconds: 90,
      sinceMs: NOW,
    });
  });

  it('records how long a clock was off by so much, once it shows another time', () => {
    const clock = { offsetSeconds: -90, sinceMs: NOW - HOUR_MS };
    const row = aCoverage({ 'cam-1': { state: 'usable', sinceMs: NOW - DAY_MS, clock } });
    const { gaps, patch } = decide(row, report([cameraSays('cam-1', { clockOffsetMs: 0 })]));
    expect(gaps).toEqual([
      {
        facilityId: 'f1',
        rule: 'clock-true',
        subject: 'camera/cam-1',
        reason: 'clock-off',
        fromMs: NOW - HOUR_MS,
        toMs: NOW,
        offsetMs: -90_000,
      },
    ]);
    expect(patch.judgeFromMs).toBe(NOW - HOUR_MS);
    expect(decide(row, report([cameraSays('cam-1', { clockOffsetMs: -90_000 })])).gaps).toEqual([]);
  });

  it('records the stretch that it ends, and marks the row from its start', () => {
    const row = aCoverage({ 'cam-1': { state: 'offline', sinceMs: NOW - HOUR_MS } });
    const { gaps, patch } = decide(row, report([cameraSays('cam-1')]));
    expect(gaps).toEqual([
      {
        facilityId: 'f1',
        rule: 'area-covered',
        subject: 'camera/cam-1',
        reason: 'offline',
        fromMs: NOW - HOUR_MS,
        toMs: NOW,
      },
    ]);
    expect(patch.judgeFromMs).toBe(NOW - HOUR_MS);
  });

  it('that is late, or signed by a clock that we do not believe, moves no camera', () => {
    const row = aCoverage({ 'cam-1': { state: 'offline', sinceMs: NOW - HOUR_MS } });
    const well = [cameraSays('cam-1')];
    const late = { outcome: { result: 'accepted', late: true }, gaps: [], patch: {} };
    expect(decide(row, report(well, { ageMs: 30_001 }))).toMatchObject(late);
    expect(decide(row, report(well, { ageMs: 30_001 })).patch).toEqual({});
    expect(decide(row, report(well), sentAt(NOW, { createdMs: NOW - HOUR_MS })).patch).toEqual({});
    expect(decide(row, report(well), sentAt(NOW, { createdMs: NOW - HOUR_MS }), HOUR_MS).patch.coveredAtMs).toBe(NOW);
  });

  it('keeps sixty-four cameras: of those that it does not name, the longest unchanged are forgotten', () => {
    const known = Object.fromEntries(
      Array.from({ length: 64 }, (_, n) => [`c${n}`, { state: 'usable', sinceMs: n } as const]),
    );
    const row = aCoverage(known, { liveKeys: { [KEY]: 10 } });
    const decision = decide(row, report([cameraSays('c0'), cameraSays('x1'), cameraSays('x2')]));
    expect(decision.outcome).toEqual({ result: 'accepted' });
    const kept = Object.keys(decision.patch.cameras ?? {});
    expect(kept).toHaveLength(64);
    expect(kept).toEqual(expect.arrayContaining(['c0', 'x1', 'x2', 'c63', 'c3']));
    expect(kept).not.toContain('c1');
    expect(kept).not.toContain('c2');
  });

  it('never lets the time of a row run backwards', () => {
    const row = aCoverage({}, { coveredAtMs: NOW + MINUTE_MS });
    expect(decide(row, report([offline('cam-1')])).patch.coveredAtMs).toBe(NOW + MINUTE_MS);
  });
});
