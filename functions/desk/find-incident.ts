import type { Person } from '../../shared/domain/access.ts';
import { type Action, mayDo, targetOf } from '../../shared/domain/authorize.ts';
import { ForbiddenError, NotFoundError } from '../../shared/domain/errors.ts';
import { type Found, findIncident } from '../../shared/use-cases/find-incident.ts';
import type { DeskDeps } from './stores.ts';

export { type Found, findIncident };

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
