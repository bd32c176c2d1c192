import { describe, expect, it } from 'vitest';
import { judgeBoxClock, judgeCameraClock } from '../../../shared/domain/rules/clock-true.ts';
import type { BoxVitals, CameraClock } from '../../../shared/domain/vitals.ts';
import { dutyPack, gracePack } from '../../support/duty-pack.ts';
import { aBox, aCoverage, aFacility, aNewBox, beijing, HOUR_MS, MINUTE_MS, NOW, rowsOf } from '../../support/rows.ts';

const START = beijing('2026-01-01 00:00');
const OFF_SINCE = NOW - HOUR_MS;
/** The limit of these tests. */
const LIMIT_MS = 60_000;

const judgeBox = (more: Partial<BoxVitals>, nowMs = NOW, pack = dutyPack()) =>
  judgeBoxClock(aBox({ offsetAtMs: OFF_SINCE, ...more }), pack, START, nowMs);

describe('the clock of a box', () => {
  it('may be off by the limit and not by more, either way', () => {
    for (const sign of [1, -1]) {
      expect(judgeBox({ offsetMs: sign * LIMIT_MS })).toMatchObject({ state: 'met', reason: 'clock-right' });
      expect(judgeBox({ offsetMs: sign * (LIMIT_MS + 1) })).toMatchObject({
        state: 'breached',
        reason: 'clock-off',
        sinceMs: OFF_SINCE,
      });
    }
  });

  it('has the grace of the pack', () => {
    const pack = gracePack('clock-true');
    const breachAtMs = OFF_SINCE + 10 * MINUTE_MS;
    expect(judgeBox({ offsetMs: 90_000 }, breachAtMs - 1, pack)).toMatchObject({ state: 'met', dueAtMs: breachAtMs });
    expect(judgeBox({ offsetMs: 90_000 }, breachAtMs, pack)).toMatchObject({ state: 'breached', sinceMs: breachAtMs });
  });

  it('is unknown once the box is silent, but one that was off stays off', () => {
    const silentAtMs = aBox().silentAtMs ?? 0;
    expect(judgeBox({ offsetMs: 0 }, silentAtMs - 1)).toMatchObject({ state: 'met' });
    expect(judgeBox({ offsetMs: 0 }, silentAtMs)).toMatchObject({ state: 'unknown', sinceMs: silentAtMs });
    expect(judgeBox({ offsetMs: 90_000 }, silentAtMs)).toMatchObject({ state: 'breached' });
  });

  it('is unknown of a box that never connected', () => {
    expect(judgeBoxClock(aNewBox(), dutyPack(), START, NOW)).toMatchObject({ state: 'unknown', sinceMs: START });
  });

  it('of a row that does not say since when is dated by its first beat', () => {
    const { offsetAtMs: _none, ...old } = aBox({ offsetMs: 90_000, connectedAtMs: START + HOUR_MS });
    expect(judgeBoxClock(old, dutyPack(), START, NOW)).toMatchObject({ sinceMs: START + HOUR_MS });
  });
});

describe('the clock of a camera', () => {
  const judge = (clock: CameraClock | undefined, retiredAtMs?: number) => {
    const [camera] = aFacility().cameras;
    if (camera === undefined) throw new Error('no camera');
    const said = { state: 'usable', sinceMs: START, ...(clock && { clock }) } as const;
    const rows = rowsOf({ coverage: [aCoverage({ 'cam-1': said })] });
    return judgeCameraClock({ ...camera, ...(retiredAtMs && { retiredAtMs }) }, rows, dutyPack(), START, NOW);
  };

  it('may be off by the limit and not by more', () => {
    expect(judge({ offsetSeconds: -60, sinceMs: OFF_SINCE })).toMatchObject({ state: 'met' });
    expect(judge({ offsetSeconds: -61, sinceMs: OFF_SINCE })).toMatchObject({ state: 'breached', sinceMs: OFF_SINCE });
  });

  it('is not judged where the box does not measure it, or the camera is retired', () => {
    expect(judge(undefined)).toMatchObject({ state: 'not-applicable', reason: 'not-measured' });
    expect(judge({ offsetSeconds: 90, sinceMs: OFF_SINCE }, NOW)).toMatchObject({ state: 'not-applicable' });
  });
});
