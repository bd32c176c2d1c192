import { isInUse } from './camera-sight.ts';
import type { Camera, Facility } from './facility.ts';
import { requiredInterval } from './retention.ts';
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
