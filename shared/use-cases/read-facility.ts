import type { Person } from '../domain/access.ts';
import { type Action, mayDo } from '../domain/authorize.ts';
import { ForbiddenError, NotFoundError } from '../domain/errors.ts';
import type { Facility } from '../domain/facility.ts';
import type { RegistryStore } from '../ports/registry-store.ts';

export const targetOfFacility = (facility: Pick<Facility, 'id' | 'division'>) => ({
  division: facility.division,
  facilityId: facility.id,
});

/**
 * The facility, if this person may do `action` with it. What the person may not even read is not found, as if it did not
 * exist; what may be read but not that is forbidden.
 */
export const facilityFor = async (
  registry: Pick<RegistryStore, 'readFacility'>,
  person: Person,
  action: Action,
  facilityId: string,
): Promise<Facility> => {
  const facility = await registry.readFacility(facilityId);
  if (facility !== undefined && mayDo(person, action, targetOfFacility(facility))) return facility;
  if (facility !== undefined && mayDo(person, 'read-facility', targetOfFacility(facility))) {
    throw new ForbiddenError('your roles do not allow this for the facility');
  }
  throw new NotFoundError(`no facility ${facilityId} that your roles reach`);
};
