import type { ReportBase } from './reports.ts';
import { ageOf, offsetOf, type Sender } from './sender.ts';
import { SECOND_MS } from './time.ts';

/** A report older than this moves no vitals. */
export const FRESH_WITHIN_MS = 30 * SECOND_MS;
/** An offset further than this from the row's is another clock, or held-back bytes. */
export const OFFSET_AGREES_MS = 30 * SECOND_MS;

/**
 * `fresh`: it says how things are now. `late`: it tells of the past. `candidate`: young, but its clock disagrees with
 * what we know of the box; a second beat that agrees with it would settle that.
 */
export type Freshness = 'fresh' | 'late' | 'candidate';

/** Judges by the age of the report and by the offset that the box is known to have (absent = none known yet). */
export const freshnessOf = (report: ReportBase, sender: Sender, offsetMs: number | undefined): Freshness => {
  if (!isYoung(report, sender)) return 'late';
  return offsetMs === undefined || Math.abs(offsetOf(sender) - offsetMs) <= OFFSET_AGREES_MS ? 'fresh' : 'candidate';
};

/** Known to be at most 30 s old, by the box's own clocks. */
export const isYoung = (report: ReportBase, sender: Sender): boolean => {
  const ageMs = ageOf(report, sender);
  return ageMs !== 'unknown' && ageMs >= 0 && ageMs <= FRESH_WITHIN_MS;
};

/** When a report was true, by the server's clock; unknown while the box's offset is. */
export const shownAtOf = (report: ReportBase, offsetMs: number | undefined): number | undefined =>
  offsetMs === undefined ? undefined : report.timeMs + offsetMs;
