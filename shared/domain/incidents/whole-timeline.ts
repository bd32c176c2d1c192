import type { Step } from '../incident.ts';

/** Steps that were flushed and steps of the head: those in both are the same and come once. */
export const wholeTimeline = (flushed: readonly Step[], head: readonly Step[]): readonly Step[] => {
  const byNumber = new Map([...flushed, ...head].map((step) => [step.n, step]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
};
