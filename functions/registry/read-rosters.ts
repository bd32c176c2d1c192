import type { RosterView } from '../../shared/contracts/roster.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo, scopeOf } from '../../shared/domain/authorize.ts';
import { ForbiddenError, NotFoundError } from '../../shared/domain/errors.ts';
import { isWithin } from '../../shared/domain/facility.ts';
import { type Post, postId, type Roster } from '../../shared/domain/people/roster.ts';
import type { Page } from '../../shared/ports/registry-store.ts';
import { pageOverPlaces } from '../../shared/use-cases/page-places.ts';
import { demandPost, targetOfPost } from './post-access.ts';
import { rosterViewOf } from './roster-wire.ts';
import type { RegistryDeps } from './stores.ts';

/** One roster, as much of it as the person may see. */
export const readRoster = async (deps: RegistryDeps, person: Person, post: Post): Promise<RosterView> => {
  const target = await demandPost(deps, person, 'read-roster', post);
  const roster = await deps.rosters.read(post);
  if (roster === undefined) throw new NotFoundError(`post ${postId(post)} has no roster`);
  return rosterViewOf(roster, mayDo(person, 'read-contacts', target));
};

/** The rosters that the person's roles reach, page by page; each is authorized by itself. */
export const listRosters = async (
  deps: RegistryDeps,
  person: Person,
  { division, ...page }: { readonly division?: string | undefined; readonly limit: number; readonly cursor?: string },
): Promise<Page<RosterView>> => {
  const scope = scopeOf(person, 'read-roster', division);
  const places = [...scope.divisions, ...scope.facilityIds.map((id) => `=${id}`)];
  if (places.length === 0) throw new ForbiddenError('none of your roles reaches a roster there');

  const shown = async (roster: Roster): Promise<RosterView[]> => {
    const target = await targetOfPost(deps, roster);
    if (target === undefined || !mayDo(person, 'read-roster', target)) return [];
    if (division !== undefined && !isWithin(target.division ?? '', division)) return [];
    return [rosterViewOf(roster, mayDo(person, 'read-contacts', target))];
  };
  const own = async (place: string): Promise<readonly Roster[]> => {
    const roster = await deps.rosters.read({ department: 'facility', place });
    return roster === undefined ? [] : [roster];
  };

  return pageOverPlaces(places, page, async (at, limit, cursor) => {
    const found: Page<Roster> = at.startsWith('=')
      ? { items: await own(at.slice(1)) }
      : await deps.rosters.list(at, limit, cursor);
    return { ...found, items: (await Promise.all(found.items.map(shown))).flat() };
  });
};
