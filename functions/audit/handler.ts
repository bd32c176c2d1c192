import * as z from 'zod';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { divisionRoutes } from './division-routes.ts';
import { readExport } from './exports.ts';
import { facilityRoutes } from './facility-routes.ts';
import type { AuditDeps } from './stores.ts';

const exportPath = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Every route of the audit. Nothing here changes anything but its own exports, objections and notes of who looked. */
export const makeAuditHandler = (authenticate: Authenticate, deps: AuditDeps) => {
  const table: RouteTable<'audit'> = {
    ...divisionRoutes(deps),
    ...facilityRoutes(deps),
    'GET /v1/audit/exports/{export}': personRoute({
      path: exportPath,
      handle: async ({ person, path }) => readExport(deps, person, path.export),
    }),
  };
  return dispatchPeople<'audit'>(authenticate, table);
};
