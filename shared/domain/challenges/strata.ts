import { HOUR_MS, type Interval } from '../time.ts';
import type { CameraHour, ChallengePolicy, Stratum } from './challenge.ts';

/** A time around an incident, of one camera or, without one, of all. */
export interface IncidentWindow extends Interval {
  readonly camera?: string;
}

export type Strata<Hour> = Readonly<Record<Stratum, readonly Hour[]>>;

type StrataPolicy = Pick<ChallengePolicy, 'retainMs' | 'oldestMs' | 'answerWithinMs'>;

/**
 * The stratum of one camera-hour; `undefined` = not to be asked for. What may lawfully be gone before the answer is due
 * is not asked for: a box that deletes on time would look like one that lost footage. An incident counts before age,
 * for its hours are what somebody will look for, and most wanted when they are about to go.
 */
export const stratumOf = (
  { camera, hourMs }: Pick<CameraHour, 'camera' | 'hourMs'>,
  incidents: readonly IncidentWindow[],
  { retainMs, oldestMs, answerWithinMs }: StrataPolicy,
  nowMs: number,
): Stratum | undefined => {
  const owedFromMs = nowMs + answerWithinMs - retainMs;
  if (hourMs < owedFromMs || hourMs + HOUR_MS > nowMs) return undefined;
  const touches = (window: IncidentWindow): boolean =>
    (window.camera === undefined || window.camera === camera) &&
    window.fromMs < hourMs + HOUR_MS &&
    window.toMs > hourMs;
  if (incidents.some(touches)) return 'incident';
  return hourMs < nowMs - retainMs + oldestMs ? 'oldest' : 'rest';
};

/** Sorts camera-hours into their strata; those that are not to be asked for are left out. */
export const stratify = <Hour extends CameraHour>(
  hours: readonly Hour[],
  incidents: readonly IncidentWindow[],
  policy: StrataPolicy,
  nowMs: number,
): Strata<Hour> => {
  const sorted: Record<Stratum, Hour[]> = { incident: [], oldest: [], rest: [] };
  for (const hour of hours) {
    const stratum = stratumOf(hour, incidents, policy, nowMs);
    if (stratum !== undefined) sorted[stratum].push(hour);
  }
  return sorted;
};
