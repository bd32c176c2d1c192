import { rosterList, rosterPlace } from '../../../shared/adapters/dynamodb/roster-keys.ts';
import { postId, type Roster } from '../../../shared/domain/people/roster.ts';
import type { RosterStore } from '../../../shared/ports/roster-store.ts';
import { logged } from './calls.ts';
import { ascending, pageOf } from './pages.ts';

/** Rosters in memory. */
export const memoryRosterStore = (): RosterStore => {
  const rosters = new Map<string, Roster>();
  return logged({
    read: async (post) => structuredClone(rosters.get(postId(post))),
    put: async (roster) => {
      if ((rosters.get(postId(roster))?.version ?? 0) !== roster.version - 1) return false;
      rosters.set(postId(roster), structuredClone(roster));
      return true;
    },
    remove: async (post) => {
      rosters.delete(postId(post));
    },
    list: async (divisionPrefix, limit, cursor) => {
      const found = [...rosters.values()]
        .filter(({ department, place }) => department !== 'facility' && place.startsWith(divisionPrefix))
        .sort((a, b) => ascending(rosterPlace(a), rosterPlace(b)));
      return pageOf(rosterList(divisionPrefix), found, rosterPlace, limit, cursor);
    },
  } satisfies RosterStore);
};
