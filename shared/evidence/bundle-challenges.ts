import { challengeAssumptions, oddsText } from '../domain/challenges/odds-text.ts';
import type { ChallengeVerdict } from '../domain/challenges/verdict.ts';
import type { BilingualName } from '../domain/facility.ts';
import { challengeOutcomes, type StatedChallenges } from './stated-challenges.ts';

/*
 * What the challenges of the last statement say, in words: whether the footage that the box calls held was shown when it
 * was asked for.
 */

/** Lines for each part of a report. */
export interface ChallengeLines {
  readonly proved: readonly BilingualName[];
  readonly notProved: readonly BilingualName[];
  readonly assumes: readonly BilingualName[];
  /** Whether footage that was called held is gone or another: worse than not knowing. */
  readonly foundFalse: boolean;
}

type OutcomeWord = (typeof challengeOutcomes)[number];

/** Each outcome is told apart: they have different causes, and none stands for another. */
const outcomeWords: Readonly<Record<OutcomeWord, BilingualName>> = {
  held: { zh: '已出示录像，与录像当时封存的一致', en: 'the footage was shown, as it was sealed when it was recorded' },
  mismatch: {
    zh: '所出示的与录像当时封存的不一致：录像已不是原来的',
    en: 'what was shown is not what was sealed when it was recorded',
  },
  'not-found': { zh: '监控主机称录像已找不到', en: 'the box said that the footage is gone' },
  unanswered: { zh: '期限内没有任何答复', en: 'no answer came before the deadline' },
  busy: { zh: '期限内录像机一直繁忙，未能出示', en: 'the recorder was busy until the deadline, nothing was shown' },
  present: {
    zh: '录像机只能声称录像存在，并未证明',
    en: 'the recorder can only say that the footage is there, which shows nothing',
  },
  'token-refused': { zh: '封存凭据无法打开，未能抽查', en: 'the sealed token could not be opened, nothing was asked' },
  open: { zh: '尚在答复期限内', en: 'the deadline had not come yet' },
};

/** Footage that was asked for and not shown: no later sample makes it good. */
const failures: readonly OutcomeWord[] = ['mismatch', 'not-found', 'unanswered'];

const verdictWords: Readonly<
  Record<Exclude<ChallengeVerdict['reason'], 'nothing-owed' | 'shown-by-samples'>, BilingualName>
> = {
  'film-differs': { zh: '抽查发现录像与封存时不符。', en: 'Challenges found footage that is not what was sealed.' },
  'film-not-found': { zh: '抽查发现应保存的录像已不在。', en: 'Challenges found that footage that is owed is gone.' },
  'challenge-unanswered': { zh: '抽查未获答复。', en: 'Challenges went unanswered.' },
  'recorder-always-busy': {
    zh: '录像机连日声称繁忙，要求出示的录像始终未出示。',
    en: 'For days the recorder said that it was busy, and what was asked for was never shown.',
  },
  'presence-only': {
    zh: '该录像机只能声称录像存在：所称的保存情况未经抽查证明。',
    en: 'The recorders can only say that footage is there: that it is held was not verified by challenges.',
  },
  'too-few-sealed': {
    zh: '录像当时封存凭据的时段太少：抽查不足以说明整体。',
    en: 'Too few hours were sealed when they were recorded: samples of them say nothing about the rest.',
  },
  'token-refused': {
    zh: '太多封存凭据无法打开：抽查不足以说明整体。',
    en: 'Too many sealed tokens could not be opened: samples say nothing about the rest.',
  },
  'recorder-busy': {
    zh: '录像机繁忙，尚未出示任何录像。',
    en: 'The recorder was busy: no footage has been shown yet.',
  },
  'nothing-shown': {
    zh: '尚无任何录像经抽查出示：所称的保存情况仅为监控主机自称。',
    en: 'No footage has been shown to a challenge yet: that it is held is only what the box says.',
  },
};

const outcomeLine = (outcome: OutcomeWord, count: number): BilingualName => ({
  zh: `抽查 ${count} 次：${outcomeWords[outcome].zh}。`,
  en: `Challenges where ${outcomeWords[outcome].en}: ${count}.`,
});

/** Line by line in both languages. */
const oddsLines = ({ draws }: StatedChallenges): readonly BilingualName[] => {
  if (Object.values(draws).every((count) => count === 0)) return [];
  const { zh, en } = oddsText(draws);
  const lines = en.split('\n');
  return zh.split('\n').map((line, at) => ({ zh: line, en: lines[at] ?? '' }));
};

/** What is zero is left out; that nothing could be put to the test is not. */
const sealedLine = ({ sealed: { owed, sealed, presenceOnly } }: StatedChallenges): BilingualName => {
  const parts: readonly BilingualName[] = [
    ...(sealed > 0 ? [{ zh: `其中 ${sealed} 个可被抽查`, en: `${sealed} of them could be drawn` }] : []),
    ...(presenceOnly > 0
      ? [
          {
            zh: `其中 ${presenceOnly} 个只能声称存在`,
            en: `of ${presenceOnly} of them a recorder can only say that they are there`,
          },
        ]
      : []),
  ];
  const told = parts.length > 0 ? parts : [{ zh: '均无法抽查', en: 'none of them could be drawn' }];
  return {
    zh: `应保存且已录制的摄像机小时 ${owed} 个，${told.map(({ zh }) => zh).join('，')}。`,
    en: `Camera-hours owed and recorded: ${owed}; ${told.map(({ en }) => en).join(', and ')}.`,
  };
};

/**
 * A single busy recorder or unreadable token does not undo samples that were shown, so it is only counted there; without
 * such samples it is why nothing is proved.
 */
const isMissing = (outcome: OutcomeWord, { state }: StatedChallenges): boolean =>
  failures.includes(outcome) || (outcome !== 'held' && outcome !== 'open' && state !== 'met');

/** The challenges as a report tells them. */
export const challengeLines = (stated: StatedChallenges): ChallengeLines => {
  const { reason, outcomes } = stated;
  const said = challengeOutcomes.filter((outcome) => outcomes[outcome] > 0);
  const lines = (missing: boolean) =>
    said
      .filter((outcome) => isMissing(outcome, stated) === missing)
      .map((outcome) => outcomeLine(outcome, outcomes[outcome]));
  const isFine = reason === 'nothing-owed' || reason === 'shown-by-samples';
  return {
    proved: [...lines(false), ...(reason === 'nothing-owed' ? [] : [sealedLine(stated)]), ...oddsLines(stated)],
    notProved: [...(isFine ? [] : [verdictWords[reason]]), ...lines(true)],
    assumes: reason === 'nothing-owed' ? [] : challengeAssumptions,
    foundFalse: outcomes.mismatch + outcomes['not-found'] > 0,
  };
};
