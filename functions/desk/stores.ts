import type { Facility } from '../../shared/domain/facility.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { DeliveryStore, LinkStore, NoticeFeed } from '../../shared/ports/delivery-store.ts';
import type { IncidentStore } from '../../shared/ports/incident-store.ts';
import type { NoticePublisher } from '../../shared/ports/notice-publisher.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { RosterStore } from '../../shared/ports/roster-store.ts';
import type { WindowStore } from '../../shared/ports/window-store.ts';

/** Everything that the use cases of the desk work with. */
export interface DeskDeps {
  readonly incidents: Pick<IncidentStore, 'read' | 'save' | 'list' | 'putIfAbsent'>;
  readonly records: Pick<RecordStore, 'readArchived' | 'listArchived' | 'readSteps' | 'flushSteps'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listCounties'>;
  readonly windows: WindowStore;
  readonly deliveries: Pick<DeliveryStore, 'ofIncident'>;
  readonly links: Pick<LinkStore, 'read'>;
  readonly feed: Pick<NoticeFeed, 'list'>;
  readonly rosters: Pick<RosterStore, 'read'>;
  readonly publisher: NoticePublisher;
  /** The pack in force for a facility, by which an officer opens an incident. */
  readonly packFor: (facility: Pick<Facility, 'division' | 'pack'>, nowMs: number) => RulePack;
  /** The pack by `name@version` as the incident names it; absent = no longer kept here. */
  readonly packById: (id: string) => RulePack | undefined;
  readonly clock: Clock;
}
