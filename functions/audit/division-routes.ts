import * as z from 'zod';
import { retentionQuery } from '../../shared/contracts/audit.ts';
import { auditIncidentsQuery } from '../../shared/contracts/audit-incidents.ts';
import { accessesQuery } from '../../shared/contracts/audit-notes.ts';
import type { Person } from '../../shared/domain/access.ts';
import { divisionOfPlace } from '../../shared/domain/incident.ts';
import { decoded } from '../../shared/runtime/decoded.ts';
import { personRoute } from '../../shared/runtime/dispatch.ts';
import { accessesSheet, listAccesses } from '../../shared/use-cases/audit/accesses.ts';
import {
  incidentsSheet,
  listAuditIncidents,
  readAuditIncident,
  wholeAuditIncidents,
} from '../../shared/use-cases/audit/audit-incidents.ts';
import { type Covers, coversFacility, coversList } from '../../shared/use-cases/audit/covers.ts';
import { listRetention, retentionSheet, wholeRetention } from '../../shared/use-cases/audit/list-retention.ts';
import { listNotShown, wholeNotShown } from '../../shared/use-cases/audit/not-shown.ts';
import { formOf, inForm, inJson, inLines } from './answers.ts';
import type { AuditDeps } from './stores.ts';

const incidentPath = z.strictObject({ incident: z.string().min(1).max(300).transform(decoded) });

type Named = { readonly division?: string; readonly facility?: string };

/** A list of incidents is about one facility or about a division. */
const coversIncidents = async ({ registry }: AuditDeps, person: Person, asked: Named): Promise<Covers> => {
  if (asked.facility === undefined) return coversList(person, 'read-incident', asked.division, []);
  const division = (await registry.readFacility(asked.facility))?.division;
  const facilities = division === undefined ? [] : [{ facilityId: asked.facility, division }];
  return { action: 'read-incident', divisions: [], facilities };
};

const coversIncident = (view: { readonly facility: string; readonly division: string }): Covers =>
  divisionOfPlace(view.facility) === undefined
    ? coversFacility('read-incident', view)
    : { action: 'read-incident', divisions: [view.division], facilities: [] };

/** Questions about divisions, and about single incidents. */
export const divisionRoutes = (deps: AuditDeps) => ({
  'GET /v1/audit/retention': personRoute({
    query: retentionQuery,
    handle: async (request) => {
      const { person, query } = request;
      const isListed = query.show === 'not-shown';
      const coversOf = (items: Parameters<typeof coversList>[3]): Covers =>
        coversList(person, 'read-retention', query.division, items);
      if (formOf(request) !== 'json') {
        const { items, asOf } = await (isListed ? wholeNotShown : wholeRetention)(deps, person, query);
        const about = { question: 'division-retention', covers: coversOf(items), name: 'retention' };
        return inLines(deps, request, [retentionSheet(items, asOf)], about);
      }
      const page = await (isListed ? listNotShown : listRetention)(deps, person, query);
      return inJson(deps, request, page, { question: 'division-retention', covers: coversOf(page.items) });
    },
  }),
  'GET /v1/audit/incidents': personRoute({
    query: auditIncidentsQuery,
    handle: async (request) => {
      const { person, query } = request;
      const about = { question: 'incidents', covers: await coversIncidents(deps, person, query), name: 'incidents' };
      if (formOf(request) === 'json')
        return inJson(deps, request, await listAuditIncidents(deps, person, query), about);
      const { items } = await wholeAuditIncidents(deps, person, query);
      return inLines(deps, request, [incidentsSheet(items)], about);
    },
  }),
  'GET /v1/audit/incidents/{incident}': personRoute({
    path: incidentPath,
    handle: async (request) => {
      const view = await readAuditIncident(deps, request.person, request.path.incident);
      return inJson(deps, request, view, { question: 'incident', covers: coversIncident(view) });
    },
  }),
  'GET /v1/audit/accesses': personRoute({
    query: accessesQuery,
    handle: async (request) => {
      const { person, query } = request;
      const page = await listAccesses(deps, person, query);
      const covers = coversList(person, 'read-accesses', query.division, []);
      const sheets = ({ items }: typeof page) => [accessesSheet(items)] as const;
      return inForm(deps, request, page, { question: 'division-accesses', covers, sheets, name: 'accesses' });
    },
  }),
});
