import { dutySinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { DAY_MS } from '../time.ts';
import { NOT_YET_DUE, type Verdict } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

/** For so long somebody of a post counts as reachable after having seen a notice. */
export const reachableForMs = (pack: RulePack): number =>
  pack.thresholds.reachableDays.value * DAY_MS + pack.rules.reachable.breachAfterMs.value;

/**
 * A facility is reachable while its head has seen a notice (or a test of a channel) within the pack's days. That a
 * channel took one shows nothing: a mailbox takes everything. One that never saw any has as long from its first day.
 */
export const judgeReachable = (row: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'reachable', subject: 'facility' } as const;
  const seenAtMs = row.headSeenAtMs;
  const lostAtMs = Math.max(seenAtMs ?? 0, dutySinceMs(facility)) + reachableForMs(pack);
  if (nowMs >= lostAtMs) {
    return {
      ...about,
      state: 'breached',
      reason: seenAtMs === undefined ? 'never-seen' : 'not-seen',
      sinceMs: lostAtMs,
    };
  }
  return { ...about, state: 'met', reason: seenAtMs === undefined ? NOT_YET_DUE : 'seen', dueAtMs: lostAtMs };
};
