import type { Person } from '../domain/access.ts';
import { type Action, mayDo, scopeOf } from '../domain/authorize.ts';
import { ForbiddenError } from '../domain/errors.ts';
import { type Facility, isWithin } from '../domain/facility.ts';
import type { Page, RegistryStore } from '../ports/registry-store.ts';
import { pageOverPlaces } from './page-places.ts';

export interface FacilityList {
  readonly division?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Facilities that this person may do `action` with, as a page. Places come from the person's roles each time, never from
 * the cursor; each facility is read again and authorized by itself. Throws `ForbiddenError` if no role reaches any.
 */
export const listFacilitiesFor = async (
  registry: Pick<RegistryStore, 'readFacility' | 'listFacilities'>,
  person: Person,
  action: Action,
  { division, ...page }: FacilityList,
): Promise<Page<Facility>> => {
  const scope = scopeOf(person, action, division);
  const places = [...scope.divisions, ...scope.facilityIds.map((id) => `=${id}`)];
  if (places.length === 0) throw new ForbiddenError('none of your roles reaches a facility there');

  const shown = async (id: string): Promise<Facility[]> => {
    const facility = await registry.readFacility(id);
    if (facility === undefined || (division !== undefined && !isWithin(facility.division, division))) return [];
    return mayDo(person, action, { division: facility.division, facilityId: facility.id }) ? [facility] : [];
  };

  // One that lies in a division of another role of theirs is listed there.
  const isListed = ({ division: of }: Facility): boolean => scope.divisions.some((prefix) => isWithin(of, prefix));

  return pageOverPlaces(places, page, async (at, limit, cursor) => {
    if (at.startsWith('=')) return { items: (await shown(at.slice(1))).filter((one) => !isListed(one)) };
    const { items, ...more } = await registry.listFacilities(at, limit, cursor);
    return { ...more, items: (await Promise.all(items.map(({ id }) => shown(id)))).flat() };
  });
};
