import type { Facility } from '../../shared/domain/facility.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';

/** Everything that the use cases of the audit work with. Of all but the exports it only reads. */
export interface AuditDeps {
  readonly vitals: Pick<VitalsStore, 'readRows'>;
  readonly records: Pick<RecordStore, 'heldDays' | 'gapsWithin'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listFacilities' | 'listBoxes'>;
  readonly exports: ExportStore;
  readonly packFor: (facility: Facility, nowMs: number) => RulePack;
  readonly clock: Clock;
  /** An id that nobody can guess: 43 characters of base64url. */
  readonly newExportId: () => string;
  /** A CSV of more bytes than this is kept in the bucket and answered with a link. */
  readonly largestCsvBytes: number;
}

export const seconds = (ms: number): number => Math.round(ms / 1_000);
