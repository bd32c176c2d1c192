import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { Person } from '../../shared/domain/access.ts';
import { type Found, incidentFor } from './find-incident.ts';
import { incidentViewOf, wholeTimeline } from './incident-wire.ts';
import type { DeskDeps } from './stores.ts';

/** Everything that is known of an incident which somebody was allowed to read. */
export const viewOf = async (deps: DeskDeps, { incident, live }: Found): Promise<IncidentView> => {
  const [flushed, facility] = await Promise.all([
    deps.records.readSteps(incident.facilityId, incident.id),
    deps.registry.readFacility(incident.facilityId),
  ]);
  return incidentViewOf({
    incident,
    live,
    steps: wholeTimeline(flushed, incident.steps),
    facility,
    pack: deps.packById(incident.pack),
  });
};

export const readIncident = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> =>
  viewOf(deps, await incidentFor(deps, person, 'read-incident', id));
