import { liveList, liveListOf, openedAtId } from '../../../shared/adapters/dynamodb/keys.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import type { IncidentStore } from '../../../shared/ports/incident-store.ts';
import { logged } from './calls.ts';
import { ascending, pageOf, placeCursor } from './pages.ts';

/** Live incidents in memory. `live` shows (and lets a test plant) what is kept. */
export const memoryIncidentStore = (): IncidentStore & { readonly live: Map<string, Incident> } => {
  const live = new Map<string, Incident>();
  return logged({
    live,
    putIfAbsent: async (incident) => {
      if (live.has(incident.id)) return false;
      live.set(incident.id, structuredClone(incident));
      return true;
    },
    read: async (id) => structuredClone(live.get(id)),
    save: async (next) => {
      if (live.get(next.id)?.revision !== next.revision - 1) return false;
      live.set(next.id, structuredClone(next));
      return true;
    },
    remove: async (id, revision) => live.get(id)?.revision === revision && live.delete(id),
    scan: async function* () {
      if (live.size > 0) yield structuredClone([...live.values()]);
    },
    list: async (county, limit, cursor, olderThan) => {
      const newestFirst = [...live.values()]
        .filter((incident) => liveListOf(incident) === liveList(county))
        .sort((a, b) => ascending(openedAtId(b), openedAtId(a)));
      return pageOf(
        liveList(county),
        newestFirst,
        openedAtId,
        limit,
        cursor ?? placeCursor(liveList(county), olderThan),
        'descending',
      );
    },
  } satisfies IncidentStore & { readonly live: Map<string, Incident> });
};
