import * as z from 'zod';
import {
  areaRecordingsQuery,
  facilityRetentionQuery,
  retentionQuery,
  uptimeQuery,
} from '../../shared/contracts/audit.ts';
import { facilityId, shortId } from '../../shared/contracts/wire.ts';
import { type Answer, dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { areaRecordingsOf } from './area-recordings.ts';
import { readExport } from './exports.ts';
import { exportFacilityRetention, facilityRetention } from './facility-retention.ts';
import { exportFacilityUptime, facilityUptime } from './facility-uptime.ts';
import { exportRetention, listRetention } from './list-retention.ts';
import type { AuditDeps } from './stores.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

const facilityPath = z.strictObject({ facility: facilityId });
const areaPath = z.strictObject({ facility: facilityId, area: shortId });
const exportPath = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** The query says which form; else the `accept` header does. */
const wantsCsv = (format: 'json' | 'csv' | undefined, accept: string): boolean =>
  format === undefined ? accept.includes('text/csv') : format === 'csv';

/** Every route of the audit. Nothing here changes anything but its own exports. */
export const makeAuditHandler = (authenticate: Authenticate, deps: AuditDeps) => {
  const table: RouteTable<'audit'> = {
    'GET /v1/audit/retention': personRoute({
      query: retentionQuery,
      handle: async ({ person, query, accept }) =>
        wantsCsv(query.format, accept)
          ? exportRetention(deps, person, query)
          : ok(await listRetention(deps, person, query)),
    }),
    'GET /v1/audit/facilities/{facility}/retention': personRoute({
      path: facilityPath,
      query: facilityRetentionQuery,
      handle: async ({ person, path, query, accept }) =>
        wantsCsv(query.format, accept)
          ? exportFacilityRetention(deps, person, path.facility, query)
          : ok(await facilityRetention(deps, person, path.facility, query)),
    }),
    'GET /v1/audit/facilities/{facility}/areas/{area}/recordings': personRoute({
      path: areaPath,
      query: areaRecordingsQuery,
      handle: async ({ person, path, query }) =>
        ok(await areaRecordingsOf(deps, person, path.facility, path.area, query)),
    }),
    'GET /v1/audit/facilities/{facility}/uptime': personRoute({
      path: facilityPath,
      query: uptimeQuery,
      handle: async ({ person, path, query, accept }) =>
        wantsCsv(query.format, accept)
          ? exportFacilityUptime(deps, person, path.facility, query)
          : ok(await facilityUptime(deps, person, path.facility, query)),
    }),
    'GET /v1/audit/exports/{export}': personRoute({
      path: exportPath,
      handle: async ({ person, path }) => readExport(deps, person, path.export),
    }),
  };
  return dispatchPeople<'audit'>(authenticate, table);
};
