import type { IncidentListQuery, IncidentSummary } from '../../shared/contracts/desk.ts';
import { USUAL_PAGE } from '../../shared/contracts/page.ts';
import { readInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Page } from '../../shared/ports/registry-store.ts';
import { listIncidentsFor } from '../../shared/use-cases/list-incidents.ts';
import { summaryOf } from './incident-wire.ts';
import type { DeskDeps } from './stores.ts';

const summaries = async ({ registry }: DeskDeps, incidents: readonly Incident[]): Promise<IncidentSummary[]> => {
  const ids = [...new Set(incidents.map(({ facilityId }) => facilityId))];
  const facilities = new Map<string, Facility | undefined>();
  for (const id of ids) facilities.set(id, await registry.readFacility(id));
  return incidents.map((incident) => summaryOf(incident, facilities.get(incident.facilityId)));
};

/** Incidents as the desk lists them. Throws `ForbiddenError` or `InvalidInputError`. */
export const listIncidents = async (
  deps: DeskDeps,
  person: Person,
  { from, to, limit = USUAL_PAGE, ...query }: IncidentListQuery,
): Promise<Page<IncidentSummary>> => {
  const asked = {
    ...query,
    limit,
    ...(from !== undefined && { fromMs: readInstant(from) }),
    ...(to !== undefined && { toMs: readInstant(to) }),
  };
  const { items, ...more } = await listIncidentsFor(deps, person, asked, deps.clock());
  return { items: await summaries(deps, items), ...more };
};
