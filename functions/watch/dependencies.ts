import type { Facility } from '../../shared/domain/facility.ts';
import { UNKNOWN_DIVISION } from '../../shared/domain/incidents/open.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ReachStore } from '../../shared/ports/delivery-store.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { NoticePublisher } from '../../shared/ports/notice-publisher.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { RosterStore } from '../../shared/ports/roster-store.ts';
import type { Tell } from '../../shared/ports/tell.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import type { WindowStore } from '../../shared/ports/window-store.ts';
import type { KeepIncident } from '../../shared/use-cases/keep-incident.ts';
import type { StormWatch } from './storm-watch.ts';
import type { SweepCounts } from './sweep-counts.ts';

/** What the sweep stands on. */
export interface WatchDependencies {
  readonly vitals: Pick<VitalsStore, 'candidates' | 'readRows' | 'patchBox' | 'patchCoverage' | 'patchFacility'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listFacilities' | 'listCounties'>;
  readonly records: Pick<
    RecordStore,
    | 'gapsFrom'
    | 'archiveIncident'
    | 'readArchived'
    | 'flushSteps'
    | 'checksSince'
    | 'logsSince'
    | 'findingsSince'
    | 'putFindings'
    | 'heldDays'
    | 'putGap'
  >;
  readonly incidents: Pick<IncidentStore, 'putIfAbsent' | 'read' | 'save' | 'remove' | 'scan'>;
  readonly alarms: Pick<AlarmStore, 'read'>;
  readonly keepIncident: KeepIncident;
  /** Asked only about what is due of a rule. */
  readonly windows: Pick<WindowStore, 'read'>;
  /** Who is to be reached for a department, and when somebody of it last saw a notice. */
  readonly rosters: Pick<RosterStore, 'read' | 'list'>;
  readonly reach: Pick<ReachStore, 'seenAtMs'>;
  readonly publisher: NoticePublisher;
  /** The pack in force for a facility. One that the registry does not know is nowhere, where the national floor stands. */
  readonly packFor: (facility: Pick<Facility, 'division' | 'pack'>, nowMs: number) => RulePack;
  /** Names all packs with their versions: rows judged by another set are looked at again. */
  readonly packSet: string;
  readonly clock: Clock;
  /** Tells the log what went wrong, with the facility or incident it concerns. */
  readonly tell: Tell;
  readonly limits?: Partial<SweepLimits>;
}

export interface SweepLimits {
  /** Parallel segments of the candidate scan. */
  readonly segments: number;
  /** Facilities (or incidents) in hand at the same time, per segment. */
  readonly atOnce: number;
  /** The sweep stops taking on work after so long; the next one resumes. */
  readonly budgetMs: number;
}

export const defaultLimits: SweepLimits = { segments: 4, atOnce: 16, budgetMs: 50_000 };

/** The pack for a facility, known or not. */
export const packOf = ({ packFor }: WatchDependencies, facility: Facility | undefined, nowMs: number): RulePack =>
  packFor(facility ?? { division: UNKNOWN_DIVISION }, nowMs);

/** One sweep at work. */
export interface Sweep extends WatchDependencies {
  readonly counts: SweepCounts;
  /** The minute of the day in which it began. */
  readonly slot: number;
  readonly storms: StormWatch;
}
