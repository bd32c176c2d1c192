import type { Person } from '../domain/access.ts';
import { type Action, mayDo, scopeOf } from '../domain/authorize.ts';
import { ForbiddenError, InvalidInputError } from '../domain/errors.ts';
import { type Facility, isWithin } from '../domain/facility.ts';
import type { Page, RegistryStore } from '../ports/registry-store.ts';

export interface FacilityList {
  readonly division?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Where a list goes on: in which of the caller's places, and there after which page. */
interface Place {
  readonly at: string;
  readonly store?: string;
}

const cursorInvalid = (): InvalidInputError =>
  new InvalidInputError(
    'The cursor belongs to no page of this list.',
    [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    'cursor-invalid',
  );

const writePlace = ({ at, store }: Place): string =>
  Buffer.from(JSON.stringify(store === undefined ? [at] : [at, store])).toString('base64url');

const readPlace = (cursor: string): Place => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length <= 2 && parsed.every((part) => typeof part === 'string')) {
      const [at, store] = parsed as string[];
      if (at !== undefined) return store === undefined ? { at } : { at, store };
    }
  } catch {
    // Not JSON: refused below like every other forgery.
  }
  throw cursorInvalid();
};

/** More stores' pages than this are not looked through for one page of ours: it is short then, and goes on. */
const MOST_STORE_PAGES = 10;

/**
 * Facilities that this person may do `action` with, as a page. Places come from the person's roles each time, never from
 * the cursor; each facility is read again and authorized by itself. Throws `ForbiddenError` if no role reaches any.
 */
export const listFacilitiesFor = async (
  registry: Pick<RegistryStore, 'readFacility' | 'listFacilities'>,
  person: Person,
  action: Action,
  { division, limit, cursor }: FacilityList,
): Promise<Page<Facility>> => {
  const scope = scopeOf(person, action, division);
  const places = [...scope.divisions, ...scope.facilityIds.map((id) => `=${id}`)];
  if (places.length === 0) throw new ForbiddenError('none of your roles reaches a facility there');

  const shown = async (id: string): Promise<Facility[]> => {
    const facility = await registry.readFacility(id);
    if (facility === undefined || (division !== undefined && !isWithin(facility.division, division))) return [];
    return mayDo(person, action, { division: facility.division, facilityId: facility.id }) ? [facility] : [];
  };

  const found: Facility[] = [];
  let place: Place | undefined = cursor === undefined ? { at: places[0] ?? '' } : readPlace(cursor);
  if (!places.includes(place.at)) throw cursorInvalid();
  for (let pages = 0; place !== undefined && found.length < limit && pages < MOST_STORE_PAGES; pages += 1) {
    const { at, store }: Place = place;
    const page: Page<Facility | { readonly id: string }> = at.startsWith('=')
      ? { items: [{ id: at.slice(1) }] }
      : await registry.listFacilities(at, limit - found.length, store);
    found.push(...(await Promise.all(page.items.map(({ id }) => shown(id)))).flat());
    const next = places[places.indexOf(at) + 1];
    if (page.cursor !== undefined) place = { at, store: page.cursor };
    else place = next === undefined ? undefined : { at: next };
  }
  return place === undefined ? { items: found } : { items: found, cursor: writePlace(place) };
};
