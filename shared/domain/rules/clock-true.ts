import { isInUse } from '../camera-sight.ts';
import type { Camera } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { SECOND_MS } from '../time.ts';
import type { Verdict } from '../verdict.ts';
import type { BoxVitals, FacilityRows } from '../vitals.ts';

/**
 * The clock of a box is right within the pack's limit. What is measured is `received − created` of two beats that agree;
 * a drift of less than 30 s is taken for the way and moves nothing. A silent box's clock is known no more; but one that
 * was off by then still is.
 *
 * `dutySinceMs`: from when a box that never connected owes a beat.
 */
export const judgeBoxClock = (box: BoxVitals, pack: RulePack, dutySinceMs: number, nowMs: number): Verdict => {
  const about = { rule: 'clock-true', subject: `box/${box.box}` } as const;
  if (box.offsetMs === undefined || box.silentAtMs === undefined) {
    return { ...about, state: 'unknown', reason: 'never-connected', sinceMs: dutySinceMs };
  }
  if (isClockOff(box.offsetMs, pack)) {
    // A row that was there before this instant was kept tells none: then its first beat stands for it.
    const offSinceMs = Math.max(box.offsetAtMs ?? box.connectedAtMs ?? dutySinceMs, dutySinceMs);
    const sinceMs = offSinceMs + pack.rules['clock-true'].breachAfterMs.value;
    if (nowMs >= sinceMs) return { ...about, state: 'breached', reason: 'clock-off', sinceMs };
    return { ...about, state: 'met', reason: 'within-grace', dueAtMs: sinceMs };
  }
  return nowMs >= box.silentAtMs
    ? { ...about, state: 'unknown', reason: 'box-silent', sinceMs: box.silentAtMs }
    : { ...about, state: 'met', reason: 'clock-right' };
};

/** The same of a camera, where its box measures it. Nobody owes that, so what is not measured is not judged. */
export const judgeCameraClock = (
  camera: Camera,
  rows: FacilityRows,
  pack: RulePack,
  dutySinceMs: number,
  nowMs: number,
): Verdict => {
  const about = { rule: 'clock-true', subject: `camera/${camera.id}` } as const;
  if (!isInUse(camera, nowMs)) return { ...about, state: 'not-applicable', reason: 'retired' };
  const clock = rows.coverage.find((row) => row.box === camera.box)?.cameras[camera.id]?.clock;
  if (clock === undefined) return { ...about, state: 'not-applicable', reason: 'not-measured' };
  if (!isClockOff(clock.offsetSeconds * SECOND_MS, pack)) return { ...about, state: 'met', reason: 'clock-right' };
  const sinceMs = Math.max(clock.sinceMs, dutySinceMs) + pack.rules['clock-true'].breachAfterMs.value;
  return nowMs >= sinceMs
    ? { ...about, state: 'breached', reason: 'clock-off', sinceMs }
    : { ...about, state: 'met', reason: 'within-grace', dueAtMs: sinceMs };
};

/** Off by exactly the limit is still right. */
export const isClockOff = (offsetMs: number, pack: RulePack): boolean =>
  Math.abs(offsetMs) > pack.thresholds.clockOffsetMs.value;
