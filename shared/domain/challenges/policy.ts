import { DAY_MS } from '../time.ts';
import type { ChallengePolicy } from './challenge.ts';

/**
 * Four draws a day. A recorder that keeps 60 of 90 days is found by the first draw, for all of its oldest ten days is
 * gone; 5 % lost evenly is found within a month with odds of 99 %, though there was no incident to draw from. More
 * draws cost download sessions, of which recorders have one or two.
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
