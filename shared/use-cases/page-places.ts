import { InvalidInputError } from '../domain/errors.ts';
import type { Page } from '../ports/registry-store.ts';

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
 * One page over several places, one after the other. `places` come from the caller's roles each time, never from the
 * cursor; `read` answers a page of one place, without what the caller may not see.
 */
export const pageOverPlaces = async <T>(
  places: readonly string[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  read: (place: string, limit: number, cursor: string | undefined) => Promise<Page<T>>,
): Promise<Page<T>> => {
  const found: T[] = [];
  let place: Place | undefined = cursor === undefined ? { at: places[0] ?? '' } : readPlace(cursor);
  if (!places.includes(place.at)) throw cursorInvalid();
  for (let pages = 0; place !== undefined && found.length < limit && pages < MOST_STORE_PAGES; pages += 1) {
    const { at, store }: Place = place;
    const page: Page<T> = await read(at, limit - found.length, store);
    found.push(...page.items);
    const next = places[places.indexOf(at) + 1];
    if (page.cursor !== undefined) place = { at, store: page.cursor };
    else place = next === undefined ? undefined : { at: next };
  }
  return place === undefined ? { items: found } : { items: found, cursor: writePlace(place) };
};
