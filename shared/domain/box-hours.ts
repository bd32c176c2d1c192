import { intersect, subtract, total, union } from './interval.ts';
import { HOUR_MS, type Interval, MINUTE_MS } from './time.ts';

/** What a box said itself of one hour of its beats: 60 bits, minute 0 the highest. */
export interface SaidHour {
  readonly hourMs: number;
  readonly minutes: string;
}

/** Minutes of these hours in which a box says that a beat of it was answered, unioned. */
export const saidMinutes = (hours: readonly SaidHour[]): readonly Interval[] =>
  union(
    hours.flatMap(({ hourMs, minutes }) => {
      const bits = BigInt(`0x${minutes}`);
      return Array.from({ length: 60 }, (_, minute) => minute)
        .filter((minute) => ((bits >> BigInt(59 - minute)) & 1n) === 1n)
        .map((minute) => ({ fromMs: hourMs + minute * MINUTE_MS, toMs: hourMs + (minute + 1) * MINUTE_MS }));
    }),
  );

/** The word of a box held against what we saw, over the hours that it speaks of and that were asked about. */
export interface BoxAgainstUs {
  /** Of the time asked about, what its hours speak of. */
  readonly saidMs: number;
  /** It says that it was answered, and we have a gap: its clock is off, or a receiver of ours lost what it answered. */
  readonly saysBeatWeSayGapMs: number;
  /** It says that no beat was answered, and we have no gap: normal for single minutes of a slow pace. */
  readonly saysNoneWeSayBeatMs: number;
}

/** A gap begins with the last beat and ends with the next: their minutes were beaten, and are no contradiction. */
const wholeMinutes = ({ fromMs, toMs }: Interval): Interval => ({
  fromMs: Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS,
  toMs: Math.floor(toMs / MINUTE_MS) * MINUTE_MS,
});

export const boxAgainstUs = (
  hours: readonly SaidHour[],
  gaps: readonly Interval[],
  asked: readonly Interval[],
): BoxAgainstUs => {
  const spoken = intersect(
    hours.map(({ hourMs }) => ({ fromMs: hourMs, toMs: hourMs + HOUR_MS })),
    asked,
  );
  const beat = intersect(saidMinutes(hours), spoken);
  const shown = subtract(spoken, gaps);
  return {
    saidMs: total(spoken),
    saysBeatWeSayGapMs: total(intersect(beat, gaps.map(wholeMinutes))),
    saysNoneWeSayBeatMs: total(subtract(shown, beat)),
  };
};
