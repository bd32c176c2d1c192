import { type Stratum, strata } from '../domain/challenges/challenge.ts';
import type { ChallengeOutcome } from '../domain/challenges/settle.ts';
import type { BreachReason, ChallengeVerdict, Sealed, UnknownReason } from '../domain/challenges/verdict.ts';
import { count, malformed, object, type Reader, wordOf } from './read-json.ts';

type OutcomeWord = ChallengeOutcome['is'];

/** Every outcome, in the order in which reports list them. */
export const challengeOutcomes = [
  'held',
  'mismatch',
  'not-found',
  'unanswered',
  'busy',
  'present',
  'token-refused',
  'open',
] as const satisfies readonly OutcomeWord[];

/** What the challenges of a facility came to as of the end of the day, as `judgeChallenges` has it. */
export interface StatedChallenges {
  readonly state: ChallengeVerdict['state'];
  readonly reason: ChallengeVerdict['reason'];
  readonly outcomes: Readonly<Record<OutcomeWord, number>>;
  /** Camera-hours of the window that were put to the test, by where they were drawn from. */
  readonly draws: Readonly<Record<Stratum, number>>;
  /** Camera-hours that were owed and recorded, and which of them could have been drawn. */
  readonly sealed: Sealed;
}

const breaches: Readonly<Record<BreachReason, OutcomeWord>> = {
  'film-differs': 'mismatch',
  'film-not-found': 'not-found',
  'challenge-unanswered': 'unanswered',
  'recorder-always-busy': 'busy',
};

/** What the figures have to look like for each reason of not knowing. */
const unknowns: Readonly<Record<UnknownReason, (stated: StatedChallenges) => boolean>> = {
  'presence-only': ({ sealed }) => sealed.presenceOnly > 0,
  'too-few-sealed': ({ sealed }) => sealed.sealed < sealed.owed,
  'token-refused': ({ outcomes }) => outcomes['token-refused'] > 0,
  'recorder-busy': ({ outcomes }) => outcomes.held === 0 && outcomes.busy > 0,
  'nothing-shown': ({ outcomes }) => outcomes.held === 0,
};

const isBreach = (reason: string): reason is BreachReason => Object.hasOwn(breaches, reason);
const isUnknown = (reason: string): reason is UnknownReason => Object.hasOwn(unknowns, reason);

/** Whether state, reason and figures say the same. */
const agrees = (stated: StatedChallenges): boolean => {
  const { state, reason, outcomes, sealed } = stated;
  if (state === 'not-applicable') return reason === 'nothing-owed' && sealed.owed === 0;
  if (state === 'met') return reason === 'shown-by-samples' && outcomes.held > 0 && sealed.sealed > 0;
  if (state === 'breached') return isBreach(reason) && outcomes[breaches[reason]] > 0;
  return isUnknown(reason) && unknowns[reason](stated);
};

const readFigures = <K extends string>(keys: readonly K[]): Reader<Readonly<Record<K, number>>> =>
  object<Record<K, number>>(
    Object.fromEntries(keys.map((key) => [key, count])) as unknown as {
      readonly [P in K]-?: Reader<Exclude<Record<K, number>[P], undefined>>;
    },
  );

const readForm = object<StatedChallenges>({
  state: wordOf(['met', 'breached', 'unknown', 'not-applicable']),
  reason: wordOf([
    'nothing-owed',
    'shown-by-samples',
    ...(Object.keys(breaches) as BreachReason[]),
    ...(Object.keys(unknowns) as UnknownReason[]),
  ]),
  outcomes: readFigures(challengeOutcomes),
  draws: readFigures(strata),
  sealed: readFigures(['owed', 'sealed', 'presenceOnly']),
});

/** One spelling, figures that fit each other, and no state that they do not bear out. Throws `malformed`. */
export const readChallenges: Reader<StatedChallenges> = (value, path) => {
  const stated = readForm(value, path);
  const { outcomes, draws, sealed } = stated;
  const tested = outcomes.held + outcomes.mismatch + outcomes['not-found'] + outcomes.unanswered;
  if (strata.reduce((sum, one) => sum + draws[one], 0) > tested)
    malformed(`${path}.draws`, 'are more than were settled');
  if (sealed.sealed + sealed.presenceOnly > sealed.owed) malformed(`${path}.sealed`, 'is more than was owed');
  if (!agrees(stated)) malformed(`${path}.reason`, 'is not what the figures say');
  return stated;
};

/** Only what is stated: a verdict may be handed in as it is. */
export const statedOf = ({ state, reason, outcomes, draws, sealed }: StatedChallenges): StatedChallenges => ({
  state,
  reason,
  outcomes,
  draws,
  sealed,
});
