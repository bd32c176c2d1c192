import type { NoteDeps } from '../../shared/use-cases/audit/accesses.ts';
import type { IncidentListDeps } from '../../shared/use-cases/audit/audit-incidents.ts';
import type { ChallengesDeps } from '../../shared/use-cases/audit/facility-challenges.ts';
import type { ChecksDeps } from '../../shared/use-cases/audit/facility-checks.ts';
import type { NotShownDeps } from '../../shared/use-cases/audit/not-shown.ts';
import type { ObjectionDeps } from '../../shared/use-cases/audit/objections.ts';
import type { BundleReads } from '../../shared/use-cases/bundle/stores.ts';

/** What a report reads: the questions of the audit, and the logs for where the proof is. */
export type ReportDeps = NotShownDeps &
  ChecksDeps &
  ChallengesDeps &
  IncidentListDeps &
  Pick<ObjectionDeps, 'evidence'> & { readonly bundles: BundleReads };

/** Everything that the files of the audit are made from. It only reads, but for the note of who looked. */
export type AuditFilesDeps = ReportDeps & NoteDeps;
