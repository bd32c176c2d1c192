import type { ChallengeVerdict } from '../../domain/challenges/verdict.ts';
import type { BilingualName } from '../../domain/facility.ts';
import { reasonWords } from '../../domain/notices/notice-words.ts';

export type SaidOfChallenges = Pick<ChallengeVerdict, 'state' | 'reason' | 'outcomes'>;

const timesOf = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

type Outcome = keyof ChallengeVerdict['outcomes'];

/** What became of challenged footage that was not shown, the worst first. */
const failures: readonly (readonly [Outcome, (count: number) => BilingualName])[] = [
  ['mismatch', (n) => ({ zh: `与录像当时封存的不一致${n}次`, en: `differed from what was sealed ${timesOf(n)}` })],
  ['not-found', (n) => ({ zh: `找不到${n}次`, en: `was not found ${timesOf(n)}` })],
  ['unanswered', (n) => ({ zh: `逾期未出示${n}次`, en: `was not shown in time ${timesOf(n)}` })],
];

const busy = (n: number): BilingualName => ({
  zh: `因录像设备一直占线未能出示${n}次`,
  en: `was not shown ${timesOf(n)} since the recorder was always busy`,
});

/** `a`, `a and b`, `a, b and c`. */
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** How challenges speak against a facility, as a part of a sentence; absent = they do not. */
export const challengesAgainst = ({ state, reason, outcomes }: SaidOfChallenges): BilingualName | undefined => {
  if (state !== 'breached') return undefined;
  const said =
    reason === 'recorder-always-busy'
      ? [busy(outcomes.busy)]
      : failures.flatMap(([outcome, words]) => (outcomes[outcome] === 0 ? [] : [words(outcomes[outcome])]));
  return {
    zh: `抽查的录像${said.map(({ zh }) => zh).join('、')}`,
    en: `challenged footage ${listed(said.map(({ en }) => en))}`,
  };
};

const presenceOnly: BilingualName = {
  zh: '录像设备只能答复有无，无法出示原样字节',
  en: 'its recorders can only say that footage is there',
};

/** Why the days of a facility rest on reports alone; absent = challenges confirm them, or nothing is owed. */
export const onReportsAlone = ({ state, reason }: SaidOfChallenges): BilingualName | undefined => {
  if (state !== 'unknown') return undefined;
  const why = reason === 'presence-only' ? presenceOnly : (reasonWords[reason] ?? { zh: reason, en: reason });
  return {
    zh: `仅凭上报，未经抽查证实（${why.zh}）`,
    en: `by its reports alone: no challenge confirms them (${why.en})`,
  };
};
