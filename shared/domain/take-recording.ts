import { mergeSeals } from './challenges/hour-seals.ts';
import { type ConfirmedHold, confirmationKey, type DeclaredDeletion, deletionKey, firstHeard } from './heard.ts';
import { type HeldDay, mergeHeldDay, type ReachClaim } from './held-day.ts';
import { type HourReception, mergeReceptions, sameReceptions } from './hour-receptions.ts';
import { subtract } from './interval.ts';
import type { RecordingReport } from './reports.ts';
import { hourFrom, type Interval } from './time.ts';

/** A report about an hour, as it came. */
export interface TakenRecording {
  readonly report: RecordingReport;
  /** Our clock. */
  readonly receivedMs: number;
  /** It was kept before. */
  readonly isRepeat: boolean;
}

/** A recorder that tells one hour in more pieces, or anew more often, lost its mind. */
const MOST_PIECES_PER_HOUR = 240;
const MOST_RECEPTIONS_PER_HOUR = 16;
const MOST_DECLARED_PER_DAY = 200;

/**
 * Merges the hour of a report into the day in which that hour began, with the instant at which we heard of it; absent =
 * it says nothing new. Whatever the order in which reports are merged, and however often, the day says the same.
 * `endMs`: when that day ended, or will.
 */
export const takeHour = (
  read: HeldDay | undefined,
  taken: TakenRecording,
  day: string,
  endMs = Number.POSITIVE_INFINITY,
): HeldDay | undefined => {
  const { report, receivedMs, isRepeat } = taken;
  const receptions = mergeReceptions(read?.receptions ?? [], receptionsOf(taken, read));
  const merged = mergeHeldDay(read, report, day, receivedMs, isRepeat);
  const claim = claimReceptionOf(read, merged, taken);
  const claimAtEnd = claimAtEndOf(read, claim, taken, endMs);
  const sealsBefore = read?.seals ?? [];
  const seals = mergeSeals(sealsBefore, report);
  const isNew =
    merged !== undefined ||
    seals !== sealsBefore ||
    !sameReceptions(receptions, read?.receptions ?? []) ||
    claim.claimReceivedAtMs !== read?.claimReceivedAtMs ||
    !isSameReach(claimAtEnd, read?.claimAtEnd);
  if (!isNew) return undefined;
  const {
    claimReceivedAtMs: _before,
    claimAtEnd: _atEnd,
    ...base
  } = merged ?? { ...emptyDay(report.camera, day), ...read };
  return {
    ...base,
    ...declaredIn(read),
    ...claim,
    ...(claimAtEnd && { claimAtEnd }),
    ...(receptions.length > 0 && { receptions }),
    ...(seals.length > 0 && { seals }),
    revision: (read?.revision ?? 0) + 1,
  };
};

/**
 * What was known before the reception of single hours was kept is not dated now: it would look as if it had come late.
 */
const receptionsOf = ({ report, receivedMs }: TakenRecording, read: HeldDay | undefined): readonly HourReception[] => {
  const { hourMs } = report;
  const undated = undatedOf(read);
  const recorded = subtract(report.recorded, undated.recorded);
  const isDated = subtract([hourFrom(hourMs)], undated.reported).length > 0;
  return isDated || recorded.length > 0 ? [{ hourMs, receivedAtMs: receivedMs, recorded }] : [];
};

const undatedOf = (
  read: HeldDay | undefined,
): { readonly recorded: readonly Interval[]; readonly reported: readonly Interval[] } => {
  if (read === undefined) return { recorded: [], reported: [] };
  const { recorded, reported = recorded, receptions = [] } = read;
  const dated = receptions.flatMap((one) => one.recorded);
  const hours = receptions.map(({ hourMs }) => hourFrom(hourMs));
  return { recorded: subtract(recorded, dated), reported: subtract(reported, hours) };
};

/** Of the claim that counts, by which the day says how far the recorder reaches: when we first heard it. */
const claimReceptionOf = (
  read: HeldDay | undefined,
  merged: HeldDay | undefined,
  { report, receivedMs }: TakenRecording,
): Pick<HeldDay, 'claimReceivedAtMs'> => {
  const claim = merged ?? read;
  const isSame = (other: Pick<HeldDay, 'oldestRetrievableAtMs' | 'claimHourMs' | 'claimTimeMs'> | undefined): boolean =>
    claim?.oldestRetrievableAtMs !== undefined &&
    claim.oldestRetrievableAtMs === other?.oldestRetrievableAtMs &&
    claim.claimHourMs === other.claimHourMs &&
    claim.claimTimeMs === other.claimTimeMs;
  const { oldestRetrievableAtMs, hourMs: claimHourMs, timeMs: claimTimeMs } = report;
  const isReports = oldestRetrievableAtMs !== undefined && isSame({ oldestRetrievableAtMs, claimHourMs, claimTimeMs });
  const isKnown = isSame(read);
  // Known, and from before its reception was kept: it stays so.
  const known = isKnown ? read?.claimReceivedAtMs : undefined;
  if (isKnown && known === undefined) return {};
  const heard = [...(known === undefined ? [] : [known]), ...(isReports ? [receivedMs] : [])];
  return heard.length === 0 ? {} : { claimReceivedAtMs: Math.min(...heard) };
};

/** Absent = the claim that counts came before the end of the day, or none did. */
const claimAtEndOf = (
  read: HeldDay | undefined,
  { claimReceivedAtMs: countsSinceMs }: Pick<HeldDay, 'claimReceivedAtMs'>,
  { report, receivedMs }: TakenRecording,
  endMs: number,
): ReachClaim | undefined => {
  if (countsSinceMs === undefined || countsSinceMs < endMs) return undefined;
  const { oldestRetrievableAtMs, hourMs, timeMs } = report;
  return [
    read?.claimAtEnd,
    countingIn(read),
    oldestRetrievableAtMs === undefined
      ? undefined
      : { hourMs, timeMs, receivedAtMs: receivedMs, oldestRetrievableAtMs },
  ]
    .filter((claim) => claim !== undefined)
    .filter(({ receivedAtMs }) => receivedAtMs < endMs)
    .sort(byReach)
    .at(-1);
};

const countingIn = (day: HeldDay | undefined): ReachClaim | undefined => {
  const { claimHourMs: hourMs, claimTimeMs: timeMs, claimReceivedAtMs: receivedAtMs } = day ?? {};
  const oldestRetrievableAtMs = day?.oldestRetrievableAtMs;
  if (hourMs === undefined || timeMs === undefined || receivedAtMs === undefined) return undefined;
  return oldestRetrievableAtMs === undefined ? undefined : { hourMs, timeMs, receivedAtMs, oldestRetrievableAtMs };
};

/** The one that counts comes last, as among all claims of a day; of one claim that came twice, its first coming. */
const byReach = (a: ReachClaim, b: ReachClaim): number =>
  a.hourMs - b.hourMs ||
  a.timeMs - b.timeMs ||
  a.oldestRetrievableAtMs - b.oldestRetrievableAtMs ||
  b.receivedAtMs - a.receivedAtMs;

const isSameReach = (one: ReachClaim | undefined, other: ReachClaim | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && byReach(one, other) === 0);

export const declaresSomething = ({ deletions = [], confirmedHolds = [] }: RecordingReport): boolean =>
  deletions.length > 0 || confirmedHolds.length > 0;

/**
 * Puts what a report declares into the day in which we received it; absent = nothing new. Not into the day that it is
 * about: who reads a time and all that came since then misses none, and no box can date a deletion before an order.
 */
export const takeDeclared = (
  read: HeldDay | undefined,
  { report, receivedMs: receivedAtMs }: TakenRecording,
  day: string,
): HeldDay | undefined => {
  const deletions = firstHeard(
    [
      ...(read?.deletions ?? []),
      ...(report.deletions ?? []).map((one): DeclaredDeletion => ({ ...one, receivedAtMs })),
    ],
    deletionKey,
  );
  const confirmedHolds = firstHeard(
    [
      ...(read?.confirmedHolds ?? []),
      ...(report.confirmedHolds ?? []).map((one): ConfirmedHold => ({ ...one, receivedAtMs })),
    ],
    confirmationKey,
  );
  const isKnown = sumOf(deletions) === sumOf(read?.deletions) && sumOf(confirmedHolds) === sumOf(read?.confirmedHolds);
  if (isKnown) return undefined;
  return {
    ...emptyDay(report.camera, day),
    ...read,
    ...(deletions.length > 0 && { deletions }),
    ...(confirmedHolds.length > 0 && { confirmedHolds }),
    reportedAtMs: Math.max(receivedAtMs, read?.reportedAtMs ?? 0),
    revision: (read?.revision ?? 0) + 1,
  };
};

/** Each thing is in once and only its reception may move, to an earlier one: count and sum tell a change. */
const sumOf = (heard: readonly { readonly receivedAtMs: number }[] = []): string =>
  `${heard.length} ${heard.reduce((sum, { receivedAtMs }) => sum + receivedAtMs, 0)}`;

const emptyDay = (camera: string, day: string): HeldDay => ({
  camera,
  day,
  recorded: [],
  reported: [],
  reportedAtMs: 0,
  revision: 0,
});

const declaredIn = (read: HeldDay | undefined): Pick<HeldDay, 'deletions' | 'confirmedHolds'> => ({
  ...(read?.deletions && { deletions: read.deletions }),
  ...(read?.confirmedHolds && { confirmedHolds: read.confirmedHolds }),
});

/** What its box has to know of a day that cannot be kept. */
export const tooMuchForADay =
  `of one hour at most ${MOST_PIECES_PER_HOUR} pieces and ${MOST_RECEPTIONS_PER_HOUR} tellings that add to it are kept, ` +
  `of one day at most ${MOST_DECLARED_PER_DAY} deletions and as many confirmed orders`;

/** Whether a day can be kept: what is more than this is no recorder's word, and would fill the item for ever. */
export const fitsItsDay = ({ receptions = [], deletions = [], confirmedHolds = [] }: HeldDay): boolean =>
  deletions.length <= MOST_DECLARED_PER_DAY &&
  confirmedHolds.length <= MOST_DECLARED_PER_DAY &&
  [...Map.groupBy(receptions, ({ hourMs }) => hourMs).values()].every(
    (hour) =>
      hour.length <= MOST_RECEPTIONS_PER_HOUR &&
      hour.reduce((sum, { recorded }) => sum + recorded.length, 0) <= MOST_PIECES_PER_HOUR,
  );
