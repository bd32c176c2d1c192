import { DAY_MS } from '../time.ts';
import type { ChallengePolicy } from './challenge.ts';

/**
 * Four draws a day: a recorder that keeps 60 of 90 days is found on the first day with odds of 80 % and more, 5 % of
 * lost footage within a month with 99 %. More draws cost download sessions, of which recorders have one or two.
 */
export const usualPolicy = (retentionDays: number): ChallengePolicy => ({
  retainMs: retentionDays * DAY_MS,
  oldestMs: 10 * DAY_MS,
  answerWithinMs: DAY_MS,
  busyForMs: 3 * DAY_MS,
  windowMs: 30 * DAY_MS,
  leastSealedShare: 0.95,
  draws: { incident: 1, oldest: 2, rest: 1 },
});
