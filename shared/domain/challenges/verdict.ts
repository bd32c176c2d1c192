import type { Challenge, ChallengePolicy, Stratum } from './challenge.ts';
import { type ChallengeOutcome, outcomeOf } from './settle.ts';

/** How many camera-hours must be held, and of how many a token was sealed. */
export interface Sealed {
  readonly owed: number;
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
 * Judges all challenges of a facility as of an instant. One camera-hour that was not shown is enough for a breach, and it
 * stays one until that hour need not be held any more: footage does not come back. Samples that were shown say `met` only
 * where enough of the owed hours could have been drawn. What was never shown is unknown, never met.
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
  if (sealed.owed === 0) return { ...tally, state: 'not-applicable', reason: 'nothing-owed' };
  const breach = breachOf(settled, policy, nowMs);
  if (breach !== undefined) return { ...tally, state: 'breached', ...breach };
  const doubt = doubtOf(tally, policy);
  if (doubt !== undefined) return { ...tally, state: 'unknown', reason: doubt };
  return { ...tally, state: 'met', reason: 'shown-by-samples' };
};

/** A failure counts as long as its footage is owed; anything else as long as the window reaches. */
const counts = ({ challenge, outcome }: Settled, policy: ChallengePolicy, nowMs: number): boolean => {
  const isOwed = challenge.hourMs + policy.retainMs > nowMs;
  return (isFailure(outcome) && isOwed) || challenge.askedAtMs > nowMs - policy.windowMs;
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
  const busyAtMs = busySinceMs(settled);
  if (busyAtMs === undefined || nowMs - busyAtMs < policy.busyForMs) return undefined;
  return { reason: 'recorder-always-busy', sinceMs: busyAtMs + policy.busyForMs };
};

/** Since when the deadline of each challenge in turn found a busy recorder, and no answer came in between. */
const busySinceMs = (settled: readonly Settled[]): number | undefined => {
  const concluded = settled.flatMap(({ outcome }) =>
    outcome.is === 'open' || outcome.is === 'token-refused' ? [] : [outcome],
  );
  const lastAnswerMs = Math.max(
    Number.NEGATIVE_INFINITY,
    ...concluded.filter(({ is }) => is !== 'busy').map(({ atMs }) => atMs),
  );
  const busy = concluded.filter(({ is, atMs }) => is === 'busy' && atMs > lastAnswerMs);
  return busy.length === 0 ? undefined : Math.min(...busy.map(({ atMs }) => atMs));
};

const doubtOf = ({ outcomes, sealed }: ChallengeTally, policy: ChallengePolicy): UnknownReason | undefined => {
  if (outcomes['token-refused'] > 0) return 'token-refused';
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
