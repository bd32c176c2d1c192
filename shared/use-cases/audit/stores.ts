import type { Facility } from '../../domain/facility.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import type { VitalsStore } from '../../ports/vitals-store.ts';
import type { ChallengeReads } from './challenge-verdict.ts';

/** What the questions about recordings and uptime read. They change nothing. */
export interface AuditReads extends ChallengeReads {
  readonly vitals: Pick<VitalsStore, 'readRows'>;
  readonly records: Pick<RecordStore, 'heldDays' | 'gapsWithin'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listFacilities' | 'listBoxes'>;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  readonly clock: Clock;
}

export const seconds = (ms: number): number => Math.round(ms / 1_000);
