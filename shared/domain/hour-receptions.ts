import { subtract, total, union } from './interval.ts';
import type { Interval } from './time.ts';

/** When we heard of an hour, by our clock, and what of it we then first heard to be recorded. */
export interface HourReception {
  readonly hourMs: number;
  readonly receivedAtMs: number;
  readonly recorded: readonly Interval[];
}

const byReception = (a: HourReception, b: HourReception): number =>
  a.hourMs - b.hourMs || a.receivedAtMs - b.receivedAtMs;

/**
 * Each millisecond belongs to the first reception that named it, whatever the order in which they are put down: a report
 * that comes again later takes nothing from the first. The first about an hour stays, even if it named nothing.
 */
export const mergeReceptions = (
  known: readonly HourReception[],
  next: readonly HourReception[],
): readonly HourReception[] => {
  const merged: HourReception[] = [];
  for (const one of [...known, ...next].sort(byReception)) {
    const earlier = merged.filter(({ hourMs }) => hourMs === one.hourMs);
    const recorded = subtract(
      one.recorded,
      earlier.flatMap((reception) => reception.recorded),
    );
    const last = earlier.at(-1);
    if (last?.receivedAtMs === one.receivedAtMs) {
      merged[merged.length - 1] = { ...last, recorded: union([...last.recorded, ...recorded]) };
    } else if (last === undefined || total(recorded) > 0) merged.push({ ...one, recorded });
  }
  return merged;
};

export const sameReceptions = (one: readonly HourReception[], other: readonly HourReception[]): boolean =>
  JSON.stringify(one.map(inOneSpelling)) === JSON.stringify(other.map(inOneSpelling));

const inOneSpelling = ({ hourMs, receivedAtMs, recorded }: HourReception): unknown => [
  hourMs,
  receivedAtMs,
  recorded.map(({ fromMs, toMs }) => [fromMs, toMs]),
];
