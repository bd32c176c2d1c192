import type { ChallengeVerdict, Sealed } from './challenges/verdict.ts';
import type { AlarmReceipt } from './notices/alarm-receipt.ts';
import type { LogKind, YesNoUnknown } from './reports.ts';

/**
 * The row of one box: written by receive-heartbeats, except `liveKeys`, `silentAfterMs` (registry), the removal of
 * `judgeFromMs` (watch) and `receipts` (deliver-notices, take-answers). Less than 1 KB, so that a beat costs one write unit.
 *
 * Times are the server's.
 */
export interface BoxVitals {
  readonly facilityId: string;
  readonly box: string;
  /** Each key that may sign now → the last sequence of its heartbeat stream (−1 before the first). */
  readonly liveKeys: Readonly<Record<string, number>>;
  readonly silentAfterMs: number;
  /** When the registry announced it: it owed nothing before, however old its facility. */
  readonly announcedAtMs?: number;
  /** First fresh beat ever: before it nothing was shown, which is unknown and no gap. */
  readonly connectedAtMs?: number;
  /** Last fresh beat; absent = never connected. */
  readonly beatAtMs?: number;
  /** `beatAtMs + silentAfterMs`: from here on the box is silent. */
  readonly silentAtMs?: number;
  /** What a rule judges, in one canonical string (`encodeFacts`), so that an unchanged beat is one comparison. */
  readonly facts?: string;
  /** Since when the box says its monitoring (alarm) system is not running, or that it does not know. */
  readonly monitoringSinceMs?: number;
  readonly alarmSystemSinceMs?: number;
  /** First "no" since then: a box that stops knowing has not recovered. Absent = it only said that it does not know. */
  readonly monitoringDownAtMs?: number;
  readonly alarmSystemDownAtMs?: number;
  /** Since when `facts` stand. */
  readonly factsAtMs?: number;
  /** The last recorded silence, so that a late beat finds the gap to which its minute belongs. */
  readonly lastSilenceFromMs?: number;
  readonly lastSilenceToMs?: number;
  /** Minutes of the silence that still goes on which reached us late: its gap is told them when it ends. */
  readonly shownLateMinutes?: number;
  /** `received − created`, agreed by two consecutive beats. */
  readonly offsetMs?: number;
  /** Since when that offset stands. */
  readonly offsetAtMs?: number;
  /** An offset that one beat showed and the next has not confirmed yet. */
  readonly offsetCandidateMs?: number;
  /** When it did. A fresh beat since then (which may take the fast path and leave no trace but `beatAtMs`) voids it. */
  readonly offsetCandidateAtMs?: number;
  /** Earliest instant that the sweep has still to judge; present = look at this row. */
  readonly judgeFromMs?: number;
  /** What became of its latest alarms, newest first. Noting one raises no revision: no rule judges it. */
  readonly receipts?: readonly AlarmReceipt[];
  /** Raised by every write that is neither a plain beat nor a receipt. */
  readonly revision: number;
}

/** What a heartbeat says that a rule judges, quantized. */
export interface BoxFacts {
  readonly monitoring: YesNoUnknown;
  readonly alarmSystem: YesNoUnknown;
  readonly camerasOnline: number | 'unknown';
  readonly camerasRecording: number | 'unknown';
  readonly diskBand: 'ok' | 'high' | 'full' | 'unknown';
  /** UTC day number of the oldest last self-test over all inputs; unknown if the box named no input. */
  readonly oldestSelfTestDay: number | 'unknown';
}

export type CameraState = 'usable' | 'offline' | 'not-recording' | 'picture-unusable' | 'unknown';

/** How far a camera's clock was off, in whole seconds rounded away from zero, at most a day; since when, by the minute. */
export interface CameraClock {
  readonly offsetSeconds: number;
  readonly sinceMs: number;
}

/** What a box last said of one camera. */
export interface CameraVitals {
  readonly state: CameraState;
  readonly sinceMs: number;
  /** The hour (its start) in which the box named it last: one that was taken away is named no more. */
  readonly saidAtMs?: number;
  /** Absent = the box does not measure it. */
  readonly clock?: CameraClock;
}

/** The row of one box's cameras: written by receive-coverage alone (keys by registry). At most 4 KB. */
export interface CoverageVitals {
  readonly facilityId: string;
  readonly box: string;
  readonly liveKeys: Readonly<Record<string, number>>;
  /** Last fresh coverage report; absent = none yet. */
  readonly coveredAtMs?: number;
  readonly cameras: Readonly<Record<string, CameraVitals>>;
  readonly judgeFromMs?: number;
  readonly revision: number;
}

/** A retention finding of one camera, folded by receive-recordings from the records. */
export interface RetentionFold {
  readonly camera: string;
  readonly state: 'held' | 'short' | 'gaps' | 'unknown';
  /** When it became so. */
  readonly sinceMs: number;
  /** How many days back the recordings reach, and how much of the required time is missing inside. */
  readonly depthDays: number;
  readonly missingMs: number;
  /** Next instant at which time alone may change this. */
  readonly dueAtMs: number;
  /** Unknown because of hours that nobody spoke of; absent = because nobody knows how far back it reaches. */
  readonly unsaid?: true;
}

/** What the challenges of a facility come to, folded by draw-challenges and receive-challenges. */
export interface ChallengesFold {
  readonly state: ChallengeVerdict['state'];
  readonly reason: ChallengeVerdict['reason'];
  /** Since when that state is so. */
  readonly sinceMs: number;
  /** When the first open challenge becomes a finding unless it is answered; absent = none does. */
  readonly unansweredAtMs?: number;
  /** Until when this says something, unless it is folded again. */
  readonly dueAtMs: number;
  /** What could have been drawn when it was drawn last. */
  readonly sealed: Sealed;
}

/** Last day (`YYYY-MM-DD`) with a check in time, and when it arrived, per class. */
export interface CheckFold {
  readonly morning?: { readonly day: string; readonly atMs: number };
  readonly noon?: { readonly day: string; readonly atMs: number };
}

/** A health threshold that is reached, folded by receive-checks from the kept checks. */
export interface SignalFold {
  /** Signal id of the pack, and the class where it is about one. */
  readonly signal: string;
  readonly class?: string;
  readonly children: number;
  /** Arrival of the finding that reached it. */
  readonly sinceMs: number;
  /** When the window has moved past it, if nothing new comes. */
  readonly untilMs: number;
  /** It was reached by a finding that arrived on a later day than it should have. */
  readonly late?: true;
}

/** At most this many reached thresholds are folded into the facility row. */
export const LONGEST_SIGNAL_FOLD = 16;

/** The last closing of the facility: children in and out on one local day. */
export interface ClosingFold {
  readonly day: string;
  /** When it was done. */
  readonly atMs: number;
  readonly childrenIn: number;
  readonly childrenOut: number;
}

/**
 * The row of one facility, at most 4 KB, and the last test of each device of its inventory and up to 64 confirmed orders besides. Attribute groups have one writer each: `checks` receive-checks, `retention`
 * receive-recordings (once a day watch makes up what these two missed), `challenges` draw-challenges and receive-challenges, `registryVersion` registry, `dueAtMs` and
 * `packSet` watch (registry sets `dueAtMs` to 0).
 */
export interface FacilityVitals {
  readonly facilityId: string;
  /** 0 … 1439: the minute of the day in which the sweep assesses this facility whatever the filters say. */
  readonly slot: number;
  /** Raised with every registry edit, before the facility itself is put. */
  readonly registryVersion: number;
  /** Next instant at which time alone may change a verdict; never more than 24 h ahead; 0 = look now. */
  readonly dueAtMs: number;
  /** Pack set by which it was last judged. */
  readonly packSet?: string;
  readonly checks: Readonly<Record<string, CheckFold>>;
  readonly retention: readonly RetentionFold[];
  /** More findings than the fold holds: read the records. */
  readonly retentionOverflow: boolean;
  /** Cameras that were found held → the instant at which that is no longer shown, unless something is reported. */
  readonly retentionHeld?: Readonly<Record<string, number>>;
  readonly recordedAtMs?: number;
  /** Absent = nothing was ever drawn. */
  readonly challenges?: ChallengesFold;
  /** UTC day of the oldest retrievable instant per camera, where that lies beyond the ceiling (receive-recordings). */
  readonly tooOld?: Readonly<Record<string, number>>;
  /** Open orders to keep recordings → when their box had confirmed all of it (receive-recordings). */
  readonly holdsConfirmed?: Readonly<Record<string, number>>;
  /** Open orders → when we first heard that film which they held was deleted (receive-recordings). */
  readonly holdsBroken?: Readonly<Record<string, number>>;
  /** Reached health thresholds (receive-checks). */
  readonly signals?: readonly SignalFold[];
  readonly signalsOverflow?: boolean;
  /** Newest `doneAtMs` per log kind (receive-logs). */
  readonly doneAtMs?: Readonly<Partial<Record<LogKind, number>>>;
  /** Newest test per device that a `device-test` named (receive-logs). */
  readonly testedAtMs?: Readonly<Record<string, number>>;
  /** Until when a logged guard shift runs (receive-logs). */
  readonly guardUntilMs?: number;
  /** When the head (or whoever is on the facility's roster) last saw a notice or a test of a channel (take-answers). */
  readonly headSeenAtMs?: number;
  readonly closing?: ClosingFold;
  /** Registration events up to this version of the facility have been told, or nobody is to be told (watch). */
  readonly registrationToldVersion?: number;
  readonly judgeFromMs?: number;
  readonly revision: number;
}

/** At most this many devices keep their last test in the facility row, the newest: as many as may be registered. */
export const LONGEST_TESTED_FOLD = 128;

/** At most this many cameras whose footage is too old are folded into the facility row, the oldest first. */
export const LONGEST_TOO_OLD = 12;

/** All rows of one facility, read strongly together. */
export interface FacilityRows {
  readonly facility: FacilityVitals;
  readonly boxes: readonly BoxVitals[];
  readonly coverage: readonly CoverageVitals[];
}

/** At most this many retention findings are folded into the facility row. */
export const LONGEST_RETENTION_FOLD = 16;
