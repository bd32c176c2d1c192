import type { FedNotice, NoticeFeedPage, NoticeFeedQuery } from '../../shared/contracts/desk-deliveries.ts';
import { USUAL_PAGE } from '../../shared/contracts/page.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { FeedEntry } from '../../shared/domain/delivery/delivery.ts';
import { ForbiddenError, InvalidInputError } from '../../shared/domain/errors.ts';
import { isWithin } from '../../shared/domain/facility.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { DeskDeps } from './stores.ts';

/**
 * A notice is dated before it is in its feed, so that one may appear behind a reader who was faster: what is younger than
 * this when the end of the feed was reached is given once more.
 */
export const REPEATED_MS = 2 * MINUTE_MS;
const FIRST_PULL_MS = DAY_MS;
/** Feeds that are read at a time. */
const READ_AT_ONCE = 10;
const COUNTY_DIGITS = 6;

/** `at` and `id`: strictly after this entry, within one pull. `id` empty: from this instant on, included. */
interface Place {
  readonly atMs: number;
  readonly id: string;
}

interface Fed {
  readonly topic: string;
  readonly entry: FeedEntry;
}

interface Feed {
  readonly topic: string;
  readonly county: string;
  readonly prefix: string;
}

const writeCursor = ({ atMs, id }: Place): string => Buffer.from(JSON.stringify([atMs, id])).toString('base64url');

/** A place opens nothing: what is listed from there on is what the person's roles reach, each time. */
const readCursor = (cursor: string): Place => {
  try {
    const [atMs, id, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isInstant = Number.isSafeInteger(atMs) && Number(atMs) >= 0 && Number(atMs) < 1e13;
    if (isInstant && typeof id === 'string' && id.length <= 400 && more.length === 0) return { atMs: Number(atMs), id };
  } catch {
    // Not JSON, or no list: refused below like every other forgery.
  }
  throw new InvalidInputError(
    'The list cannot be made.',
    [{ pointer: '/after', message: 'is not a cursor of this list' }],
    'cursor-invalid',
  );
};

const feedsOf = async ({ registry }: DeskDeps, person: Person): Promise<readonly Feed[]> => {
  const offices = person.roles.flatMap(({ role, department, division }) =>
    role === 'officer' && department !== undefined && division !== undefined ? [{ topic: department, division }] : [],
  );
  if (offices.length === 0) throw new ForbiddenError('only officers of a department have notices to pull');
  const feeds = offices.map(async ({ topic, division }) => {
    const counties =
      division.length >= COUNTY_DIGITS ? [division.slice(0, COUNTY_DIGITS)] : await registry.listCounties(division);
    return counties.map((county) => ({ topic, county, prefix: division }));
  });
  return (await Promise.all(feeds)).flat();
};

const placeOf = ({ atMs, noticeId }: FeedEntry): Place => ({ atMs, id: noticeId });

/** The order of a feed: by instant, then id. */
const byPlace = (a: Place, b: Place): number => a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The first entries of one feed after a place, and how far it was read. */
const readFeed = async ({ feed }: DeskDeps, { topic, county, prefix }: Feed, place: Place, most: number) => {
  let asked = most + 1;
  for (;;) {
    const listed = await feed.list(topic, county, place.atMs, asked);
    const fresh = listed.filter((entry) => byPlace(placeOf(entry), place) > 0);
    const isWhole = listed.length < asked;
    // Only a crowd of one instant, all given before, keeps it from moving: ask further.
    if (!isWhole && fresh.length === 0) {
      asked *= 2;
      continue;
    }
    const last = listed.at(-1);
    return {
      // Where it was read to; absent = to its end.
      readTo: isWhole || last === undefined ? undefined : placeOf(last),
      fed: fresh.filter((entry) => isWithin(entry.division, prefix)).map((entry): Fed => ({ topic, entry })),
    };
  }
};

const viewOf = ({ topic, entry }: Fed): FedNotice => ({
  notice: entry.noticeId,
  incident: entry.incidentId,
  topic,
  division: entry.division,
  at: writeInstant(entry.atMs),
  data: { ...entry.data },
});

/**
 * The notices of the officer's department within the division, oldest first, for departments that no link reaches. Within
 * one pull each page goes on strictly after the last entry; once the end is reached, the next pull begins two minutes
 * before this one. So nothing is left out, and what was younger than that comes twice.
 */
export const listNotices = async (deps: DeskDeps, person: Person, query: NoticeFeedQuery): Promise<NoticeFeedPage> => {
  const limit = query.limit ?? USUAL_PAGE;
  // Before anything is read: what comes meanwhile is younger.
  const nowMs = deps.clock();
  const feeds = await feedsOf(deps, person);
  const place = query.after === undefined ? { atMs: nowMs - FIRST_PULL_MS, id: '' } : readCursor(query.after);
  const read: Awaited<ReturnType<typeof readFeed>>[] = [];
  for (let at = 0; at < feeds.length; at += READ_AT_ONCE) {
    read.push(
      ...(await Promise.all(feeds.slice(at, at + READ_AT_ONCE).map((one) => readFeed(deps, one, place, limit)))),
    );
  }
  // Beyond where one feed was read no other may go on: what lies between would be passed over.
  const [horizon] = read.flatMap(({ readTo }) => (readTo === undefined ? [] : [readTo])).sort(byPlace);
  const known = new Map(read.flatMap(({ fed }) => fed).map((one) => [one.entry.noticeId, one]));
  const ready = [...known.values()]
    .filter(({ entry }) => horizon === undefined || byPlace(placeOf(entry), horizon) <= 0)
    .sort((a, b) => byPlace(placeOf(a.entry), placeOf(b.entry)));
  const items = ready.slice(0, limit);
  const next = nextPlace(items, ready.length > items.length, horizon);
  // At the end: whatever is dated before these two minutes is in its feed by now.
  const cursor = writeCursor(next ?? { atMs: Math.max(0, nowMs - REPEATED_MS), id: '' });
  return { items: items.map(viewOf), cursor, more: next !== undefined };
};

/** Where the next page of this pull begins; absent = there is none. */
const nextPlace = (items: readonly Fed[], isCut: boolean, horizon: Place | undefined): Place | undefined => {
  const last = items.at(-1)?.entry;
  // A page whose entries all lie outside the officer's own streets still moves on.
  if (isCut && last !== undefined) return placeOf(last);
  return horizon;
};
