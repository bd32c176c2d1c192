import type { RegistrationEvent } from './facility.ts';
import type { AlarmKind, YesNoUnknown } from './reports.ts';
import type { Level, TopicName } from './rule-pack.ts';
import type { RuleName, Subject } from './verdict.ts';

/** `life-safety` skips grouping, muting, drills, rate limits and storms: nothing can silence it. */
export type Lane = 'life-safety' | 'technical';

/** Alarm kinds that travel in the life-safety lane. */
export const lifeSafetyKinds: ReadonlySet<AlarmKind> = new Set<AlarmKind>([
  'panic',
  'fire',
  'gas',
  'structure',
  'medical',
  'injury',
  'food-poisoning',
  'missing-child',
  'pickup-mismatch',
  'intrusion',
  'after-hours-entry',
  'abuse',
]);

export type IncidentState = 'open' | 'answered' | 'closed';

/**
 * `breached`: a rule says no. `not-shown`: nothing was shown for too long. `alarm`: a box rang. `event`: the registry was
 * edited, nothing is wrong.
 */
export type FindingKind = 'breached' | 'not-shown' | 'alarm' | 'event';

export interface AlarmFacts {
  readonly kind: AlarmKind;
  readonly box: string;
  readonly reportId: string;
  /** SHA-256 (hex) of the canonical report, so that a reused id with another body is told apart. */
  readonly digest: string;
  readonly area?: string;
  readonly confirmed: YesNoUnknown;
  /** What the box said; no drill window was registered for it unless the incident says so. */
  readonly drillFlag: boolean;
  readonly ageMs: number | 'unknown';
}

/** One receiver of notices, frozen when the incident opens. */
export interface Recipient {
  /** Department id of the pack, or `facility`. */
  readonly department: string;
  readonly topic: TopicName;
  readonly duty: 'act' | 'copy' | 'inform';
}

export interface Rung {
  readonly level: Level;
  readonly dueAtMs: number;
  readonly recipients: readonly Recipient[];
  /** Set when its notices were put into the outbox. */
  readonly enteredAtMs?: number;
}

/** `opened`, `climbed`, `recovered` (the breach ended), `worsened` (not-shown became breached), `reopened`. */
export type NoticeKind = 'opened' | 'climbed' | 'worsened' | 'reopened' | 'recovered';

/** A notice that is owed and not yet published. Its id is `<incident>/<rung>/<department>/<kind>[/<n>]`. */
export interface PendingNotice {
  readonly rung: number;
  readonly recipient: Recipient;
  readonly kind: NoticeKind;
  /** Not before this instant. */
  readonly dueAtMs: number;
  readonly attempts: number;
  /** The how-manieth of its kind to this department at this rung; absent = the first. Ends the notice id. */
  readonly n?: number;
}

/** A notice that SNS took, the latest of its rung, department and kind. Published is not told. */
export interface PublishedNotice {
  readonly rung: number;
  readonly department: string;
  readonly topic: TopicName;
  readonly kind: NoticeKind;
  readonly publishedAtMs: number;
  readonly n?: number;
}

export type StepKind =
  | 'opened'
  | 'notice-published'
  | 'notice-failed'
  | 'no-notice'
  | 'climbed'
  | 'answered'
  | 'worsened'
  | 'ended'
  | 'closed'
  | 'reopened';

/** One line of the timeline: who, when, why. */
export interface Step {
  readonly n: number;
  readonly atMs: number;
  readonly kind: StepKind;
  /** `watch`, `receive-alarms`, or `<issuer>|<subject>` of a person. */
  readonly by: string;
  readonly reason: string;
}

export interface Incident {
  readonly id: string;
  readonly facilityId: string;
  readonly division: string;
  readonly lane: Lane;
  /** `registration`: no rule, the push of a registration event to the departments that the pack names. */
  readonly rule: RuleName | 'alarm' | 'registration';
  readonly subject: Subject;
  readonly finding: FindingKind;
  readonly reason: string;
  readonly hazard: string;
  /** The instant it became true. */
  readonly sinceMs: number;
  readonly openedAtMs: number;
  /** When the breach ended, if it has. Alarms never end by themselves. */
  readonly endedAtMs?: number;
  /** Breaches that ended up to here are part of this incident already, though it may have been reopened since. */
  readonly settledToMs?: number;
  readonly state: IncidentState;
  readonly answeredBy?: string;
  readonly answeredAtMs?: number;
  readonly closedAtMs?: number;
  readonly closeReason?: string;
  readonly alarm?: AlarmFacts;
  readonly registration?: RegistrationEvent;
  /** `name@version` of the pack that made it, and the citation key of the duty and of the routing. */
  readonly pack: string;
  readonly dutySource: string;
  readonly routingSource: string;
  readonly fallback: boolean;
  readonly ladder: readonly Rung[];
  readonly outbox: readonly PendingNotice[];
  readonly published: readonly PublishedNotice[];
  /** The last ten; older ones are flushed to records before they are trimmed. */
  readonly steps: readonly Step[];
  readonly revision: number;
}

/** Deterministic, so that putting it twice is putting it once. */
export const technicalIncidentId = (
  facilityId: string,
  rule: RuleName | 'registration',
  subject: Subject,
  sinceMs: number,
): string => `${facilityId}~${rule}~${subject.replace('/', '.')}~${sinceMs}`;

export const alarmIncidentId = (facilityId: string, box: string, reportId: string): string =>
  `${facilityId}~alarm~${box}~${reportId}`;

export const closeReasons = ['handled', 'false-alarm', 'drill', 'duplicate', 'referred', 'not-reproducible'] as const;
export type CloseReason = (typeof closeReasons)[number];
/** Close reasons of the sweep itself; each is a heading of the runbook. */
export const sweepCloseReasons = ['met-again', 'not-applicable', 'ended-before-seen', 'told-only'] as const;
export type SweepCloseReason = (typeof sweepCloseReasons)[number];

export const LONGEST_OUTBOX = 16;
export const LONGEST_STEPS = 10;
export const LARGEST_INCIDENT_BYTES = 8 * 1024;
