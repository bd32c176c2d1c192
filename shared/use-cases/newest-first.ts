import type { Incident } from '../domain/incident.ts';
import type { ListPlace } from '../ports/incident-store.ts';
import type { Page } from '../ports/registry-store.ts';

/** One list of incidents, newest opening first, from a place on. */
export type ListOf = (cursor: string | undefined) => Promise<Page<Incident>>;

/** Negative = `a` comes first in a list: opened later, or the same instant and the greater id. */
export const byNewest = (a: ListPlace, b: ListPlace): number =>
  b.openedAtMs - a.openedAtMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

async function* itemsOf(list: ListOf): AsyncGenerator<Incident, undefined> {
  let page = await list(undefined);
  yield* page.items;
  while (page.cursor !== undefined) {
    page = await list(page.cursor);
    yield* page.items;
  }
  return undefined;
}

interface Head {
  readonly incident: Incident;
  readonly rest: AsyncGenerator<Incident, undefined>;
}

const nextOf = async (rest: Head['rest']): Promise<Head | undefined> => {
  const next = await rest.next();
  return next.done ? undefined : { incident: next.value, rest };
};

/** So many lists are asked for their first page at a time. */
const LISTS_AT_ONCE = 10;

const headsOf = async (lists: readonly ListOf[]): Promise<Head[]> => {
  const heads: Head[] = [];
  for (let at = 0; at < lists.length; at += LISTS_AT_ONCE) {
    const some = await Promise.all(lists.slice(at, at + LISTS_AT_ONCE).map((list) => nextOf(itemsOf(list))));
    heads.push(...some.filter((head) => head !== undefined));
  }
  return heads;
};

/** Merges lists into one, newest first; an incident that is in two of them (just being archived) comes once. */
export async function* newestFirst(lists: readonly ListOf[]): AsyncGenerator<Incident, undefined> {
  const heads = await headsOf(lists);
  let last: string | undefined;
  while (heads.length > 0) {
    const at = heads.reduce((best, head, index) => {
      const leader = heads[best];
      return leader !== undefined && byNewest(head.incident, leader.incident) < 0 ? index : best;
    }, 0);
    const head = heads[at];
    if (head === undefined) return undefined;
    if (head.incident.id !== last) yield head.incident;
    last = head.incident.id;
    const next = await nextOf(head.rest);
    if (next === undefined) heads.splice(at, 1);
    else heads[at] = next;
  }
  return undefined;
}
