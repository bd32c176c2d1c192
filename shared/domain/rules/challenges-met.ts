import { dutySinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import { keptForMs } from '../retention.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Verdict, WITHIN_GRACE } from '../verdict.ts';
import type { ChallengesFold, FacilityVitals } from '../vitals.ts';

/**
 * Footage that is asked for without warning is shown. Whoever draws and whoever hears the answers fold what they come
 * to; here only time is added: what has no answer at its deadline is a breach, and a fold that nobody renewed shows
 * nothing. A recorder that cannot be asked for its bytes is no fault of the nursery. Absent = nothing was ever drawn.
 */
export const judgeChallengesMet = (
  { challenges: fold }: Pick<FacilityVitals, 'challenges'>,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict | undefined => {
  if (fold === undefined) return undefined;
  const about = { rule: 'retention-held', subject: 'challenges' } as const;
  const breach = breachOf(fold, nowMs);
  if (breach !== undefined) {
    const sinceMs = breach.sinceMs + pack.rules['retention-held'].breachAfterMs.value;
    return nowMs >= sinceMs
      ? { ...about, state: 'breached', reason: breach.reason, sinceMs }
      : { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: sinceMs };
  }
  const { state, reason, sinceMs, unansweredAtMs } = fold;
  const dueAtMs = Math.min(unansweredAtMs ?? Number.POSITIVE_INFINITY, fold.dueAtMs);
  if (state === 'not-applicable' || reason === 'presence-only') {
    return { ...about, state: 'not-applicable', reason, dueAtMs };
  }
  if (nowMs >= fold.dueAtMs) return { ...about, state: 'unknown', reason: 'not-drawn', sinceMs: fold.dueAtMs };
  // Film from before the nursery was in service was sealed by nobody; once none of it is owed any more, too few are.
  const sealableMs = dutySinceMs(facility) + keptForMs(pack);
  if (reason === 'too-few-sealed' && nowMs < sealableMs) {
    return { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: Math.min(sealableMs, dueAtMs) };
  }
  return state === 'unknown'
    ? { ...about, state, reason, sinceMs, dueAtMs }
    : { ...about, state: 'met', reason, dueAtMs };
};

/** It stands however old the fold is: footage does not come back by itself. */
const breachOf = (
  { state, reason, sinceMs, unansweredAtMs }: ChallengesFold,
  nowMs: number,
): { readonly reason: string; readonly sinceMs: number } | undefined => {
  if (state === 'breached') return { reason, sinceMs };
  return unansweredAtMs !== undefined && nowMs >= unansweredAtMs
    ? { reason: 'challenge-unanswered', sinceMs: unansweredAtMs }
    : undefined;
};
