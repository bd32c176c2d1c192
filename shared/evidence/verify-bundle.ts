import type { CameraDayState } from '../domain/camera-days.ts';
import type { BilingualName } from '../domain/facility.ts';
import { parseBundle, type Question } from './bundle.ts';
import { type Answer, answerOf, retrievableStates } from './bundle-answer.ts';
import { type ChallengeLines, challengeLines } from './bundle-challenges.ts';
import { type BundleEvidence, evidenceOf } from './bundle-evidence.ts';
import { logLines, recordLines, regionLines } from './bundle-lines.ts';
import { refusedSummary, summaryOf } from './bundle-summary.ts';
import { type EvidenceCode, EvidenceError } from './evidence-error.ts';

/**
 * - `proved`: the evidence is genuine, signed by keys that the reader pinned, and says that all that was due of the asked
 *   time was recorded and is held, and challenges showed samples of what is held;
 * - `not-proved`: nothing is wrong with the evidence, and it does not show that: the lines say what is missing;
 * - `refused`: the evidence is not what was sealed.
 */
export type Verdict =
  | { readonly is: 'proved' | 'not-proved' }
  | {
      readonly is: 'refused';
      readonly code: EvidenceCode;
      readonly words: BilingualName;
      /** What was found, in English, for whoever looks closer. */
      readonly detail: string;
    };

/** What a bundle proves, line by line. */
export interface BundleReport {
  readonly verdict: Verdict;
  /** Absent where the bundle could not be read. */
  readonly question?: Question;
  readonly proved: readonly BilingualName[];
  /** The gravest first. */
  readonly notProved: readonly BilingualName[];
  /** What every proof here takes for granted. */
  readonly assumes: readonly BilingualName[];
}

const assumes: readonly BilingualName[] = [
  {
    zh: '前提：监控主机在录像当时如实上报。封存之后的任何改动都会被发现；录像当时就说谎的监控主机，此证明发现不了。',
    en: 'This assumes that the box was honest when it recorded. Whatever is changed after it was sealed is found; a box that lied while it recorded is not found by this proof.',
  },
  {
    zh: '前提：哪些摄像机应当录像以机构登记为准；每小时的状态在封存时按规则包判定，此处核对其未被改动，不重新判定。',
    en: 'This takes from the registry which cameras had to record, and from the day of sealing how each hour was judged by the pack: that nothing was changed since is verified here; the judgement is not made anew.',
  },
  {
    zh: '前提：您所信任的公钥来自可靠渠道，而非来自本文件。',
    en: 'This assumes that the keys you trust came to you by another way than this file.',
  },
];

/** What each state of an hour is called. */
export const stateWords: Readonly<Record<CameraDayState, BilingualName>> = {
  held: { zh: '已录制且可调取', en: 'recorded and held' },
  'held-late': { zh: '已录制且可调取，但上报迟了', en: 'recorded and held, reported late' },
  'on-hold': { zh: '已录制，依留存指令保留', en: 'recorded, and kept by an order' },
  lost: {
    zh: '已丢失（未录制、已被覆盖或被违规删除）',
    en: 'lost: not recorded, overwritten, or deleted without a permitted reason',
  },
  declared: {
    zh: '已申报（准许的删除，或仅由录像机自称）',
    en: 'declared: deleted for a permitted reason, or only claimed',
  },
  unknown: { zh: '无任何上报', en: 'unknown: nobody reported anything' },
  'not-yet-due': { zh: '尚未到期或不要求', en: 'not required, or not yet due' },
  'no-longer-due': { zh: '已过保存期限', en: 'no longer due: older than it has to be kept' },
};

const isRetrievable = (state: CameraDayState): boolean => retrievableStates.includes(state);
const isNotDue = (state: CameraDayState): boolean => state === 'not-yet-due' || state === 'no-longer-due';

const hourLines = ({ hours }: Answer, question: Question, wanted: (state: CameraDayState) => boolean) =>
  (Object.keys(hours) as CameraDayState[])
    .filter((state) => hours[state] > 0 && wanted(state))
    .map((state) => ({
      zh: `共 ${hours[state]} ${'area' in question ? '小时' : '个摄像机小时'}：${stateWords[state].zh}。`,
      en: `${'area' in question ? 'Hours' : 'Camera-hours'}: ${hours[state]} ${stateWords[state].en}.`,
    }));

const when = (isSo: boolean, line: BilingualName): readonly BilingualName[] => (isSo ? [line] : []);

const noKey: BilingualName = {
  zh: '未指定您所信任的密钥：文件只能自证，任何人都能造出一份同样自洽的文件。',
  en: 'No key of yours was given: the file vouches for itself, and anybody could make one that does.',
};

const noRegion: BilingualName = {
  zh: '未附地区日志的证明：无法排除向他人出示了另一份日志。',
  en: 'There is no proof from the log of the region: that others were shown another log is not excluded.',
};

/** What the statement says against the claim, or does not say. */
const hourGaps = ({ question, beginsLate, statements }: BundleEvidence, answer: Answer): readonly BilingualName[] => [
  ...when(answer.cameras.length === 0, {
    zh: '声明中没有相关的摄像机。',
    en: 'The statement names no camera for what was asked.',
  }),
  ...hourLines(answer, question, (state) => !isRetrievable(state) && !isNotDue(state)),
  ...('area' in question ? hourLines(answer, question, isNotDue) : []),
  ...when(answer.outside > 0, {
    zh: `所问时间中有 ${answer.outside} 小时不在声明的范围内。`,
    en: `Hours asked about of which the statement does not speak: ${answer.outside}.`,
  }),
  ...when(beginsLate, {
    zh: `日志始于 ${statements[0]?.day}：此前的日期在当时没有封存。`,
    en: `The log begins on ${statements[0]?.day}: nothing was sealed at the time of the days before.`,
  }),
  ...when(!retrievableStates.some((state) => answer.hours[state] > 0), {
    zh: '没有任何一小时被证明仍可调取。',
    en: 'Not one hour is shown to be held.',
  }),
];

/**
 * Whatever keeps genuine evidence from proving what was asked, the gravest first: a file that anybody could have made,
 * footage that is not what the box says, footage that is not there, and then what is only not known.
 */
const missingLines = (
  evidence: BundleEvidence,
  answer: Answer,
  { notProved, foundFalse }: ChallengeLines,
): readonly BilingualName[] => [
  ...when(!evidence.pinned, noKey),
  ...(foundFalse ? notProved : []),
  ...hourGaps(evidence, answer),
  ...(foundFalse ? [] : notProved),
  ...when(evidence.region === undefined, noRegion),
];

/** A report, and one sentence for whoever reads nothing else. */
export interface ToldBundle {
  readonly report: BundleReport;
  readonly summary: BilingualName;
}

const toldOf = (evidence: BundleEvidence): ToldBundle => {
  const { question, records, wholeDays, last } = evidence;
  const answer = answerOf(question, last);
  const challenges = challengeLines(last.challenges);
  const notProved = missingLines(evidence, answer, challenges);
  const report: BundleReport = {
    verdict: { is: notProved.length === 0 ? 'proved' : 'not-proved' },
    question,
    proved: [
      ...logLines(evidence),
      ...regionLines(evidence),
      ...hourLines(answer, question, isRetrievable),
      ...('area' in question ? [] : hourLines(answer, question, isNotDue)),
      ...challenges.proved,
      ...recordLines(records, wholeDays),
    ],
    notProved,
    assumes: [...assumes, ...challenges.assumes],
  };
  return { report, summary: summaryOf(evidence, notProved) };
};

const refusalOf = (error: EvidenceError): ToldBundle => ({
  report: {
    verdict: { is: 'refused', code: error.code, words: error.words, detail: error.message },
    proved: [],
    notProved: [{ zh: '此文件什么也没有证明。', en: 'This file proves nothing.' }],
    assumes,
  },
  summary: refusedSummary(error),
});

/** `verifyBundle`, and the sentence that stands above its report on the page. */
export const tellBundle = (bytes: Uint8Array, pinnedKeys?: readonly string[]): ToldBundle => {
  try {
    return toldOf(evidenceOf(parseBundle(bytes), pinnedKeys));
  } catch (error) {
    if (error instanceof EvidenceError) return refusalOf(error);
    throw error;
  }
};

/**
 * What a bundle proves to whoever pinned these keys. Without any, nothing is `proved`: the file would vouch for itself.
 * Whatever the bytes are, it reports and does not throw.
 */
export const verifyBundle = (bytes: Uint8Array, pinnedKeys?: readonly string[]): BundleReport =>
  tellBundle(bytes, pinnedKeys).report;
