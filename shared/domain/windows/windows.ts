import type { Interval } from '../time.ts';
import type { RuleName } from '../verdict.ts';

/** A time for which a drill was announced. Only inside it does a box's drill flag count. */
export interface DrillWindow extends Interval {
  readonly id: string;
  /** `<issuer>|<sub>` of the person. */
  readonly by: string;
  readonly registeredAtMs: number;
  /** Closed words, such as `fire-drill`; no free text. */
  readonly reason: string;
  /** Who ended it before its time. */
  readonly endedBy?: string;
}

/**
 * A time in which notices of some rules wait. It never concerns an alarm: whatever is in the life-safety lane, and every
 * alarm of a box or an officer, goes out as if there were none. What is so when it ends is told then.
 */
export interface Mute extends Interval {
  readonly id: string;
  /** `maintenance` is asked for by the facility and allowed by an officer or the registrar. */
  readonly is: 'mute' | 'maintenance';
  readonly rules: readonly RuleName[];
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
  /** Who allowed it; absent = only asked for, and of no effect. */
  readonly allowedBy?: string;
  /** Who ended it before its time. */
  readonly endedBy?: string;
}

/** Drills and mutes of one facility: one item, at most `MOST_WINDOWS` of each; those that are over are trimmed. */
export interface FacilityWindows {
  readonly facilityId: string;
  readonly drills: readonly DrillWindow[];
  readonly mutes: readonly Mute[];
  readonly revision: number;
}

export const MOST_WINDOWS = 16;

/** What was trimmed from the windows of a facility: over, and never changed again. */
export type PastWindows = Pick<FacilityWindows, 'drills' | 'mutes'>;
