import type { Interval } from './time.ts';

/** Milliseconds of sorted, disjoint intervals inside each of the sorted, disjoint days, in one walk over both. */
export const msInEach = (sorted: readonly Interval[], days: readonly Interval[]): readonly number[] => {
  let at = 0;
  return days.map((day) => {
    let ms = 0;
    for (let one = sorted[at]; one !== undefined && one.fromMs < day.toMs; one = sorted[at]) {
      ms += Math.max(0, Math.min(one.toMs, day.toMs) - Math.max(one.fromMs, day.fromMs));
      // It goes on into the next day, which looks at it again.
      if (one.toMs > day.toMs) break;
      at += 1;
    }
    return ms;
  });
};
