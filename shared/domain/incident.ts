import type { RegistrationEvent } from './facility.ts';
import type { AlarmKind, BoxAlarmKind, YesNoUnknown } from './reports.ts';
import type { Level, TopicName } from './rule-pack.ts';
import type { RuleName, Subject } from './verdict.ts';

/** `life-safety` skips grouping, muting, drills, rate limits and storms: nothing can silence it. */
export type Lane = 'life-safety' | 'technical';

/** Alarm kinds that travel in the life-safety lane. */
export const lifeSafetyKinds: ReadonlySet<BoxAlarmKind> & { has(kind: AlarmKind): boolean } = new Set<BoxAlarmKind>([
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

/** From where an officer heard of what no box reported. */
export const toldByWays = ['phone', 'visit', 'hotline', 'other-authority'] as const;
export type ToldBy = (typeof toldByWays)[number];

export interface AlarmFacts {
  readonly kind: AlarmKind;
  /** The box that rang; `officer` where an officer opened the incident. */
  readonly box: string;
  readonly reportId: string;
  /** SHA-256 (hex) of the canonical report, so that a reused id with another body is told apart. */
  readonly digest: string;
  readonly area?: string;
  readonly confirmed: YesNoUnknown;
  /** What the box said; no drill window was registered for it unless the incident says so. */
  readonly drillFlag: boolean;
  readonly ageMs: number | 'unknown';
  /** Present = no box rang: an officer was told, and opened it. */
  readonly toldBy?: ToldBy;
}

/** The registered window that makes a flagged alarm a drill. Absent on an incident = it is real. */
export interface DrillFacts {
  readonly window: string;
  /** When the window ends, and the drill with it. */
  readonly toMs: number;
}

/** Of a parent of many silences: how many facilities of the division, and of how many. */
export interface StormFacts {
  readonly children: number;
  /** In-service facilities of the division when it was last counted. */
  readonly facilities: number | 'unknown';
  /** How many were silent when those who were told last heard a count: twice as many is worse. */
  readonly worsensFrom?: number;
}

/** Codes for which somebody calls an alarm false. No free text: it could name a child. */
export const falseAlarmCodes = [
  'pressed-by-mistake',
  'device-fault',
  'steam-or-dust',
  'works-on-site',
  'test-not-announced',
  'found-safe',
] as const;
export type FalseAlarmCode = (typeof falseAlarmCodes)[number];

/** What somebody on site says of an alarm. It closes nothing and stops no notice: an officer decides. */
export interface FalseAlarmMark {
  readonly by: string;
  readonly atMs: number;
  readonly code: FalseAlarmCode;
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

/**
 * `opened`, `climbed`, `recovered` (the breach ended), `worsened` (not-shown became breached, a drill turned out to be
 * real, a storm doubled), `reopened`, `expired` (an answer ran out and nothing followed it).
 */
export const noticeKinds = ['opened', 'climbed', 'worsened', 'reopened', 'recovered', 'expired'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

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
  /** When a channel of a person of that department first took it. */
  readonly deliveredAtMs?: number;
  /** When a person first said so by an answer link. */
  readonly seenAtMs?: number;
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
  | 'reopened'
  | 'answer-expired'
  | 'seen'
  | 'passed-on'
  | 'unreachable'
  | 'marked-false'
  | 'declared-real'
  | 'joined-storm'
  | 'left-storm';

/** One line of the timeline: who, when, why. */
export interface Step {
  readonly n: number;
  readonly atMs: number;
  readonly kind: StepKind;
  /** `watch`, `receive-alarms`, or `<issuer>|<subject>` of a person. */
  readonly by: string;
  readonly reason: string;
}

/** The head of an incident. `lane` and `terms` are frozen at its opening. */
export interface Incident {
  readonly id: string;
  /** `division-<code>` where it is about a whole division: a storm, a post that nobody answers for. */
  readonly facilityId: string;
  readonly division: string;
  readonly lane: Lane;
  /** `registration`: no rule, the push of a registration event to the departments that the pack names. */
  readonly rule: RuleName | 'alarm' | 'registration' | 'storm';
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
  /** The first answer; later ones of the same person only move `answerUntilMs`. */
  readonly answeredAtMs?: number;
  /** The answer expires here unless something follows it. */
  readonly answerUntilMs?: number;
  /** How long an answer holds, frozen from the pack. */
  readonly answerHoldsMs?: number;
  readonly closedAtMs?: number;
  readonly closeReason?: string;
  readonly alarm?: AlarmFacts;
  readonly drill?: DrillFacts;
  readonly falseAlarm?: FalseAlarmMark;
  /** How often it came back since it was opened. */
  readonly turns?: number;
  /** Its parent, while it is part of a storm: it is told of there. */
  readonly storm?: string;
  /** Of a parent. */
  readonly stormFacts?: StormFacts;
  /** Departments (or `facility`) of whom nobody could be told, so that it climbs past them at once. */
  readonly unreachable?: readonly string[];
  readonly registration?: RegistrationEvent;
  /** `name@version` of the pack that made it, and the citation key of the duty and of the routing. */
  readonly pack: string;
  readonly dutySource: string;
  readonly routingSource: string;
  readonly fallback: boolean;
  readonly ladder: readonly Rung[];
  /** The rungs that were not entered count from here, if that is later than the last one that was. */
  readonly countedFromMs?: number;
  readonly outbox: readonly PendingNotice[];
  readonly published: readonly PublishedNotice[];
  /** The last ten; older ones are flushed to records before they are trimmed. */
  readonly steps: readonly Step[];
  readonly revision: number;
}

/** Deterministic, so that putting it twice is putting it once. */
export const technicalIncidentId = (
  facilityId: string,
  rule: RuleName | 'registration' | 'storm',
  subject: Subject,
  sinceMs: number,
): string => `${facilityId}~${rule}~${subject.replace('/', '.')}~${sinceMs}`;

export const alarmIncidentId = (facilityId: string, box: string, reportId: string): string =>
  `${facilityId}~alarm~${box}~${reportId}`;

export const closeReasons = ['handled', 'false-alarm', 'drill', 'duplicate', 'referred', 'not-reproducible'] as const;
export type CloseReason = (typeof closeReasons)[number];
/** Close reasons of the sweep itself; each is a heading of the runbook. */
export const sweepCloseReasons = [
  'met-again',
  'not-applicable',
  'ended-before-seen',
  'told-only',
  'drill-over',
  'test-over',
  'storm-over',
] as const;
export type SweepCloseReason = (typeof sweepCloseReasons)[number];

/** The nursery that is none: its test alarm travels the whole way every few minutes and reaches only its own channel. */
export const CANARY = 'canary';

const DIVISION = 'division-';
/** Stands where a facility's id stands, in an incident that is about a whole division. */
export const divisionAsFacility = (division: string): string => `${DIVISION}${division}`;
/** The division that such an incident is about; absent = it is about one facility. */
export const divisionOfPlace = (facilityId: string): string | undefined =>
  facilityId.startsWith(DIVISION) ? facilityId.slice(DIVISION.length) : undefined;
export const isOfDivision = ({ facilityId }: Pick<Incident, 'facilityId'>): boolean => facilityId.startsWith(DIVISION);

/** Its parent tells of it. Never so of an alarm, whatever an item may say. */
export const isToldByStorm = ({ lane, rule, storm }: Pick<Incident, 'lane' | 'rule' | 'storm'>): boolean =>
  lane === 'technical' && rule !== 'alarm' && storm !== undefined;

export const LONGEST_OUTBOX = 16;
export const LONGEST_STEPS = 10;
/** Rungs that are added when an answer at the top expires included. */
export const MOST_RUNGS = 10;
/** A rung is added only up to here, so that the head has room for what was told. */
export const LARGEST_LADDER_BYTES = 3_500;
export const LARGEST_INCIDENT_BYTES = 8 * 1024;
