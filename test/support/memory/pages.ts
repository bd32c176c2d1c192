import { decodeCursor, encodeCursor } from '../../../shared/adapters/dynamodb/cursor.ts';
import { openedAtId } from '../../../shared/adapters/dynamodb/keys.ts';
import type { ListPlace } from '../../../shared/ports/incident-store.ts';
import type { Page } from '../../../shared/ports/registry-store.ts';

/** A page of an already sorted list; the place is the last item's, so that changes before it shift nothing. */
export const pageOf = <T>(
  list: string,
  sorted: readonly T[],
  placeOf: (item: T) => string,
  limit: number,
  cursor: string | undefined,
  order: 'ascending' | 'descending' = 'ascending',
): Page<T> => {
  const after = decodeCursor(list, 1, cursor)?.[0];
  const start = after === undefined ? 0 : startAfter(sorted, placeOf, after, order);
  const items = sorted.slice(start, start + limit);
  const last = items.at(-1);
  if (start + limit >= sorted.length || last === undefined) return { items: structuredClone(items) };
  return { items: structuredClone(items), cursor: encodeCursor(list, [placeOf(last)]) };
};

/** The place is found, or where it would be. */
const startAfter = <T>(
  sorted: readonly T[],
  placeOf: (item: T) => string,
  after: string,
  order: 'ascending' | 'descending',
): number => {
  const next = sorted.findIndex((item) => (order === 'descending' ? placeOf(item) < after : placeOf(item) > after));
  return next < 0 ? sorted.length : next;
};

/** The cursor of the page after a place, whether or not that is in the list. */
export const placeCursor = (list: string, place: ListPlace | undefined): string | undefined =>
  place && encodeCursor(list, [openedAtId(place)]);

export const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
