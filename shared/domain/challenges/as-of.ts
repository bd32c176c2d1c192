import type { Challenge } from './challenge.ts';

/** The challenges as they stood at an instant: what was asked or answered later is taken away again. */
export const challengesAsOf = (challenges: readonly Challenge[], atMs: number): readonly Challenge[] =>
  challenges.filter(({ askedAtMs }) => askedAtMs <= atMs).map((one) => challengeAsOf(one, atMs));

const challengeAsOf = ({ answer, busyAtMs, ...asked }: Challenge, atMs: number): Challenge => ({
  ...asked,
  ...(answer !== undefined && answer.atMs <= atMs && { answer }),
  ...(busyAtMs !== undefined && busyAtMs <= atMs && { busyAtMs }),
});
