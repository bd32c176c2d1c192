import type { HourSeal } from './challenges/hour-seals.ts';
import type { ConfirmedHold, DeclaredDeletion } from './heard.ts';
import type { HourReception } from './hour-receptions.ts';
import { subtract, union } from './interval.ts';
import type { RecordingReport } from './reports.ts';
import { HOUR_MS, type Interval } from './time.ts';

/** How far back a recorder said that it can play. */
export interface ReachClaim {
  /** Hour whose report said so. */
  readonly hourMs: number;
  /** When its box said so, and when we first heard it. */
  readonly timeMs: number;
  readonly receivedAtMs: number;
  readonly oldestRetrievableAtMs: number;
}

/** What is held of a camera on one local day. */
export interface HeldDayFacts {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Unioned, sorted. */
  readonly recorded: readonly Interval[];
  /**
   * Hours about which a report came, unioned: what lies inside and was not recorded is missing, not unknown; absent = only
   * those of `recorded`.
   */
  readonly reported?: readonly Interval[];
  readonly oldestRetrievableAtMs?: number;
  /** Hour whose report made that claim, and when we first heard it; absent = kept before receptions were. */
  readonly claimHourMs?: number;
  readonly claimReceivedAtMs?: number;
  /**
   * The claim that counted when the day ended, where the one that counts came after: the last hour is reported after
   * midnight, and what was said before must be known as of then.
   */
  readonly claimAtEnd?: ReachClaim;
  readonly reportedAtMs: number;
  /** When we heard of each hour; what is in none of them was kept before receptions were. */
  readonly receptions?: readonly HourReception[];
  /** Which of its hours can be asked for: a token came, or the word that the recorder gives no stable bytes. */
  readonly seals?: readonly HourSeal[];
  /** Declared in reports that we received on this day, whatever time they are about. */
  readonly deletions?: readonly DeclaredDeletion[];
  readonly confirmedHolds?: readonly ConfirmedHold[];
}

/** A held day as the records keep it, merged from all recording reports of its camera. */
export interface HeldDay extends HeldDayFacts {
  readonly camera: string;
  /** When its box made the claim of the oldest retrievable instant. */
  readonly claimTimeMs?: number;
  readonly revision: number;
}

/**
 * Merges one hour into its day; absent = it says nothing new. What was recorded once stays recorded; of several claims
 * of the oldest retrievable instant the one of the last hour counts, in whatever order they come. A report that is sent
 * again claims nothing anew: else repeating an old one would look like news of the camera.
 */
export const mergeHeldDay = (
  read: HeldDay | undefined,
  report: RecordingReport,
  day: string,
  receivedMs: number,
  isRepeat: boolean,
): HeldDay | undefined => {
  const hour = { fromMs: report.hourMs, toMs: report.hourMs + HOUR_MS };
  const recorded = union([...(read?.recorded ?? []), ...report.recorded]);
  const reported = union([...(read?.reported ?? []), hour]);
  const claim = isNewerClaim(report, read) ? claimOf(report) : claimOfDay(read);
  const isKnown =
    subtract([hour], read?.reported ?? []).length === 0 && subtract(report.recorded, read?.recorded ?? []).length === 0;
  if (isKnown && (isRepeat || isSameClaim(claim, read))) return undefined;
  return {
    camera: report.camera,
    day,
    recorded,
    reported,
    ...claim,
    reportedAtMs: Math.max(receivedMs, read?.reportedAtMs ?? 0),
    revision: (read?.revision ?? 0) + 1,
  };
};

type Claim = Pick<HeldDay, 'oldestRetrievableAtMs' | 'claimHourMs' | 'claimTimeMs'>;

const claimOf = ({ oldestRetrievableAtMs, hourMs, timeMs }: RecordingReport): Claim =>
  oldestRetrievableAtMs === undefined ? {} : { oldestRetrievableAtMs, claimHourMs: hourMs, claimTimeMs: timeMs };

/** To the hour and the box's time: by them the next claim is told newer or older. */
const isSameClaim = (claim: Claim, day: HeldDay | undefined): boolean =>
  claim.oldestRetrievableAtMs === day?.oldestRetrievableAtMs &&
  claim.claimHourMs === day?.claimHourMs &&
  claim.claimTimeMs === day?.claimTimeMs;

const claimOfDay = (day: HeldDay | undefined): Claim => ({
  ...(day?.oldestRetrievableAtMs !== undefined && { oldestRetrievableAtMs: day.oldestRetrievableAtMs }),
  ...(day?.claimHourMs !== undefined && { claimHourMs: day.claimHourMs }),
  ...(day?.claimTimeMs !== undefined && { claimTimeMs: day.claimTimeMs }),
});

/** Two claims of one hour are told apart by when their box made them, else by the smaller promise. */
const isNewerClaim = (report: RecordingReport, day: HeldDay | undefined): boolean => {
  const { oldestRetrievableAtMs: oldestMs, hourMs, timeMs } = report;
  if (oldestMs === undefined) return false;
  if (day?.oldestRetrievableAtMs === undefined || day.claimHourMs === undefined) return true;
  if (hourMs !== day.claimHourMs) return hourMs > day.claimHourMs;
  const claimTimeMs = day.claimTimeMs ?? timeMs;
  return timeMs === claimTimeMs ? oldestMs > day.oldestRetrievableAtMs : timeMs > claimTimeMs;
};
