import type { Facility } from '../facility.ts';
import type { Gap } from '../gap.ts';
import type { RulePack } from '../rule-pack.ts';
import { judgeChallengesMet } from '../rules/challenges-met.ts';
import { DAY_MS } from '../time.ts';
import type { ChallengesFold, FacilityVitals } from '../vitals.ts';
import type { Challenge } from './challenge.ts';
import { usualPolicy } from './policy.ts';
import { outcomeOf } from './settle.ts';
import { judgeChallenges, type Sealed } from './verdict.ts';

/** What is drawn is drawn each day: a fold that is older than this says nothing any more. */
export const FOLD_LASTS_MS = 3 * DAY_MS;

/** What the challenges of a facility change in its row: first put the gap, then patch the row. */
export interface ChallengesChange {
  readonly patch: { readonly challenges: ChallengesFold; readonly judgeFromMs?: number };
  /** The breach that this ended. */
  readonly gap?: Gap;
}

/**
 * Folds what the challenges come to into the facility row. A challenge that stays without an answer is a breach at its
 * deadline though nobody folds again: the row says when. The row calls the sweep where the verdict became another one.
 */
export const foldChallenges = (
  row: FacilityVitals,
  challenges: readonly Challenge[],
  sealed: Sealed,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): ChallengesChange => {
  const was = judgeChallengesMet(row, facility, pack, nowMs);
  const fold = foldOf(row, challenges, sealed, pack, nowMs);
  const is = judgeChallengesMet({ ...row, challenges: fold }, facility, pack, nowMs);
  const gap =
    was?.state === 'breached' && is?.state !== 'breached' && was.sinceMs < nowMs
      ? gapOf(facility.id, was, nowMs)
      : undefined;
  const isNew = was?.state !== is?.state || was?.reason !== is?.reason;
  const markMs = gap?.fromMs ?? (isNew ? nowMs : undefined);
  return {
    patch: {
      challenges: fold,
      ...(markMs !== undefined && { judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, markMs) }),
    },
    ...(gap && { gap }),
  };
};

type Breached = Extract<NonNullable<ReturnType<typeof judgeChallengesMet>>, { readonly state: 'breached' }>;

const gapOf = (facilityId: string, { rule, subject, reason, sinceMs }: Breached, toMs: number): Gap => ({
  facilityId,
  rule,
  subject,
  reason,
  fromMs: sinceMs,
  toMs,
  breachedAtMs: sinceMs,
});

const foldOf = (
  { challenges: before }: FacilityVitals,
  challenges: readonly Challenge[],
  sealed: Sealed,
  pack: RulePack,
  nowMs: number,
): ChallengesFold => {
  const verdict = judgeChallenges(challenges, sealed, usualPolicy(pack.thresholds.retentionDays.value), nowMs);
  const unansweredAtMs = nextUnansweredMs(challenges, nowMs);
  return {
    state: verdict.state,
    reason: verdict.reason,
    sinceMs: sinceOf(before, verdict, nowMs),
    ...(unansweredAtMs !== undefined && { unansweredAtMs }),
    dueAtMs: nowMs + FOLD_LASTS_MS,
    sealed,
  };
};

/**
 * A stretch goes on while its state does, whatever its reason: the first hour that was not shown dates a breach, also
 * when that one need not be held any more and another was not shown either.
 */
const sinceOf = (
  before: ChallengesFold | undefined,
  verdict: ReturnType<typeof judgeChallenges>,
  nowMs: number,
): number => {
  const ownMs = verdict.state === 'breached' ? verdict.sinceMs : nowMs;
  if (before === undefined) return ownMs;
  if (before.state === verdict.state) return Math.min(before.sinceMs, ownMs);
  // It became a breach by time alone, at the deadline that the row named.
  return verdict.state === 'breached' ? Math.min(before.unansweredAtMs ?? ownMs, ownMs) : ownMs;
};

/** A recorder that said it was busy is judged by how long it stays so, and by nobody's clock but the draw's. */
const nextUnansweredMs = (challenges: readonly Challenge[], nowMs: number): number | undefined => {
  const open = challenges.filter((one) => outcomeOf(one, nowMs).is === 'open' && one.busyAtMs === undefined);
  return open.length === 0 ? undefined : Math.min(...open.map(({ answerByMs }) => answerByMs));
};
