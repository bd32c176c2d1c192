import * as z from 'zod';
import { retentionQuery } from '../../shared/contracts/audit.ts';
import { auditIncidentsQuery } from '../../shared/contracts/audit-incidents.ts';
import { accessesQuery } from '../../shared/contracts/audit-notes.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo } from '../../shared/domain/authorize.ts';
import { divisionOfPlace } from '../../shared/domain/incident.ts';
import { decoded } from '../../shared/runtime/decoded.ts';
import { personRoute } from '../../shared/runtime/dispatch.ts';
import { accessesSheet, listAccesses } from '../../shared/use-cases/audit/accesses.ts';
import {
  listAuditIncidents,
  readAuditIncident,
  wholeAuditIncidents,
} from '../../shared/use-cases/audit/audit-incidents.ts';
import { type Covers, coversFacility, coversList, rolesOverIncidents } from '../../shared/use-cases/audit/covers.ts';
import { incidentsSheet } from '../../shared/use-cases/audit/incidents-sheet.ts';
import {
  listRetention,
  reachSheet,
  retentionSheet,
  wholeRetention,
} from '../../shared/use-cases/audit/list-retention.ts';
import { listNotShown, wholeNotShown } from '../../shared/use-cases/audit/not-shown.ts';
import { formOf, inForm, inJson, inLines, wholeInLines } from './answers.ts';
import type { AuditDeps } from './stores.ts';

const incidentPath = z.strictObject({ incident: z.string().min(1).max(300).transform(decoded) });

type Named = { readonly division?: string; readonly facility?: string };

/** A list of incidents is about one facility, where it lies and where it lay when they opened, or about a division. */
const coversIncidents = async (
  { registry }: AuditDeps,
  person: Person,
  asked: Named,
  items: readonly { readonly facility: string; readonly division: string }[],
): Promise<Covers> => {
  const roles = rolesOverIncidents(person, asked.division);
  if (asked.facility === undefined) {
    return { ...coversList(person, 'read-incident', asked.division, []), roles };
  }
  const now = (await registry.readFacility(asked.facility))?.division;
  const divisions = new Set([...(now === undefined ? [] : [now]), ...items.map(({ division }) => division)]);
  const facilityId = asked.facility;
  // Incidents have no one action for a place: each was authorized by itself.
  const facilities = [...divisions]
    .map((division) => ({ facilityId, division }))
    .filter((target) => mayDo(person, 'read-facility', target));
  return { action: 'read-facility', divisions: [], facilities, roles };
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
        const { items, asOf, basis } = await (isListed ? wholeNotShown : wholeRetention)(deps, person, query);
        const reach = basis === undefined ? [] : [reachSheet(basis)];
        const about = { question: 'division-retention' as const, covers: coversOf(items), name: 'retention' };
        return inLines(deps, request, [retentionSheet(items, asOf, basis), ...reach], about);
      }
      const page = await (isListed ? listNotShown : listRetention)(deps, person, query);
      return inJson(deps, request, page, { question: 'division-retention', covers: coversOf(page.items) });
    },
  }),
  'GET /v1/audit/incidents': personRoute({
    query: auditIncidentsQuery,
    handle: async (request) => {
      const { person, query } = request;
      const isJson = formOf(request) === 'json';
      const page = await (isJson ? listAuditIncidents : wholeAuditIncidents)(deps, person, query);
      const covers = await coversIncidents(deps, person, query, page.items);
      const about = { question: 'incidents' as const, covers, name: 'incidents' };
      return isJson ? inJson(deps, request, page, about) : inLines(deps, request, [incidentsSheet(page.items)], about);
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
      const page = await listAccesses(deps, person, wholeInLines(request));
      const covers = coversList(person, 'read-accesses', query.division, []);
      const sheets = ({ items }: typeof page) => [accessesSheet(items, deps.zone)] as const;
      return inForm(deps, request, page, { question: 'division-accesses', covers, sheets, name: 'accesses' });
    },
  }),
});
