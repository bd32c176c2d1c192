import { type CameraDay, type CameraDayState, type CameraDuty, cameraTime } from './camera-days.ts';
import type { CameraFacts } from './camera-facts.ts';
import { intersect, subtract, total } from './interval.ts';
import { recordingsSaid } from './recordings-said.ts';
import type { Interval } from './time.ts';

/** How far back the recorder says that it reaches. Not whether everything since is there. */
export type Depth =
  | { readonly is: 'claimed'; readonly oldestRetrievableAtMs: number; readonly lastReceivedAtMs: number }
  | { readonly is: 'unknown' };

/** How much of what is required is there, and what became of the rest. They add up to `requiredMs`. */
export type Completeness = Pick<CameraDay, 'requiredMs'> & {
  readonly ms: Readonly<Record<Exclude<CameraDayState, 'not-yet-due' | 'no-longer-due'>, number>>;
};

/** From where we know it. They add up to what is required. */
export interface Provenance {
  /** A report came while the time was young. */
  readonly inTimeMs: number;
  /** A report came, and when that was is not kept hour by hour. */
  readonly undatedMs: number;
  /** Reports came only after the settle time: by store and forward, or made up. */
  readonly lateMs: number;
  /** No report: the recorder's reach or a declared deletion is all there is. */
  readonly claimedMs: number;
  readonly nobodyMs: number;
}

/**
 * Three answers about one camera, which are never made into one figure: a recorder may reach back ninety days with holes,
 * be whole for the few days that it keeps, or be whole by its own word alone.
 */
export interface RetentionAnswers {
  readonly depth: Depth;
  readonly completeness: Completeness;
  readonly provenance: Provenance;
}

/** Depth, completeness and provenance of the required part of a time, as of `duty.nowMs`. */
export const retentionAnswers = (duty: CameraDuty, facts: CameraFacts, asked: Interval): RetentionAnswers => {
  const said = recordingsSaid(facts, duty.camera.installedAtMs, duty.nowMs);
  const { 'not-yet-due': early, 'no-longer-due': old, ...owed } = cameraTime(duty, facts, asked);
  const required = subtract([asked], [...early, ...old]);
  const ms = {
    held: total(owed.held),
    'held-late': total(owed['held-late']),
    'on-hold': total(owed['on-hold']),
    lost: total(owed.lost),
    declared: total(owed.declared),
    unknown: total(owed.unknown),
  };
  const reported = intersect(required, said.reported);
  const inTime = intersect(required, said.reportedInTime);
  const undated = subtract(intersect(required, said.reportedUndated), inTime);
  return {
    depth: depthOf(said),
    completeness: { requiredMs: total(required), ms },
    provenance: {
      inTimeMs: total(inTime),
      undatedMs: total(undated),
      lateMs: total(reported) - total(inTime) - total(undated),
      claimedMs: total(subtract(subtract(required, owed.unknown), reported)),
      nobodyMs: total(subtract(owed.unknown, reported)),
    },
  };
};

const depthOf = ({ oldestRetrievableAtMs, lastReceivedAtMs }: ReturnType<typeof recordingsSaid>): Depth =>
  oldestRetrievableAtMs === undefined || lastReceivedAtMs === undefined
    ? { is: 'unknown' }
    : { is: 'claimed', oldestRetrievableAtMs, lastReceivedAtMs };
