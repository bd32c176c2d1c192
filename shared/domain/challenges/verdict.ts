import type { Interval } from '../time.ts';
import type { Challenge, ChallengePolicy, Stratum } from './challenge.ts';
import { type ChallengeOutcome, outcomeOf } from './settle.ts';

/** How much of what must be held could have been drawn. */
export interface Sealed {
  /** Camera-hours that must be held now and were reported as recorded. */
  readonly owed: number;
  /** Those of them with a token. */
  readonly sealed: number;
  /** Camera-hours of recorders whose bytes are not stable. */
  readonly presenceOnly: number;
}

type OutcomeWord = ChallengeOutcome['is'];

/** What the challenges of one facility come to, with the figures that a reader needs to weigh it. */
export type ChallengeVerdict = ChallengeTally &
  (
    | { readonly state: 'not-applicable'; readonly reason: 'nothing-owed' }
    | { readonly state: 'met'; readonly reason: 'shown-by-samples' }
    | { readonly state: 'breached'; readonly reason: BreachReason; readonly sinceMs: number }
    | { readonly state: 'unknown'; readonly reason: UnknownReason }
  );

export type BreachReason = 'film-differs' | 'film-not-found' | 'challenge-unanswered' | 'recorder-always-busy';
export type UnknownReason = 'presence-only' | 'too-few-sealed' | 'token-refused' | 'recorder-busy' | 'nothing-shown';

export interface ChallengeTally {
  /** Outcomes of the challenges of the window, and of older ones whose footage is still owed and was not shown. */
  readonly outcomes: Readonly<Record<OutcomeWord, number>>;
  /** `k_s` of the odds: per stratum the challenges of the window that were put to the test. */
  readonly draws: Readonly<Record<Stratum, number>>;
  readonly sealed: Sealed;
}

interface Settled {
  readonly challenge: Challenge;
  readonly outcome: ChallengeOutcome;
}

/**
 * Judges all challenges of a facility as of an instant. One camera-hour that was not shown is enough for a breach, and
 * it stays one until that hour need not be held any more: footage does not come back. Samples that were shown say `met`
 * only where enough of the owed hours could have been drawn. What was never shown is unknown, never met.
 */
export const judgeChallenges = (
  challenges: readonly Challenge[],
  sealed: Sealed,
  policy: ChallengePolicy,
  nowMs: number,
): ChallengeVerdict => {
  const settled = challenges
    .map((challenge): Settled => ({ challenge, outcome: outcomeOf(challenge, nowMs) }))
    .filter((one) => counts(one, policy, nowMs));
  const tally = tallyOf(settled, sealed, policy, nowMs);
  // Before what is owed is asked: film that was not shown is not excused by declaring the rest deleted.
  const breach = breachOf(settled, policy, nowMs);
  if (breach !== undefined) return { ...tally, state: 'breached', ...breach };
  if (sealed.owed === 0) return { ...tally, state: 'not-applicable', reason: 'nothing-owed' };
  const doubt = doubtOf(tally, policy);
  if (doubt !== undefined) return { ...tally, state: 'unknown', reason: doubt };
  return { ...tally, state: 'met', reason: 'shown-by-samples' };
};

/** What was not shown counts as long as its footage is owed; anything else as long as the window reaches. */
const counts = ({ challenge, outcome }: Settled, policy: ChallengePolicy, nowMs: number): boolean => {
  const isOwed = challenge.hourMs + policy.retainMs > nowMs;
  return ((isFailure(outcome) || outcome.is === 'busy') && isOwed) || challenge.askedAtMs > nowMs - policy.windowMs;
};

const failures = ['mismatch', 'not-found', 'unanswered'] as const;
type Failure = (typeof failures)[number];
const reasonOf: Readonly<Record<Failure, BreachReason>> = {
  mismatch: 'film-differs',
  'not-found': 'film-not-found',
  unanswered: 'challenge-unanswered',
};
type FailedOutcome = Extract<ChallengeOutcome, { readonly is: Failure }>;

const isFailure = (outcome: ChallengeOutcome): outcome is FailedOutcome =>
  failures.some((failure) => failure === outcome.is);

/** The worst reason names it; the first failure dates it. */
const breachOf = (
  settled: readonly Settled[],
  policy: ChallengePolicy,
  nowMs: number,
): { readonly reason: BreachReason; readonly sinceMs: number } | undefined => {
  const owed = settled.filter(({ challenge }) => challenge.hourMs + policy.retainMs > nowMs);
  const failed = owed.map(({ outcome }) => outcome).filter(isFailure);
  const worst = failures.find((failure) => failed.some((outcome) => outcome.is === failure));
  if (worst !== undefined) return { reason: reasonOf[worst], sinceMs: Math.min(...failed.map(({ atMs }) => atMs)) };
  const sinceMs = Math.min(...busyAtLast(settled, policy), ...neverShown(owed, settled, policy, nowMs));
  return sinceMs === Number.POSITIVE_INFINITY ? undefined : { reason: 'recorder-always-busy', sinceMs };
};

/** Since when a recorder has been busy for too long and nothing else; empty = it was not. */
const busyAtLast = (settled: readonly Settled[], { busyForMs }: ChallengePolicy): readonly number[] => {
  const busy = busyTime(settled);
  return busy === undefined || busy.toMs - busy.fromMs < busyForMs ? [] : [busy.fromMs + busyForMs];
};

/**
 * Since when film has been asked for too long of a recorder that was busy for it, and not for other film: else "busy"
 * would be the answer of whoever lost a part of it.
 */
const neverShown = (
  owed: readonly Settled[],
  settled: readonly Settled[],
  { busyForMs }: ChallengePolicy,
  nowMs: number,
): readonly number[] => {
  const lastAnswerMs = lastAnswerOf(settled);
  return owed
    .filter(({ challenge, outcome }) => outcome.is === 'busy' && lastAnswerMs > challenge.askedAtMs)
    .map(({ challenge }) => challenge.askedAtMs + busyForMs)
    .filter((sinceMs) => sinceMs <= nowMs);
};

const lastAnswerOf = (settled: readonly Settled[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...settled.flatMap(({ challenge }) => challenge.answer?.atMs ?? []));

/**
 * From the asking of the first to the deadline of the last challenge that found a busy recorder, with no answer since.
 */
const busyTime = (settled: readonly Settled[]): Interval | undefined => {
  const lastAnswerMs = lastAnswerOf(settled);
  const busy = settled.filter(({ challenge, outcome }) => outcome.is === 'busy' && challenge.askedAtMs > lastAnswerMs);
  if (busy.length === 0) return undefined;
  return {
    fromMs: Math.min(...busy.map(({ challenge }) => challenge.askedAtMs)),
    toMs: Math.max(...busy.map(({ challenge }) => challenge.answerByMs)),
  };
};

const doubtOf = ({ outcomes, sealed }: ChallengeTally, policy: ChallengePolicy): UnknownReason | undefined => {
  const asked = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (outcomes['token-refused'] > (1 - policy.leastSealedShare) * asked) return 'token-refused';
  if (sealed.sealed < policy.leastSealedShare * sealed.owed) {
    return sealed.presenceOnly > sealed.owed - sealed.sealed - sealed.presenceOnly ? 'presence-only' : 'too-few-sealed';
  }
  if (outcomes.held > 0) return undefined;
  return outcomes.busy > 0 ? 'recorder-busy' : 'nothing-shown';
};

const tallyOf = (
  settled: readonly Settled[],
  sealed: Sealed,
  policy: ChallengePolicy,
  nowMs: number,
): ChallengeTally => {
  const outcomes: Record<OutcomeWord, number> = {
    open: 0,
    held: 0,
    mismatch: 0,
    'not-found': 0,
    present: 0,
    busy: 0,
    unanswered: 0,
    'token-refused': 0,
  };
  for (const { outcome } of settled) outcomes[outcome.is] += 1;
  const tested = settled.filter(
    ({ challenge, outcome }) =>
      challenge.askedAtMs > nowMs - policy.windowMs && (outcome.is === 'held' || isFailure(outcome)),
  );
  const drawsOf = (stratum: Stratum): number =>
    tested.filter(({ challenge }) => challenge.stratum === stratum && challenge.stability === 'byte-stable').length;
  const [incident, oldest, rest] = [drawsOf('incident'), drawsOf('oldest'), drawsOf('rest')];
  return { outcomes, draws: { incident, oldest, rest }, sealed };
};
