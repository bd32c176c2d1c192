import type { Facility } from '../../shared/domain/facility.ts';
import type { RulePack, TopicName } from '../../shared/domain/rule-pack.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { TestSender } from '../../shared/ports/channel.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { DeliveryStore } from '../../shared/ports/delivery-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { RosterStore } from '../../shared/ports/roster-store.ts';
import type { LogStore } from '../../shared/ports/sealed-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import type { KeepEvidence } from '../../shared/use-cases/keep-evidence.ts';

/** The vitals as the registry may write them. */
export type RegistryVitals = Pick<
  VitalsStore,
  'announceFacility' | 'announceBox' | 'admitKey' | 'revokeKey' | 'readBox' | 'readFacility' | 'patchBox'
>;

/** The rule packs as the registry needs them. */
export interface Packs {
  /** The pack by which a facility is judged at that instant. */
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  readonly inForce: (nowMs: number) => readonly RulePack[];
  readonly isKnown: (name: string) => boolean;
  /** The topic of a department id; absent = no pack names it. */
  readonly topicOf: (department: string) => TopicName | undefined;
}

/** Everything that the use cases of the registry work with. */
export interface RegistryDeps {
  readonly registry: RegistryStore;
  readonly vitals: RegistryVitals;
  readonly alarms: Pick<AlarmStore, 'putKey' | 'removeKey'>;
  readonly rosters: RosterStore;
  /** Where `deliver-notices` keeps what became of a channel test. */
  readonly deliveries: Pick<DeliveryStore, 'ofIncident'>;
  readonly tests: TestSender;
  /** What boxes said of the orders that they carry out. */
  readonly records: Pick<RecordStore, 'heldDays'>;
  /** Who is to be looked at by whoever asks who cannot show their days. */
  readonly logs: Pick<LogStore, 'putNotShown'>;
  /** By whose midnight the stack seals its days. */
  readonly zone: string;
  /** Puts an order, or its end, under seal. */
  readonly keepEvidence: KeepEvidence;
  readonly packs: Packs;
  readonly clock: Clock;
  readonly newId: () => string;
}
