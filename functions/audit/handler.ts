import * as z from 'zod';
import {
  areaRecordingsQuery,
  facilityRetentionQuery,
  retentionQuery,
  uptimeQuery,
} from '../../shared/contracts/audit.ts';
import { facilityId, shortId } from '../../shared/contracts/wire.ts';
import { dispatchPeople, personRoute, type RouteTable } from '../../shared/runtime/dispatch.ts';
import type { Authenticate } from '../../shared/runtime/people.ts';
import { areaRecordingsOf } from '../../shared/use-cases/audit/area-recordings.ts';
import { coversFacility, coversList } from '../../shared/use-cases/audit/covers.ts';
import { facilityRetention, facilityRetentionSheet } from '../../shared/use-cases/audit/facility-retention.ts';
import { facilityUptime, uptimeSheet } from '../../shared/use-cases/audit/facility-uptime.ts';
import { listRetention, retentionSheet, wholeRetention } from '../../shared/use-cases/audit/list-retention.ts';
import { inForm, ok, wantsCsv } from './answers.ts';
import { answerCsv, readExport } from './exports.ts';
import type { AuditDeps } from './stores.ts';

const facilityPath = z.strictObject({ facility: facilityId });
const areaPath = z.strictObject({ facility: facilityId, area: shortId });
const exportPath = z.strictObject({ export: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Every route of the audit. Nothing here changes anything but its own exports. */
export const makeAuditHandler = (authenticate: Authenticate, deps: AuditDeps) => {
  const table: RouteTable<'audit'> = {
    'GET /v1/audit/retention': personRoute({
      query: retentionQuery,
      handle: async ({ person, query, accept }) => {
        if (!wantsCsv(query.format, accept)) return ok(await listRetention(deps, person, query));
        const { items, asOf } = await wholeRetention(deps, person, query);
        const covers = coversList(person, 'read-retention', query.division, items);
        return answerCsv(deps, person, covers, retentionSheet(items, asOf), 'retention');
      },
    }),
    'GET /v1/audit/facilities/{facility}/retention': personRoute({
      path: facilityPath,
      query: facilityRetentionQuery,
      handle: async (request) => {
        const view = await facilityRetention(deps, request.person, request.path.facility, request.query);
        const covers = coversFacility('read-retention', view);
        const name = `retention-${view.facility}`;
        return inForm(deps, request, view, { covers, sheet: facilityRetentionSheet, name });
      },
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
      handle: async (request) => {
        const view = await facilityUptime(deps, request.person, request.path.facility, request.query);
        const covers = coversFacility('read-uptime', view);
        return inForm(deps, request, view, { covers, sheet: uptimeSheet, name: `uptime-${view.facility}` });
      },
    }),
    'GET /v1/audit/exports/{export}': personRoute({
      path: exportPath,
      handle: async ({ person, path }) => readExport(deps, person, path.export),
    }),
  };
  return dispatchPeople<'audit'>(authenticate, table);
};
