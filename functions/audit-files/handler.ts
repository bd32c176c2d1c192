import * as z from 'zod';
import { bundleQuery } from '../../shared/contracts/audit-files.ts';
import { facilityId } from '../../shared/contracts/wire.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { answerBundle, logKeys } from './bundle.ts';
import type { AuditFilesDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });

/** What an auditor takes away: bundles, reports and exports. */
export const makeAuditFilesHandler = (authenticate: Authenticate, deps: AuditFilesDeps) => {
  const table: RouteTable<'audit-files'> = {
    'GET /v1/audit/keys': personRoute({
      handle: async ({ person }) => ({ status: 200, body: await logKeys(deps, person) }),
    }),
    'GET /v1/audit/facilities/{facility}/bundle': personRoute({
      path: facilityPath,
      query: bundleQuery,
      handle: ({ person, path, query }) => answerBundle(deps, person, path.facility, query),
    }),
  };
  return dispatchPeople<'audit-files'>(authenticate, table);
};
