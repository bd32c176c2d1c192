import type { ExportStore } from '../../shared/ports/export-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { AccessDeps } from '../../shared/use-cases/audit/accesses.ts';
import type { IncidentsDeps } from '../../shared/use-cases/audit/audit-incidents.ts';
import type { ChallengesDeps } from '../../shared/use-cases/audit/facility-challenges.ts';
import type { ChecksDeps } from '../../shared/use-cases/audit/facility-checks.ts';
import type { NotShownDeps } from '../../shared/use-cases/audit/not-shown.ts';
import type { ObjectionDeps } from '../../shared/use-cases/audit/objections.ts';
import type { AskExportDeps } from '../../shared/use-cases/exports/ask-export.ts';

/** What the questions read: stores, packs, and the salt under which people are named. */
type Questions = { readonly records: Pick<RecordStore, 'digestsWithin'> } & NotShownDeps &
  ChecksDeps &
  ChallengesDeps &
  IncidentsDeps &
  ObjectionDeps &
  AccessDeps;

/** Everything that the audit works with. Of all but exports, objections and its own accesses it only reads. */
export type AuditDeps = Questions &
  Pick<AskExportDeps, 'jobs' | 'files' | 'queue'> & {
    readonly exports: ExportStore;
    /** An id that nobody can guess: 43 characters of base64url. */
    readonly newExportId: () => string;
    /** A CSV of more bytes than this is kept in the bucket and answered with a link. */
    readonly largestCsvBytes: number;
  };
