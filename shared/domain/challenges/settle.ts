import type { Challenge, ChallengeAnswer, FinalAnswer } from './challenge.ts';

/** An answer after what was shown has been compared with what was sealed (in constant time, outside the domain). */
export type HeardAnswer =
  | { readonly id: string; readonly is: 'shown'; readonly matches: boolean }
  | Exclude<ChallengeAnswer, { readonly is: 'shown' }>;

export type AnswerTaken =
  | { readonly taken: true; readonly challenge: Challenge }
  | { readonly taken: false; readonly reason: AnswerRefusal };

/**
 * `another-challenge`: it names another id than this one. `already-answered`: the first final answer stands, whatever
 * is sent again. `nothing-was-asked`: its token could not be opened. `wrong-kind`: bytes were asked for and presence
 * was said, or the other way about.
 */
export type AnswerRefusal = 'another-challenge' | 'already-answered' | 'nothing-was-asked' | 'wrong-kind';

/**
 * Takes one answer. A late one is taken too: a box that was cut off for two days still holds its footage, and the
 * lateness shows. Busy is not final; the first other answer is.
 */
export const takeAnswer = (challenge: Challenge, heard: HeardAnswer, nowMs: number): AnswerTaken => {
  if (heard.id !== challenge.id) return refused('another-challenge');
  if (challenge.tokenRefused !== undefined) return refused('nothing-was-asked');
  if (challenge.answer !== undefined) return refused('already-answered');
  // The first time counts: as of any instant it must still be seen that it was said by then.
  if (heard.is === 'busy') return { taken: true, challenge: { ...challenge, busyAtMs: challenge.busyAtMs ?? nowMs } };
  const proves = heard.is === 'shown' ? 'byte-stable' : 'presence-only';
  if (heard.is !== 'not-found' && proves !== challenge.stability) return refused('wrong-kind');
  return { taken: true, challenge: { ...challenge, answer: { is: finalOf(heard), atMs: nowMs } } };
};

const refused = (reason: AnswerRefusal): AnswerTaken => ({ taken: false, reason });

const finalOf = (heard: Exclude<HeardAnswer, { readonly is: 'busy' }>): FinalAnswer => {
  if (heard.is !== 'shown') return heard.is;
  return heard.matches ? 'held' : 'mismatch';
};

/** What became of a challenge, as of an instant. */
export type ChallengeOutcome =
  | { readonly is: 'open' }
  | { readonly is: FinalAnswer; readonly atMs: number; readonly late: boolean }
  /** The deadline passed; by then the box had said that its recorder was busy. */
  | { readonly is: 'busy'; readonly atMs: number }
  /** The deadline passed without a word. */
  | { readonly is: 'unanswered'; readonly atMs: number }
  | { readonly is: 'token-refused'; readonly atMs: number; readonly reason: string };

/** `atMs` is the instant at which it became so. */
export const outcomeOf = (challenge: Challenge, nowMs: number): ChallengeOutcome => {
  const { answer, answerByMs, busyAtMs, tokenRefused } = challenge;
  if (tokenRefused !== undefined) return { is: 'token-refused', atMs: challenge.askedAtMs, reason: tokenRefused };
  if (answer !== undefined) return { ...answer, late: answer.atMs >= answerByMs };
  if (nowMs < answerByMs) return { is: 'open' };
  // Said only later, it does not mend that nobody said a word.
  return { is: busyAtMs !== undefined && busyAtMs < answerByMs ? 'busy' : 'unanswered', atMs: answerByMs };
};
