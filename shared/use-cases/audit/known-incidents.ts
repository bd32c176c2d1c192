import type { Person } from '../../domain/access.ts';
import { mayDo, targetOf } from '../../domain/authorize.ts';
import { findIncident, type IncidentPlaces } from '../find-incident.ts';
import { inBatches } from '../in-batches.ts';

const READ_AT_ONCE = 10;

const isKnownTo = async (places: IncidentPlaces, person: Person, id: string): Promise<boolean> => {
  const incident = (await findIncident(places, id))?.incident;
  return incident !== undefined && mayDo(person, 'read-incident', targetOf(incident));
};

/**
 * Those of these incidents that a person may know of. Others are not named to them either: the id of an incident says of
 * which rule it is, and that there is one.
 */
export const knownIncidents = async (
  places: IncidentPlaces,
  person: Person,
  ids: readonly (string | undefined)[],
): Promise<ReadonlySet<string>> => {
  const named = [...new Set(ids.filter((id) => id !== undefined))];
  const known = await inBatches(named, READ_AT_ONCE, (id) => isKnownTo(places, person, id));
  return new Set(named.filter((_, at) => known[at]));
};
