import type { ChallengeAnswer, ChallengeQuestion } from '../shared/domain/challenges/challenge.ts';
import { HOUR_MS, MINUTE_MS } from '../shared/domain/time.ts';
import { answerChallenge } from './challenges.ts';
import type { SliceReader } from './recorder.ts';

const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = HOUR_MS;

export interface AnsweringOptions {
  readonly recorder: SliceReader;
  /** Puts an answer on disk, to be sent. */
  readonly say: (answer: ChallengeAnswer) => void;
  readonly nowMs: () => number;
  /** Answers that wait on disk since before a restart. */
  readonly saidBefore: readonly string[];
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Answers challenges, one after the other. */
export interface Answering {
  /** What the server asks now. Hearing of one that is being answered, or was, changes nothing. */
  readonly hear: (questions: readonly ChallengeQuestion[]) => void;
  readonly done: () => Promise<void>;
}

/**
 * A final answer is said once: what was said is known from this run, and from what waits on disk since the one before. A
 * box that dies between reading and writing says it in its next run, for the server asks again. A busy recorder is said
 * each time, so that it shows as busy and not as silent, and asked again until the answer is due.
 */
export const startAnswering = (options: AnsweringOptions): Answering => {
  const { recorder, say, nowMs, pause, signal } = options;
  const heard = new Set(options.saidBefore);
  let work: Promise<void> = Promise.resolve();

  const answerNow = async (question: ChallengeQuestion): Promise<boolean> => {
    const answer = await answerChallenge(recorder, question);
    if (signal.aborted) return true;
    say(answer);
    return answer.is !== 'busy';
  };

  /** Others are answered while one waits for its recorder. */
  const tryAgain = async (question: ChallengeQuestion, waitMs: number): Promise<void> => {
    if (signal.aborted || nowMs() + waitMs >= question.answerByMs) {
      // Heard again, it gets another try: an answer that is late is taken, and shows as late.
      heard.delete(question.id);
      return;
    }
    await pause(waitMs, signal);
    if (signal.aborted || (await queued(() => answerNow(question)))) return;
    await tryAgain(question, Math.min(LONGEST_RETRY_MS, waitMs * 2));
  };

  const queued = (act: () => Promise<boolean>): Promise<boolean> => {
    const run = work.then(() => (signal.aborted ? true : act()));
    work = run.then(
      () => {},
      () => {},
    );
    return run;
  };

  const waiting = new Set<Promise<void>>();
  const answer = async (question: ChallengeQuestion): Promise<void> => {
    if (!(await queued(() => answerNow(question)))) await tryAgain(question, FIRST_RETRY_MS);
  };

  return {
    hear: (questions) => {
      for (const question of questions) {
        if (heard.has(question.id)) continue;
        heard.add(question.id);
        const one: Promise<void> = answer(question).finally(() => waiting.delete(one));
        waiting.add(one);
      }
    },
    done: async () => {
      await Promise.all(waiting);
    },
  };
};
