import type { Facility, LegalHold } from './facility.ts';
import { type ConfirmedHold, confirmationKey, type DeclaredDeletion, deletionKey, firstHeard } from './heard.ts';
import type { HeldDayFacts, ReachClaim } from './held-day.ts';
import { subtract, union } from './interval.ts';
import { holdEndMs } from './legal-holds.ts';
import { HOUR_MS, hourFrom, type Interval } from './time.ts';

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

/** An order to keep recordings of this interval, beyond their days too, while `orderedAtMs <= now < untilMs`. */
export interface HoldOrder extends Interval {
  /** Absent = no box was told of it, and none can confirm it. */
  readonly id?: string;
  readonly orderedAtMs: number;
  readonly untilMs: number;
}

export const isInEffect = (hold: HoldOrder, atMs: number): boolean => hold.orderedAtMs <= atMs && atMs < hold.untilMs;

/** All that was ever said of the recordings of one camera. What came after the instant asked about is not looked at. */
export interface CameraFacts {
  readonly reports: readonly RecordingFact[];
  readonly deletions: readonly DeclaredDeletion[];
  readonly holds: readonly HoldOrder[];
  /** What the box says that it protects because of an order; absent = nothing. */
  readonly confirmed?: readonly ConfirmedHold[];
}

/** Facts from the records of held days. What was kept before the reception of single hours was is not called late. */
export const factsOfHeldDays = (
  days: readonly HeldDayFacts[],
  more: Partial<Pick<CameraFacts, 'deletions' | 'holds'>> = {},
): CameraFacts => ({
  reports: days.flatMap((day) => [...datedFacts(day), ...undatedFacts(day)]),
  deletions: deletionsIn(days, more.deletions),
  holds: more.holds ?? [],
  confirmed: holdsConfirmedIn(days),
});

/** One report may be in the records of two days: our reply got lost, and it was sent again after midnight. */
export const deletionsIn = (
  days: readonly HeldDayFacts[],
  more: readonly DeclaredDeletion[] = [],
): readonly DeclaredDeletion[] => firstHeard([...days.flatMap((day) => day.deletions ?? []), ...more], deletionKey);

/** When the box first said that it keeps something because of an order; an order without is a finding. */
export const holdsConfirmedIn = (days: readonly HeldDayFacts[]): readonly ConfirmedHold[] =>
  firstHeard(
    days.flatMap((day) => day.confirmedHolds ?? []),
    confirmationKey,
  );

/** Each report about an hour as it came, the claim of the day's last hour, and the one that counted at its end. */
const datedFacts = ({ receptions = [], ...day }: HeldDayFacts): readonly RecordingFact[] => {
  const { claimHourMs: hourMs, claimReceivedAtMs: receivedAtMs, oldestRetrievableAtMs } = day;
  const facts: RecordingFact[] = receptions.map(({ hourMs, receivedAtMs, recorded }) => ({
    reported: [hourFrom(hourMs)],
    recorded,
    hourEndMs: hourMs + HOUR_MS,
    receivedAtMs,
  }));
  const atEnd = day.claimAtEnd === undefined ? [] : [claimFact(day.claimAtEnd)];
  if (hourMs === undefined || receivedAtMs === undefined || oldestRetrievableAtMs === undefined) {
    return [...facts, ...atEnd];
  }
  return [...facts, ...atEnd, claimFact({ hourMs, receivedAtMs, oldestRetrievableAtMs })];
};

const claimFact = ({ hourMs, receivedAtMs, oldestRetrievableAtMs }: Omit<ReachClaim, 'timeMs'>): RecordingFact => ({
  reported: [hourFrom(hourMs)],
  recorded: [],
  hourEndMs: hourMs + HOUR_MS,
  receivedAtMs,
  oldestRetrievableAtMs,
});

/** What is left: hours and a claim of which it was not kept when they came, only when the last of the day did. */
const undatedFacts = (day: HeldDayFacts): readonly RecordingFact[] => {
  const { receptions = [], recorded, claimReceivedAtMs, oldestRetrievableAtMs, reportedAtMs: receivedAtMs } = day;
  const isUndatedClaim = claimReceivedAtMs === undefined && oldestRetrievableAtMs !== undefined;
  const left = subtract(
    recorded,
    receptions.flatMap((one) => one.recorded),
  );
  const dated = receptions.map(({ hourMs }) => hourFrom(hourMs));
  const reported = union([...left, ...subtract(day.reported ?? recorded, dated)]);
  if (reported.length > 0) {
    return [{ reported, recorded: left, receivedAtMs, ...(isUndatedClaim && { oldestRetrievableAtMs }) }];
  }
  return isUndatedClaim
    ? [{ reported: day.reported ?? recorded, recorded: [], receivedAtMs, oldestRetrievableAtMs }]
    : [];
};

/**
 * The orders of the registry about one camera, each with what it is about, from its order to its end: until then, or until
 * it was released. One that was filed without is about all that the camera has, and nothing that was gone by now is held
 * against it.
 */
export const ordersOf = (facility: Facility, camera: string, nowMs: number): readonly HoldOrder[] =>
  (facility.legalHolds ?? []).filter((hold) => hold.camera === camera).map((hold) => orderOf(hold, nowMs));

const orderOf = (hold: LegalHold, nowMs: number): HoldOrder => ({
  ...(hold.id !== undefined && { id: hold.id }),
  fromMs: hold.fromMs ?? Number.NEGATIVE_INFINITY,
  toMs: hold.toMs ?? Number.POSITIVE_INFINITY,
  orderedAtMs: hold.orderedAtMs ?? nowMs,
  untilMs: holdEndMs(hold),
});
