import * as z from 'zod';
import { exportBody } from '../../shared/contracts/audit-files.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { divisionRoutes } from './division-routes.ts';
import { readExport } from './exports.ts';
import { facilityRoutes } from './facility-routes.ts';
import { orderExport, readOrder } from './orders.ts';
import type { AuditDeps } from './stores.ts';

const exportPath = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Every route of the audit. Nothing here changes anything but its own exports, objections and notes of who looked. */
export const makeAuditHandler = (authenticate: Authenticate, deps: AuditDeps) => {
  const table: RouteTable<'audit'> = {
    ...divisionRoutes(deps),
    ...facilityRoutes(deps),
    'POST /v1/audit/exports': personRoute({
      body: exportBody,
      handle: ({ person, body }) => orderExport(deps, person, body),
    }),
    'GET /v1/audit/exports/{export}': personRoute({
      path: exportPath,
      handle: async ({ person, path }) =>
        (await readOrder(deps, person, path.export)) ?? (await readExport(deps, person, path.export)),
    }),
  };
  return dispatchPeople<'audit'>(authenticate, table);
};
