import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { Person } from '../../shared/domain/access.ts';
import { wholeTimeline } from '../../shared/domain/incidents/whole-timeline.ts';
import { type Found, incidentFor } from './find-incident.ts';
import { incidentViewOf } from './incident-wire.ts';
import type { DeskDeps } from './stores.ts';
import { throughLinks } from './through-links.ts';

/** Everything that is known of an incident which somebody was allowed to read; names only for a `reader` who may. */
export const viewOf = async (deps: DeskDeps, { incident, live }: Found, reader?: Person): Promise<IncidentView> => {
  const [flushed, facility] = await Promise.all([
    deps.records.readSteps(incident.facilityId, incident.id),
    deps.registry.readFacility(incident.facilityId),
  ]);
  const steps = wholeTimeline(flushed, incident.steps);
  const view = incidentViewOf({ incident, live, steps, facility, pack: deps.packById(incident.pack) });
  const through = await throughLinks(deps, incident, steps, reader);
  return through.length > 0 ? { ...view, through: [...through] } : view;
};

export const readIncident = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> =>
  viewOf(deps, await incidentFor(deps, person, 'read-incident', id), person);
