import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { AuditReads } from '../../shared/use-cases/audit/stores.ts';

/** Everything that the audit works with. Of all but the exports it only reads. */
export interface AuditDeps extends AuditReads {
  readonly exports: ExportStore;
  /** An id that nobody can guess: 43 characters of base64url. */
  readonly newExportId: () => string;
  /** A CSV of more bytes than this is kept in the bucket and answered with a link. */
  readonly largestCsvBytes: number;
}
