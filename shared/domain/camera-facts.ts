import type { Facility } from './facility.ts';
import type { HeldDayFacts } from './retention.ts';
import type { Interval } from './time.ts';

/** One report about the recordings of one camera, as we received it. Its times are the box's, `receivedAtMs` is ours. */
export interface RecordingFact {
  /** What it is about. */
  readonly reported: readonly Interval[];
  readonly recorded: readonly Interval[];
  /** End of the one hour that it is about; absent = the reception of single hours was not kept, and none is called late. */
  readonly hourEndMs?: number;
  readonly receivedAtMs: number;
  /** Oldest instant that the recorder said it could still play. */
  readonly oldestRetrievableAtMs?: number;
}

/** Why recordings were deleted: closed words, no free text. */
export const deletionReasons = [
  'authority-order',
  'erasure-request',
  'recorder-replaced',
  'disk-failed',
  'space-needed',
  'by-mistake',
] as const;
export type DeletionReason = (typeof deletionReasons)[number];

/** What excuses a deletion inside the days. The others explain it: what they took is lost. */
export const permittedDeletions: ReadonlySet<DeletionReason> = new Set<DeletionReason>([
  'authority-order',
  'erasure-request',
]);

/** Recordings of this interval were deleted on purpose, and the box said so. */
export interface DeclaredDeletion extends Interval {
  readonly reason: DeletionReason;
  /** Our clock. When the box says it deleted them is not asked: it could be dated before an order to keep them. */
  readonly receivedAtMs: number;
}

/** An order to keep recordings of this interval, beyond their days too, while `orderedAtMs <= now < untilMs`. */
export interface HoldOrder extends Interval {
  readonly orderedAtMs: number;
  readonly untilMs: number;
}

/** All that was ever said of the recordings of one camera. What came after the instant asked about is not looked at. */
export interface CameraFacts {
  readonly reports: readonly RecordingFact[];
  readonly deletions: readonly DeclaredDeletion[];
  readonly holds: readonly HoldOrder[];
}

/** Facts from the records of held days, which keep no reception of single hours: nothing of them is called late. */
export const factsOfHeldDays = (
  days: readonly HeldDayFacts[],
  more: Partial<Pick<CameraFacts, 'deletions' | 'holds'>> = {},
): CameraFacts => ({
  reports: days.map((day) => ({
    reported: day.reported ?? day.recorded,
    recorded: day.recorded,
    receivedAtMs: day.reportedAtMs,
    ...(day.oldestRetrievableAtMs !== undefined && { oldestRetrievableAtMs: day.oldestRetrievableAtMs }),
  })),
  deletions: more.deletions ?? [],
  holds: more.holds ?? [],
});

/**
 * The orders of the registry, which keeps neither what they are about nor when they were given: they are about all that a
 * camera has, and nothing that was gone by now is held against them.
 */
export const ordersOf = (facility: Facility, camera: string, nowMs: number): readonly HoldOrder[] =>
  (facility.legalHolds ?? [])
    .filter((hold) => hold.camera === camera)
    .map(({ untilMs }) => ({
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: Number.POSITIVE_INFINITY,
      orderedAtMs: nowMs,
      untilMs,
    }));
