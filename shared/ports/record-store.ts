import type { Gap } from '../domain/gap.ts';
import type { HeldDay } from '../domain/held-day.ts';
import type { Incident, Step } from '../domain/incident.ts';
import type { CheckReport, DigestReport, LogReport, RecordingReport } from '../domain/reports.ts';
import type { Interval } from '../domain/time.ts';
import type { ListPlace } from './incident-store.ts';
import type { Page } from './registry-store.ts';

/** A report as it is kept, with the digest by which a reused id is told apart. */
export interface KeptReport<T> {
  readonly report: T;
  readonly digest: string;
  readonly receivedMs: number;
  readonly key: string;
}

/** What one box said of an hour of its beats. */
export interface BoxDigest extends KeptReport<DigestReport> {
  readonly box: string;
}

export type PutOutcome = 'put' | 'same' | 'id-reused';

export interface RecordStore {
  /** Repeating it only lets `toMs` and `shownLate` grow. */
  putGap(gap: Gap): Promise<void>;
  /** Adds late minutes to the gap that starts at `fromMs`, if it is kept. */
  addShownLate(facilityId: string, rule: Gap['rule'], subject: string, fromMs: number, minutes: number): Promise<void>;
  /** Gaps with `fromMs ≥ since`, strongly consistent, by start. */
  gapsFrom(facilityId: string, sinceMs: number): Promise<readonly Gap[]>;
  /** Gaps that overlap the interval (for the audit). */
  gapsWithin(facilityId: string, window: Interval): Promise<readonly Gap[]>;

  /** Put if absent on (box, id); else compares the digest. */
  putCheck(facilityId: string, box: string, kept: KeptReport<CheckReport>): Promise<PutOutcome>;
  readCheck(facilityId: string, box: string, id: string): Promise<KeptReport<CheckReport> | undefined>;
  /**
   * Empties a kept check and takes it out of the list of findings; its id is still known, and put again it is `same`. It
   * is read no more. False = there is none.
   */
  eraseCheck(facilityId: string, box: string, id: string): Promise<boolean>;
  /** Lists a kept check that found or corrected something by its arrival, so that a window is read without the others. */
  putFindings(facilityId: string, kept: KeptReport<CheckReport>): Promise<void>;
  /** Listed checks that arrived at `sinceMs` or later, strongly consistent, by arrival. */
  findingsSince(facilityId: string, sinceMs: number): Promise<readonly KeptReport<CheckReport>[]>;
  /** Every kept check that was received at `sinceMs` or later, strongly consistent, by box and id. */
  checksSince(facilityId: string, sinceMs: number): Promise<readonly KeptReport<CheckReport>[]>;
  putLog(facilityId: string, box: string, kept: KeptReport<LogReport>): Promise<PutOutcome>;
  readLog(facilityId: string, box: string, id: string): Promise<KeptReport<LogReport> | undefined>;
  /** Every kept log that was received at `sinceMs` or later, strongly consistent, by box and id. */
  logsSince(facilityId: string, sinceMs: number): Promise<readonly KeptReport<LogReport>[]>;
  putRecording(facilityId: string, box: string, kept: KeptReport<RecordingReport>): Promise<PutOutcome>;
  /** Eventually consistent: one that was put a moment ago may be missing, and `putRecording` tells then. */
  readRecording(facilityId: string, box: string, id: string): Promise<KeptReport<RecordingReport> | undefined>;
  /** Puts if absent on (box, id), else compares the digest; then lists it by its hour. */
  putDigest(facilityId: string, box: string, kept: KeptReport<DigestReport>): Promise<PutOutcome>;
  /** Digests of hours that begin in `[fromMs, toMs)` by the clocks of their boxes, strongly consistent, by hour and box. */
  digestsWithin(facilityId: string, hours: Interval): Promise<readonly BoxDigest[]>;

  /**
   * Strongly consistent, or `eventually` at half the price: for a first try, since whoever saves over what has moved
   * meanwhile is refused, and reads it strongly then.
   */
  readHeldDay(facilityId: string, camera: string, day: string, how?: 'eventually'): Promise<HeldDay | undefined>;
  /** Compare-and-set on `revision` (`undefined` = must be absent). False = read again. */
  saveHeldDay(facilityId: string, next: HeldDay, readRevision: number | undefined): Promise<boolean>;
  /** Days `[fromDay, toDay]`, strongly consistent; `eventually` at half the price, for who may miss the last second. */
  heldDays(
    facilityId: string,
    camera: string,
    fromDay: string,
    toDay: string,
    how?: 'eventually',
  ): Promise<readonly HeldDay[]>;

  /** Deterministic key: archiving twice is archiving once. */
  archiveIncident(incident: Incident): Promise<void>;
  readArchived(facilityId: string, incidentId: string): Promise<Incident | undefined>;
  /** Archived alarms of one facility that were opened at `sinceMs` or later, strongly consistent, in any order. */
  archivedAlarms(facilityId: string, sinceMs: number): Promise<readonly Incident[]>;
  /**
   * Closed incidents of a county and month of closing, newest opening first. Re-read each by id before showing it.
   * Without a cursor the list starts after `olderThan`, whether or not that one is in it.
   */
  listArchived(
    county: string,
    month: string,
    limit: number,
    cursor?: string,
    olderThan?: ListPlace,
  ): Promise<Page<Incident>>;

  flushSteps(facilityId: string, incidentId: string, steps: readonly Step[]): Promise<void>;
  readSteps(facilityId: string, incidentId: string): Promise<readonly Step[]>;
}
