import type { Interval } from './time.ts';

/** Sorted, disjoint, non-empty intervals: what every function here returns. Touching ones are joined. */
export const union = (intervals: readonly Interval[]): readonly Interval[] => {
  const sorted = intervals.filter((one) => one.fromMs < one.toMs).sort((a, b) => a.fromMs - b.fromMs);
  const joined: Interval[] = [];
  for (const next of sorted) {
    const last = joined.at(-1);
    if (last === undefined || next.fromMs > last.toMs) joined.push({ fromMs: next.fromMs, toMs: next.toMs });
    else if (next.toMs > last.toMs) joined[joined.length - 1] = { fromMs: last.fromMs, toMs: next.toMs };
  }
  return joined;
};

/** What lies in both. */
export const intersect = (a: readonly Interval[], b: readonly Interval[]): readonly Interval[] => {
  const [left, right] = [union(a), union(b)];
  const shared: Interval[] = [];
  let [i, j] = [0, 0];
  for (let x = left[i], y = right[j]; x !== undefined && y !== undefined; x = left[i], y = right[j]) {
    const fromMs = Math.max(x.fromMs, y.fromMs);
    const toMs = Math.min(x.toMs, y.toMs);
    if (fromMs < toMs) shared.push({ fromMs, toMs });
    if (x.toMs < y.toMs) i += 1;
    else j += 1;
  }
  return shared;
};

/** What lies in `a` and not in `b`. */
export const subtract = (a: readonly Interval[], b: readonly Interval[]): readonly Interval[] =>
  intersect(a, complement(union(b)));

const complement = (sorted: readonly Interval[]): readonly Interval[] => {
  const edges = [
    Number.NEGATIVE_INFINITY,
    ...sorted.flatMap((one) => [one.fromMs, one.toMs]),
    Number.POSITIVE_INFINITY,
  ];
  return edges.flatMap((fromMs, at) => {
    const toMs = edges[at + 1];
    return at % 2 === 0 && toMs !== undefined ? [{ fromMs, toMs }] : [];
  });
};

/** Milliseconds covered; overlaps count once. */
export const total = (intervals: readonly Interval[]): number =>
  union(intervals).reduce((sum, one) => sum + (one.toMs - one.fromMs), 0);
