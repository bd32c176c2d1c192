import { daysBetween } from '../domain/civil-day.ts';
import type { BilingualName } from '../domain/facility.ts';
import type { Question } from './bundle.ts';
import type { BundleEvidence } from './bundle-evidence.ts';
import type { EvidenceError } from './evidence-error.ts';
import type { StatedChallenges } from './stated-challenges.ts';

/*
 * One sentence for a person who reads nothing else. It says no more than the lines of the report, and never that something
 * is proved without what it is proved of.
 */

/** What was to be shown, as the end of a sentence. */
const claimOf = (question: Question): BilingualName => {
  if ('area' in question) {
    return {
      zh: `区域 ${question.area} 在所问时间内每小时的录像均在`,
      en: `footage of the area ${question.area} is held for every hour asked about`,
    };
  }
  const { from, to } = question.days;
  const count = daysBetween(from, to) + 1;
  return {
    zh: `所问 ${count} 天（${from} 至 ${to}）内应保存的录像均在`,
    en: `all footage that had to be kept of the days asked about (${count}: ${from} to ${to}) is held`,
  };
};

/** Of the challenges whose deadline has come, how many were shown the footage. */
const shownOf = ({ outcomes: { open: _, ...settled } }: StatedChallenges): BilingualName => {
  const asked = Object.values(settled).reduce((sum, count) => sum + count, 0);
  if (asked === 0) return { zh: '', en: '' };
  const rest = asked - settled.held;
  return {
    zh: `，对该机构抽查 ${asked} 次${rest === 0 ? '均已出示' : `，其中 ${settled.held} 次已出示，${rest} 次没有结果`}`,
    en: `, and footage was shown in ${settled.held} of ${asked} challenges of this facility`,
  };
};

/** `reasons`: whatever keeps it from being proved, the gravest first. */
export const summaryOf = ({ question, last }: BundleEvidence, reasons: readonly BilingualName[]): BilingualName => {
  const [claim, shown] = [claimOf(question), shownOf(last.challenges)];
  const [gravest, ...others] = reasons;
  if (gravest === undefined) {
    return {
      zh: `这份证据证明：截至 ${last.day} 结束时，${claim.zh}${shown.zh}（前提见文末）。`,
      en: `This evidence proves that, as of the end of ${last.day}, ${claim.en}${shown.en} (what this assumes is at the end).`,
    };
  }
  const more = others.length;
  return {
    zh: `这份证据未能证明：截至 ${last.day} 结束时，${claim.zh}。首要原因：${gravest.zh}${more === 0 ? '' : `其他原因 ${more} 项见下。`}`,
    en: `This evidence does not prove that, as of the end of ${last.day}, ${claim.en}. Above all: ${gravest.en}${more === 0 ? '' : ` Other reasons, below: ${more}.`}`,
  };
};

/** The same of a file that was refused. */
export const refusedSummary = ({ words }: Pick<EvidenceError, 'words'>): BilingualName => ({
  zh: `这份文件什么也没有证明：${words.zh}`,
  en: `This file proves nothing. ${words.en}`,
});
