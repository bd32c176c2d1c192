import { isInUse } from './camera-sight.ts';
import type { Camera, Facility } from './facility.ts';
import type { HeldDayFacts } from './held-day.ts';
import { findRetention, requiredInterval } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import type { RetentionFold } from './vitals.ts';

/** Whether one camera can show its recordings, and why (not). */
export interface CameraRetention {
  readonly camera: Camera;
  readonly state: RetentionFold['state'];
  readonly reason:
    | 'held'
    | 'recorder-keeps-less'
    | 'time-missing'
    | 'never-connected'
    | 'never-reported'
    | 'depth-unknown'
    | 'no-report';
  /** Absent = unknown, which is not zero. */
  readonly depthDays?: number;
  readonly missingMs?: number;
}

/** Cameras of which something must be held now; one that is installed later owes nothing yet. */
export const owingCameras = (facility: Facility, pack: RulePack, nowMs: number): readonly Camera[] =>
  facility.cameras.filter((camera) => {
    const { fromMs, toMs } = requiredInterval(camera, facility, pack, nowMs);
    return toMs > fromMs || (camera.installedAtMs <= nowMs && isInUse(camera, nowMs));
  });

const reasons = { held: 'held', short: 'recorder-keeps-less', gaps: 'time-missing', unknown: 'depth-unknown' } as const;

/**
 * The auditor's verdict, straight from the records: the rows of the sweep keep only its worst findings. A finding that
 * nobody confirmed for longer than the pack allows is no longer shown, unless it was a bad one: that stands.
 */
export const cameraRetention = (
  camera: Camera,
  days: readonly HeldDayFacts[],
  connected: boolean,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): CameraRetention => {
  if (days.length === 0) {
    return { camera, state: 'unknown', reason: connected ? 'never-reported' : 'never-connected' };
  }
  const { state, depthDays, missingMs, reportedAtMs } = findRetention(camera, days, facility, pack, nowMs);
  const isStale = nowMs - reportedAtMs >= pack.rules['retention-held'].unknownAfterMs.value;
  if (state === 'held' && isStale) return { camera, state: 'unknown', reason: 'no-report', depthDays, missingMs };
  if (state === 'unknown') return { camera, state, reason: reasons.unknown };
  return { camera, state, reason: reasons[state], depthDays, missingMs };
};

const rank: Readonly<Record<RetentionFold['state'], number>> = { short: 0, gaps: 1, unknown: 2, held: 3 };

/** The worst of the cameras; a facility without any shows nothing. */
export const worstOf = (
  cameras: readonly CameraRetention[],
): { readonly state: CameraRetention['state']; readonly reason: CameraRetention['reason'] | 'no-cameras' } => {
  const [worst] = cameras.toSorted((a, b) => rank[a.state] - rank[b.state]);
  return worst === undefined
    ? { state: 'unknown', reason: 'no-cameras' }
    : { state: worst.state, reason: worst.reason };
};
