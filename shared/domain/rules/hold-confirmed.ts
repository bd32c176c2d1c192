import { holdEndMs, type OrderedHold } from '../legal-holds.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Verdict, WITHIN_GRACE } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

/**
 * An open order to keep recordings is carried out by a recorder: its box says so, or nobody knows that the footage will
 * still be there. It is about the order and not about its camera, whose days may be held all the same: an order is often
 * about less than a camera may lose. What a box said that it deleted of it is a breach until the order is over.
 */
export const judgeHoldConfirmed = (
  hold: OrderedHold,
  row: Pick<FacilityVitals, 'holdsConfirmed' | 'holdsBroken'>,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'retention-held', subject: `hold/${hold.id}` } as const;
  const endMs = holdEndMs(hold);
  if (nowMs >= endMs) return { ...about, state: 'not-applicable', reason: 'hold-over' };
  const brokenAtMs = row.holdsBroken?.[hold.id];
  if (brokenAtMs !== undefined) {
    return { ...about, state: 'breached', reason: 'held-film-deleted', sinceMs: brokenAtMs, dueAtMs: endMs };
  }
  if (row.holdsConfirmed?.[hold.id] !== undefined) {
    return { ...about, state: 'met', reason: 'hold-confirmed', dueAtMs: endMs };
  }
  const sinceMs = hold.orderedAtMs + pack.thresholds.holdConfirmedWithinMs.value;
  return nowMs >= sinceMs
    ? { ...about, state: 'breached', reason: 'hold-not-confirmed', sinceMs, dueAtMs: endMs }
    : { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: Math.min(sinceMs, endMs) };
};
