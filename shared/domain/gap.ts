import type { RuleName } from './verdict.ts';

/**
 * A half-open interval `[fromMs, toMs)` in which something required was not shown to be so, kept as a record when it
 * ended. `breachedAtMs` dates the incident. For `area-covered` the subject is a camera (`camera/<id>`): areas are
 * judged by intersecting the gaps of their cameras.
 */
export interface Gap {
  readonly facilityId: string;
  readonly rule: RuleName;
  readonly subject: string;
  readonly reason: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Absent for a camera's gap, whose breach depends on its area. */
  readonly breachedAtMs?: number;
  /** A clock's gap: how far it was off. Whether that was too far, the pack in force says when it is judged. */
  readonly offsetMs?: number;
  /** Minutes inside that reached us late (store and forward): shown, but not in time. */
  readonly shownLate?: number;
}
