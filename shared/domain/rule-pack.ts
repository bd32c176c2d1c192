import type { BilingualName, FacilityKind, PaperKind, PlanHazard, RegistrationEventKind } from './facility.ts';
import type { AlarmKind, DeletionReason, FindingCode, LogKind } from './reports.ts';
import type { RuleName } from './verdict.ts';
import type { WorkdayTable } from './workdays.ts';

/** The six SNS topics. Every department id of a pack maps to one. */
export const topicNames = ['police', 'fire', 'emergency', 'health', 'supervision', 'facility'] as const;
export type TopicName = (typeof topicNames)[number];

/** How an entry stands: by law in force, a draft, a recommended norm, encouraged only, or our own configuration. */
export type Standing = 'in-force' | 'consultation-draft' | 'recommended' | 'encouraged' | 'configuration';

export interface Citation {
  /** Title of the document, as it names itself. */
  readonly document: string;
  /** Document number; absent = the document gives none. */
  readonly number?: string;
  /** Such as `三(二)5`. */
  readonly clause?: string;
  readonly standing: Standing;
  /** False where the fact was seen in secondary sources only. */
  readonly verified: boolean;
}

/** A value with the source that gave it. */
export interface Sourced<T> {
  readonly value: T;
  /** Key into the pack's `citations`. */
  readonly source: string;
}

export interface Department {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly topic: TopicName;
}

export type Level = 'facility' | 'town' | 'district' | 'city';

/** `page` wakes people; `page-in-operating-hours` waits for the facility's next opening; the others for the office's. */
export type Urgency = 'page' | 'page-in-operating-hours' | 'working-hours' | 'daily-digest';

export interface RuleTerms {
  readonly hazard: string;
  readonly urgency: Urgency;
  /** A breach exists after this long. */
  readonly breachAfterMs: Sourced<number>;
  /** A breach is told after this long (from its opening), so that a nightly restart wakes nobody. */
  readonly tellAfterMs: Sourced<number>;
  /** Unknown for this long opens an incident `not-shown`. */
  readonly unknownAfterMs: Sourced<number>;
  /** The duty itself (24 h, full coverage, 90 days …). */
  readonly source: string;
}

/** Who hears of a hazard. */
export interface HazardRouting {
  /** Must answer. */
  readonly act: readonly string[];
  /** Informed. */
  readonly copy: readonly string[];
  /** Listed only; gets no notice. */
  readonly record: readonly string[];
  readonly source: string;
  /** Departments that another clause names than `source`. */
  readonly sources?: Readonly<Record<string, string>>;
  /** True where the document is silent and the territory's lead stands in; the notice says so. */
  readonly fallback: boolean;
  /** Acting departments and copies hear of it together with the facility, not after it (a health threshold). */
  readonly atOnce?: true;
}

/** One rung of the ladder of technical incidents, counted from the telling. */
export interface LadderStep {
  readonly level: Level;
  readonly afterMs: Sourced<number>;
  /** Department ids told at this level; `act` means the hazard's acting departments. Empty at `facility`. */
  readonly departments: 'act' | readonly string[];
  /** Clause that gives the level; absent = no document does. */
  readonly source?: string;
}

/** What shows that a periodic duty was done. */
export type DutyProof =
  /** A log of this kind; its newest `doneAtMs` counts. */
  | { readonly log: LogKind }
  /** A paper of the registry that has an expiry: due before it ends. */
  | { readonly paper: PaperKind }
  /** An emergency plan per hazard: present, and reviewed within the interval. */
  | { readonly plan: PlanHazard };

/**
 * One periodic duty. Where its citation's standing is `encouraged` it is shown and never breached; an interval that no
 * document gives is `configuration` and says so.
 */
export interface DutyTerms {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly proof: DutyProof;
  /** Longest time between two proofs. */
  readonly everyMs: Sourced<number>;
  /** The duty itself. */
  readonly source: string;
  readonly hazard: string;
  /** Facility kinds that owe it; absent = all. */
  readonly kinds?: readonly FacilityKind[];
}

/**
 * A health threshold. It counts different children (by their pseudonym) whose findings match, within `days` calendar
 * days of the facility's zone, the day of the finding included. The software says "threshold reached", never "outbreak".
 */
export interface HealthSignal {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly scope: 'class' | 'facility';
  readonly days: number;
  readonly children: number;
  /** A child matches if it has at least one code of each list. */
  readonly codes: readonly (readonly FindingCode[])[];
  readonly tier: 'signal' | 'cluster' | 'report';
  readonly source: string;
}

/** To whom one event of the registry is pushed; nobody = no document asks for it. */
export interface RegistrationPush {
  readonly to: readonly string[];
  readonly source: string;
  /** Further departments where the facility is a kindergarten's class (Yuncheng: education). */
  readonly kindergartenTo: readonly string[];
  /** What asks for those; absent = `source`. */
  readonly kindergartenSource?: string;
}

/** A reason that excuses a deletion inside the days: what it took is declared, and not lost. */
export interface PermittedDeletion {
  readonly source: string;
}

export interface RulePack {
  /** Such as `taizhou`. */
  readonly name: string;
  /** Raised with every change; a verdict keeps `name@version`. */
  readonly version: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Division prefix it is for; empty = the national floor. */
  readonly division: string;
  /** Local days `YYYY-MM-DD`; `effectiveTo` is exclusive. */
  readonly effectiveFrom: string;
  readonly effectiveTo?: string;
  /** Serves only facilities that name it (the demo pack), whatever their division. */
  readonly byNameOnly?: true;
  /** Pack whose entries stand where this one has none. */
  readonly inherits?: string;
  readonly citations: Readonly<Record<string, Citation>>;
  readonly departments: readonly Department[];
  readonly rules: Readonly<Record<RuleName, RuleTerms>>;
  readonly hazards: Readonly<Record<string, HazardRouting>>;
  /** Hazard of each alarm kind. */
  readonly alarms: Readonly<Record<AlarmKind, string>>;
  readonly ladder: readonly LadderStep[];
  /** By id, so that a pack overrides one duty of the pack that it inherits. */
  readonly duties: Readonly<Record<string, DutyTerms>>;
  readonly signals: Readonly<Record<string, HealthSignal>>;
  readonly registration: Readonly<Record<RegistrationEventKind, RegistrationPush>>;
  /**
   * What excuses a deletion inside the days, each with what allows it; the other reasons explain it and excuse nothing.
   * Taken whole by an heir that has its own. No order to keep is ever outdone by one.
   */
  readonly permittedDeletions: Readonly<Partial<Record<DeletionReason, PermittedDeletion>>>;
  /**
   * The document's silences in plain sight. Under the key of a hazard: why no department is named, so that the lead
   * stands in. Under another key (`lifetime-ban`): something that the other documents say and this one does not.
   */
  readonly silences: Readonly<Record<string, BilingualName>>;
  readonly thresholds: {
    readonly beatEveryMs: Sourced<number>;
    readonly silentAfterMs: Sourced<number>;
    readonly selfTestEveryMs: Sourced<number>;
    readonly coverageAtLeastEveryMs: Sourced<number>;
    readonly retentionDays: Sourced<number>;
    /** Total missing time inside the window of one camera that is forgiven. */
    readonly retentionToleranceMs: Sourced<number>;
    /** Local `HH:MM` by which the check of an operating day must be logged. */
    readonly morningCheckBy: Sourced<string>;
    readonly noonCheckBy: Sourced<string>;
    /** Footage may not be older than this without a legal hold. */
    readonly retentionCeilingDays: Sourced<number>;
    /** A box's clock may be off by this much. */
    readonly clockOffsetMs: Sourced<number>;
    /** "Children in = out" is due this long after closing time of an operating day. */
    readonly closingWithinMs: Sourced<number>;
    /** 1 = a guard must be on shift in operating hours; 0 = this pack asks for none. */
    readonly guardsOnShift: Sourced<number>;
    /** An unknown calendar year is a finding this long before it begins. */
    readonly calendarKnownAheadMs: Sourced<number>;
    /** A filed facility must have connected within this time of its registration. */
    readonly connectWithinMs: Sourced<number>;
    /** A closed incident whose breach returns within this time is the same incident. */
    readonly flapMs: Sourced<number>;
    /** An acting department has this long to answer a life-safety notice. */
    readonly answerWithinMs: Sourced<number>;
    /** An answer of an officer holds so long; then it expires unless something followed it. */
    readonly answerHoldsMs: Sourced<number>;
    /** So many silences of one county (6 digits) that began within `stormWithinMs` of each other are one storm. */
    readonly stormAtLeast: Sourced<number>;
    readonly stormWithinMs: Sourced<number>;
    /** Somebody of each post must have seen a notice within so many days. */
    readonly reachableDays: Sourced<number>;
    /** A box has to confirm an order to keep recordings within this time of the order. */
    readonly holdConfirmedWithinMs: Sourced<number>;
  };
  /** Office hours of the departments: local times, ISO weekdays. */
  readonly workingHours: {
    readonly zone: string;
    readonly from: string;
    readonly to: string;
    readonly weekdays: readonly number[];
  };
  /** The national calendar. In no pack's file: every whole pack carries the same table (`workdays.json`). */
  readonly workdays: WorkdayTable;
}
