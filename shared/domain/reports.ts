import type { Interval } from './time.ts';

/** A box may not know; it must say so. */
export type YesNoUnknown = 'yes' | 'no' | 'unknown';

/** What every report carries. Times are epoch milliseconds here, RFC 3339 on the wire. */
export interface ReportBase {
  /** UUIDv7, unique for its box. */
  readonly id: string;
  /** The box's own clock when it made the report. Measured, never trusted. */
  readonly timeMs: number;
  /** Monotonic age within one boot at sending, if the box was not restarted since. */
  readonly ageMs?: number;
}

/** Reports that order the vitals by a sequence per key and stream. */
export interface SequencedReport extends ReportBase {
  readonly seq: number;
}

export interface SelfTest {
  readonly input: string;
  readonly testedAtMs: number;
}

export interface HeartbeatReport extends SequencedReport {
  readonly monitoring: YesNoUnknown;
  readonly alarmSystem: YesNoUnknown;
  readonly camerasOnline: number | 'unknown';
  readonly camerasRecording: number | 'unknown';
  readonly diskUsedPercent: number | 'unknown';
  readonly queueLength: number;
  /** Last self-test per alarm input; an input that was never tested has none. */
  readonly selfTests: readonly SelfTest[];
  readonly software: string;
}

export interface CameraCoverage {
  readonly camera: string;
  readonly online: YesNoUnknown;
  /** Fresh data on disk, not a configuration flag. */
  readonly recording: YesNoUnknown;
  readonly picture: YesNoUnknown;
  /** How far its clock is off from the box's, if the box measures it. */
  readonly clockOffsetMs?: number;
}

/** Cameras not named keep their last state. */
export interface CoverageReport extends SequencedReport {
  readonly cameras: readonly CameraCoverage[];
}

/** One camera, one hour. */
export interface RecordingReport extends ReportBase {
  readonly camera: string;
  /** Start of the hour. */
  readonly hourMs: number;
  readonly recorded: readonly Interval[];
  /** Oldest instant that the recorder can still play for this camera. */
  readonly oldestRetrievableAtMs?: number;
  readonly codec?: VideoCodec;
  readonly bytes?: number;
  /** Files or blocks of the hour, and the RFC 6962 root over their SHA-256 hashes (hex, lower case). */
  readonly segments?: number;
  readonly segmentRoot?: string;
  /** Absent = nothing was sealed, nor could be. */
  readonly challenge?: SealedChallenge;
  readonly deletions?: readonly DeletionDeclared[];
  readonly confirmedHolds?: readonly HoldConfirmed[];
}

/** SVAC is China's own (GB/T 25724). */
export const videoCodecs = ['h264', 'h265', 'svac', 'mjpeg', 'av1', 'other'] as const;
export type VideoCodec = (typeof videoCodecs)[number];

/** The sealed token of an hour (base64url), or the word that such a recorder cannot be asked for its bytes. */
export type SealedChallenge =
  | { readonly mode: 'byte-stable'; readonly token: string }
  | { readonly mode: 'presence-only' };

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

/** The box says that recordings of this interval were deleted on purpose. When it did so is dated by our clock. */
export interface DeletionDeclared extends Interval {
  readonly reason: DeletionReason;
}

/** The box says that it keeps this interval because of that order. */
export interface HoldConfirmed extends Interval {
  /** Id of the order. */
  readonly hold: string;
}

export type CheckSession = 'morning' | 'noon';

export const findingCodes = [
  'fever',
  'cough',
  'sore-throat',
  'rash',
  'mouth-or-hand-blisters',
  'parotid-swelling',
  'vomiting',
  'diarrhoea',
  'abdominal-pain',
  'headache',
  'red-eyes',
  'jaundice',
  'breathing-difficulty',
  'injury',
  'unsafe-object',
  'low-spirits',
  // What a doctor found; a caregiver only passes it on.
  'diagnosed-hand-foot-mouth',
  'diagnosed-influenza',
  'diagnosed-chickenpox',
  'diagnosed-mumps',
  'diagnosed-scarlet-fever',
  'diagnosed-measles',
  'diagnosed-rubella',
  'diagnosed-norovirus',
  'diagnosed-dysentery',
  'diagnosed-food-poisoning',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export const findingActions = ['observed', 'isolated', 'guardian-told', 'sent-home', 'sent-to-hospital'] as const;
export type FindingAction = (typeof findingActions)[number];

export interface Finding {
  readonly code: FindingCode;
  /** Pseudonymous, salted on the box; no name. */
  readonly childRef: string;
  readonly action: FindingAction;
}

export interface CheckReport extends ReportBase {
  readonly class: string;
  readonly session: CheckSession;
  /** Local day `YYYY-MM-DD` for which the check was done. */
  readonly day: string;
  readonly present: number;
  readonly absent: number;
  readonly checked: number;
  readonly findings: readonly Finding[];
  /** Report id that this one corrects, whether it came yet or not; the original stays. */
  readonly corrects?: string;
}

export const alarmKinds = [
  'panic',
  'intrusion',
  'after-hours-entry',
  'door-left-open',
  'fire',
  'gas',
  'structure',
  'medical',
  'injury',
  'food-poisoning',
  'missing-child',
  'pickup-mismatch',
  'abuse',
  'tamper',
  'power',
  'test',
] as const;
/** What a box may ring. */
export type BoxAlarmKind = (typeof alarmKinds)[number];

/** What only an officer opens: no box may send it. */
export const officerAlarmKinds = ['complaint'] as const;
export const allAlarmKinds = [...alarmKinds, ...officerAlarmKinds] as const;
export type AlarmKind = (typeof allAlarmKinds)[number];

export interface AlarmReport extends ReportBase {
  readonly kind: BoxAlarmKind;
  readonly area?: string;
  readonly confirmed: YesNoUnknown;
  readonly drill: boolean;
}

export const logKinds = [
  'drill',
  'fire-equipment-inspection',
  'guard-shift',
  'disinfection',
  'staff-training',
  'staff-health-check',
  'closing',
  'device-test',
  'self-inspection',
  'plan-review',
  // A test alarm that came through at the far end, not only the device's own test.
  'alarm-test',
  // Escape and self-rescue; `staff-training` is the yearly health-care training.
  'emergency-training',
] as const;
export type LogKind = (typeof logKinds)[number];

export interface LogReport extends ReportBase {
  readonly kind: LogKind;
  readonly doneAtMs: number;
  /** Of a `device-test`: which device of the registry, or which input of the alarm system, was tested. */
  readonly device?: string;
  /** Closed numeric facts, such as `childrenIn` and `childrenOut` of a closing. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a box answers to a challenge. `mac`: base64url of HMAC-SHA-256(key of the question, bytes of the slice). */
export type ChallengeReport = ReportBase & {
  /** Id of the challenge. */
  readonly challenge: string;
} & (
    | { readonly is: 'shown'; readonly mac: string }
    | { readonly is: 'present' }
    | { readonly is: 'not-found' }
    | { readonly is: 'busy' }
  );

/** What a box says of one hour of its beats, once the hour is over: single beats are not kept. */
export interface DigestReport extends ReportBase {
  /** Start of the hour, by the box's clock. */
  readonly hourMs: number;
  /** 60 bits, hexadecimal, minute 0 the highest: a beat that was made in that minute has been answered. */
  readonly minutes: string;
  /** Of the answered beats of the hour; absent = there was none. */
  readonly sequences?: { readonly first: number; readonly last: number };
}
