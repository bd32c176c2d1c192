import { subtract, union } from './interval.ts';
import type { RecordingReport } from './reports.ts';
import type { HeldDayFacts } from './retention.ts';
import { HOUR_MS } from './time.ts';

/** A held day as it is kept. */
export interface KeptDay extends HeldDayFacts {
  readonly camera: string;
  readonly revision: number;
}

/**
 * Merges one hour into its day; absent = it says nothing new. What was recorded once stays recorded; of several claims
 * of the oldest retrievable instant the one that came last counts. A report that is sent again claims nothing anew: else
 * repeating an old one would look like news of the camera.
 */
export const mergeHeldDay = (
  read: KeptDay | undefined,
  report: RecordingReport,
  day: string,
  receivedMs: number,
  isRepeat: boolean,
): KeptDay | undefined => {
  const hour = { fromMs: report.hourMs, toMs: report.hourMs + HOUR_MS };
  const recorded = union([...(read?.recorded ?? []), ...report.recorded]);
  const reported = union([...(read?.reported ?? []), hour]);
  const isNewest = receivedMs >= (read?.reportedAtMs ?? 0);
  const oldestMs = isNewest
    ? (report.oldestRetrievableAtMs ?? read?.oldestRetrievableAtMs)
    : read?.oldestRetrievableAtMs;
  const isKnown =
    subtract([hour], read?.reported ?? []).length === 0 && subtract(report.recorded, read?.recorded ?? []).length === 0;
  if (isKnown && (isRepeat || oldestMs === read?.oldestRetrievableAtMs)) return undefined;
  return {
    camera: report.camera,
    day,
    recorded,
    reported,
    ...(oldestMs !== undefined && { oldestRetrievableAtMs: oldestMs }),
    reportedAtMs: Math.max(receivedMs, read?.reportedAtMs ?? 0),
    revision: (read?.revision ?? 0) + 1,
  };
};
