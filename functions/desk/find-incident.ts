import type { Person } from '../../shared/domain/access.ts';
import { type Action, mayDo, targetOf } from '../../shared/domain/authorize.ts';
import { ForbiddenError, NotFoundError } from '../../shared/domain/errors.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { DeskDeps } from './stores.ts';

/** An incident as it is kept now, and whether it is live or a record. */
export interface Found {
  readonly incident: Incident;
  readonly live: boolean;
}

/** Ids begin with their facility's. */
const facilityIdOf = (incidentId: string): string => incidentId.split('~')[0] ?? '';

/**
 * Strongly consistent, wherever it is: it is archived before it is removed from the live ones, so that it is always in
 * one of them. A reader that comes between finds it in the records.
 */
export const findIncident = async (
  { incidents, records }: Pick<DeskDeps, 'incidents' | 'records'>,
  id: string,
): Promise<Found | undefined> => {
  const incident = await incidents.read(id);
  if (incident !== undefined) return { incident, live: true };
  const archived = await records.readArchived(facilityIdOf(id), id);
  return archived && { incident: archived, live: false };
};

/**
 * The incident, if this person may do `action` with it. What the person may not even read is not found, as if it did not
 * exist: an abuse alarm is not there for the facility that it is about.
 */
export const incidentFor = async (
  deps: Pick<DeskDeps, 'incidents' | 'records'>,
  person: Person,
  action: Action,
  id: string,
): Promise<Found> => {
  const found = await findIncident(deps, id);
  if (found === undefined || !mayDo(person, 'read-incident', targetOf(found.incident))) {
    throw new NotFoundError('no such incident that your roles reach');
  }
  if (!mayDo(person, action, targetOf(found.incident))) {
    throw new ForbiddenError('your roles let you read this incident, not change it');
  }
  return found;
};
