import { intersect } from '../interval.ts';
import { HOUR_MS, type Interval, SECOND_MS } from '../time.ts';

/** Ten seconds: 2.5 MB at 2 Mbit/s, and more than one group of pictures of any camera. */
export const SLICE_MS = 10 * SECOND_MS;

/**
 * A slice of what was recorded of an hour, each start on a millisecond with the same chance; `undefined` = nothing
 * recorded is long enough. `below` gives a whole number in `[0, limit)`.
 */
export const sliceAtRandom = (
  hourMs: number,
  recorded: readonly Interval[],
  below: (limit: number) => number,
): Interval | undefined => {
  const starts = intersect(recorded, [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }])
    .map(({ fromMs, toMs }) => ({ fromMs, count: Math.floor(toMs) - Math.ceil(fromMs) - SLICE_MS + 1 }))
    .filter(({ count }) => count > 0);
  const total = starts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  let left = below(total);
  for (const { fromMs, count } of starts) {
    if (left < count) return { fromMs: Math.ceil(fromMs) + left, toMs: Math.ceil(fromMs) + left + SLICE_MS };
    left -= count;
  }
  return undefined;
};
