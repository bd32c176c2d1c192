import type { AuditReads } from '../../shared/use-cases/audit/stores.ts';
import type { BundleReads } from '../../shared/use-cases/bundle/stores.ts';

/** Everything that the files of the audit are made from. It only reads. */
export interface AuditFilesDeps extends AuditReads {
  readonly bundles: BundleReads;
}
