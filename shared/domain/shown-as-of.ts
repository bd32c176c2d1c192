import { type CameraDuty, type CameraTime, cameraTime } from './camera-days.ts';
import type { CameraFacts } from './camera-facts.ts';
import { intersect, total } from './interval.ts';
import { recordingsSaid } from './recordings-said.ts';
import { requiredInterval } from './retention.ts';
import type { CameraRetention } from './retention-verdict.ts';

/**
 * Whether one camera can show what it has to hold as of `duty.nowMs`, from nothing but what had been said by then. Time of
 * which nobody said anything is not shown: after a silence of some days a camera is not called held because of the days
 * around it. `time`: what became of all that is required and perhaps of more, where the caller has it already.
 */
export const shownAsOf = (
  duty: CameraDuty,
  facts: CameraFacts,
  connected: boolean,
  time?: CameraTime,
): CameraRetention => {
  const { camera, facility, pack, nowMs } = duty;
  const said = recordingsSaid(facts, camera.installedAtMs, nowMs);
  if (said.lastReceivedAtMs === undefined) {
    return { camera, state: 'unknown', reason: connected ? 'never-reported' : 'never-connected' };
  }
  const required = requiredInterval(camera, facility, pack, nowMs);
  const { lost, unknown } = time ?? cameraTime(duty, facts, required);
  const lostMs = total(intersect(lost, [required]));
  const unknownMs = total(intersect(unknown, [required]));
  const toleranceMs = pack.thresholds.retentionToleranceMs.value;
  const { oldestRetrievableAtMs: oldestMs } = said;
  if (total([required]) === 0) return { camera, state: 'held', reason: 'held' };
  if (oldestMs !== undefined && oldestMs > required.fromMs + toleranceMs) {
    return { camera, state: 'short', reason: 'recorder-keeps-less' };
  }
  if (lostMs > toleranceMs) return { camera, state: 'gaps', reason: 'time-missing' };
  if (unknownMs <= toleranceMs) return { camera, state: 'held', reason: 'held' };
  return { camera, state: 'unknown', reason: oldestMs === undefined ? 'depth-unknown' : 'no-report' };
};
