import type { CameraFacts, RecordingFact } from './camera-facts.ts';
import { intersect, subtract, union } from './interval.ts';
import { SETTLE_MS } from './retention.ts';
import type { Interval } from './time.ts';

export const since = (fromMs: number): Interval => ({ fromMs, toMs: Number.POSITIVE_INFINITY });
export const before = (toMs: number): Interval => ({ fromMs: Number.NEGATIVE_INFINITY, toMs });

/** What all reports up to an instant come to. Overlaps count once; what is impossible was not said. */
export interface RecordingsSaid {
  /** Named as recorded by some report. */
  readonly recorded: readonly Interval[];
  /** Of it, what no report that came in time named. */
  readonly recordedLate: readonly Interval[];
  /** What some report was about. */
  readonly reported: readonly Interval[];
  /** Of it, by a report that came in time; by one of which it is not kept when it came. */
  readonly reportedInTime: readonly Interval[];
  readonly reportedUndated: readonly Interval[];
  /** What the report of the last hour said; absent = none ever did. */
  readonly oldestRetrievableAtMs?: number;
  /** The first instant that a report is about; absent = there is none. */
  readonly firstReportedAtMs?: number;
  /** Our clock at the last report. */
  readonly lastReceivedAtMs?: number;
}

interface Possible extends RecordingFact {
  readonly endsAtMs: number;
}

/**
 * A clock that jumped makes reports of hours yet to come, and of hours before the camera was there. Nothing can be
 * recorded after it was reported: only what lies between is taken, and a report with nothing in between says nothing.
 */
const possibleOf = (fact: RecordingFact, installedAtMs: number): readonly Possible[] => {
  const possible = [{ fromMs: installedAtMs, toMs: fact.receivedAtMs }];
  const recorded = intersect(fact.recorded, possible);
  const reported = union([...intersect(fact.reported, possible), ...recorded]);
  const endsAtMs = reported.at(-1)?.toMs;
  return endsAtMs === undefined ? [] : [{ ...fact, recorded, reported, endsAtMs }];
};

const isUndated = ({ hourEndMs }: RecordingFact): boolean => hourEndMs === undefined;
const isInTime = ({ hourEndMs, receivedAtMs }: RecordingFact): boolean =>
  hourEndMs !== undefined && receivedAtMs - hourEndMs <= SETTLE_MS;

/**
 * Of several claims the one about the last hour counts, in whatever order they came; of two about the same hour the
 * smaller promise. A claim of an instant after its own reception is a wrong clock and no claim.
 */
const claimOf = (reports: readonly Possible[]): number | undefined =>
  reports
    .flatMap(({ endsAtMs, receivedAtMs, oldestRetrievableAtMs: oldestMs }) =>
      oldestMs === undefined || oldestMs > receivedAtMs ? [] : [{ endsAtMs, oldestMs }],
    )
    .sort((a, b) => b.endsAtMs - a.endsAtMs || b.oldestMs - a.oldestMs)[0]?.oldestMs;

/** What was said of the recordings of a camera by `nowMs`, and not later. */
export const recordingsSaid = (
  { reports: all }: Pick<CameraFacts, 'reports'>,
  installedAtMs: number,
  nowMs: number,
): RecordingsSaid => {
  const reports = all.filter((one) => one.receivedAtMs <= nowMs).flatMap((one) => possibleOf(one, installedAtMs));
  const of = (which: 'recorded' | 'reported', those: readonly RecordingFact[]): readonly Interval[] =>
    union(those.flatMap((one) => one[which]));
  const recorded = of('recorded', reports);
  const notLate = reports.filter((one) => isInTime(one) || isUndated(one));
  const reported = of('reported', reports);
  const oldestRetrievableAtMs = claimOf(reports);
  const [first] = reported;
  return {
    recorded,
    recordedLate: subtract(recorded, of('recorded', notLate)),
    reported,
    reportedInTime: of('reported', reports.filter(isInTime)),
    reportedUndated: of('reported', reports.filter(isUndated)),
    ...(oldestRetrievableAtMs !== undefined && { oldestRetrievableAtMs }),
    ...(first !== undefined && {
      firstReportedAtMs: first.fromMs,
      lastReceivedAtMs: reports.reduce((last, one) => Math.max(last, one.receivedAtMs), Number.NEGATIVE_INFINITY),
    }),
  };
};

/** The recorder says that it reaches back so far, and no report is about it. */
export const claimedBy = ({
  oldestRetrievableAtMs: oldestMs,
  firstReportedAtMs,
}: RecordingsSaid): readonly Interval[] =>
  oldestMs === undefined || firstReportedAtMs === undefined
    ? []
    : union([{ fromMs: oldestMs, toMs: firstReportedAtMs }]);
