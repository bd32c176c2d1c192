import type { BundleQuery, LogKeysView } from '../../shared/contracts/audit-files.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo } from '../../shared/domain/authorize.ts';
import { ForbiddenError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { formatBundle } from '../../shared/evidence/bundle.ts';
import { formatNoteKey } from '../../shared/evidence/note-key.ts';
import { originOfRegion } from '../../shared/evidence/regional.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { bundleFor } from '../../shared/use-cases/bundle/bundle-for.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import type { AuditFilesDeps } from './stores.ts';

const BUNDLE_TYPE = 'application/vnd.cradlewatch.bundle+json';

/** A bundle as a file to carry away. */
export const answerBundle = async (
  { registry, bundles, clock }: AuditFilesDeps,
  person: Person,
  facilityId: string,
  { records = 'asked', ...asked }: BundleQuery,
): Promise<{ readonly facility: Facility; readonly answer: Answer }> => {
  const facility = await facilityFor(registry, person, 'read-retention', facilityId);
  const bundle = await bundleFor(bundles, facility, asked, { records, nowMs: clock() });
  const answer = {
    status: 200,
    bytes: { type: BUNDLE_TYPE, content: formatBundle(bundle) },
    headers: { 'content-disposition': `attachment; filename="${facility.id}.bundle"` },
  };
  return { facility, answer };
};

/** The keys that sign the logs. They are no secret; who has no role here has no business here either. */
export const logKeys = async ({ bundles }: AuditFilesDeps, person: Person): Promise<LogKeysView> => {
  if (!mayDo(person, 'read-packs', {})) throw new ForbiddenError('none of your roles reads the keys of the logs');
  const { logName, region } = bundles;
  const keys = await bundles.logKeys();
  return { log: logName, region: originOfRegion(logName, region), keys: keys.map(formatNoteKey) };
};
