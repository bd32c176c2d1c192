import type { Person } from '../domain/access.ts';
import { mayDo, scopeOf, targetOf } from '../domain/authorize.ts';
import { ForbiddenError, InvalidInputError } from '../domain/errors.ts';
import { countyOf, isWithin } from '../domain/facility.ts';
import type { Incident } from '../domain/incident.ts';
import { DAY_MS, type Interval } from '../domain/time.ts';
import type { IncidentStore, ListPlace } from '../ports/incident-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Page, RegistryStore } from '../ports/registry-store.ts';
import { findIncident } from './find-incident.ts';
import { byNewest, type ListOf, newestFirst } from './newest-first.ts';

/** What incidents are listed from: live ones, records, and where facilities are. */
export interface IncidentLists {
  readonly incidents: Pick<IncidentStore, 'read' | 'list'>;
  readonly records: Pick<RecordStore, 'readArchived' | 'listArchived'>;
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listCounties'>;
}

/** Which incidents are asked for. What is absent is not asked about. */
export interface IncidentsAsked {
  readonly division?: string;
  readonly facility?: string;
  readonly state?: Incident['state'];
  readonly lane?: Incident['lane'];
  readonly rule?: Incident['rule'];
  readonly storm?: string;
  /** Opened at or after; absent = 30 days before `toMs`. */
  readonly fromMs?: number;
  /** Opened before; absent = now. */
  readonly toMs?: number;
  readonly limit: number;
  readonly cursor?: string;
}

const USUAL_WINDOW_MS = 30 * DAY_MS;
const LONGEST_WINDOW_MS = 400 * DAY_MS;
/** A page looks at so many incidents, and at the rest of the last one's instant; it is short then, and goes on. */
const MOST_LOOKED_AT = 500;
/** Each list is read by so many at a time: of many lists only the newest of each are needed. */
const READ_AT_ONCE = 20;
/** Sorts before every id, so that a place with it is the start of an instant. */
export const BEFORE_EVERY_ID = '!';

const queryInvalid = (pointer: string, message: string, code = 'query-invalid'): InvalidInputError =>
  new InvalidInputError('The list cannot be made.', [{ pointer, message }], code);

const windowOf = ({ fromMs, toMs }: IncidentsAsked, nowMs: number): Interval => {
  // What opens in this very millisecond belongs to a list that is asked for now.
  const endMs = toMs ?? nowMs + 1;
  const window = { fromMs: fromMs ?? endMs - USUAL_WINDOW_MS, toMs: endMs };
  if (window.fromMs >= endMs) throw queryInvalid('/from', 'must be before `to`');
  if (endMs - window.fromMs > LONGEST_WINDOW_MS) throw queryInvalid('/from', 'must be at most 400 days before `to`');
  return window;
};

const writePlace = ({ openedAtMs, id }: ListPlace): string =>
  Buffer.from(JSON.stringify([openedAtMs, id])).toString('base64url');

/** A place opens nothing: what is listed from there on is authorized by itself, each time. */
const readPlace = (cursor: string): ListPlace => {
  try {
    const [openedAtMs, id, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isInstant = Number.isSafeInteger(openedAtMs) && Number(openedAtMs) >= 0 && Number(openedAtMs) < 1e13;
    if (isInstant && typeof id === 'string' && id !== '' && id.length <= 300 && more.length === 0) {
      return { openedAtMs: Number(openedAtMs), id };
    }
  } catch {
    // Not JSON, or no list: refused below like every other forgery.
  }
  throw queryInvalid('/cursor', 'is not a cursor of this list', 'cursor-invalid');
};

/** Months (`YYYYMM`) in which something opened from `fromMs` on may have been closed, a day wider than any time zone. */
export const monthsFrom = (fromMs: number, nowMs: number): readonly string[] => {
  const months = new Set<string>();
  for (let at = fromMs - DAY_MS; at < nowMs + 2 * DAY_MS; at += DAY_MS) {
    months.add(new Date(at).toISOString().slice(0, 7).replace('-', ''));
  }
  return [...months];
};

/** Where it lies, and where it lay when older ones opened. */
const countiesOfFacility = async ({ registry }: IncidentLists, id: string): Promise<readonly string[]> => {
  const facility = await registry.readFacility(id);
  return facility === undefined ? [] : [countyOf(facility.division), ...(facility.formerCounties ?? [])];
};

/** Each incident is authorized by itself: a county only says where to look. */
const countiesFor = async (
  lists: IncidentLists,
  person: Person,
  { division, facility }: IncidentsAsked,
): Promise<readonly string[]> => {
  const scope = scopeOf(person, 'read-incident', division);
  if (scope.divisions.length + scope.facilityIds.length === 0) {
    throw new ForbiddenError('none of your roles reaches an incident there');
  }
  if (facility !== undefined) return countiesOfFacility(lists, facility);
  const listed = await Promise.all(scope.divisions.map((prefix) => lists.registry.listCounties(prefix)));
  const own = await Promise.all(scope.facilityIds.map((id) => countiesOfFacility(lists, id)));
  return [...new Set([...listed.flat(), ...own.flat()])];
};

const listsOf = (
  deps: IncidentLists,
  county: string,
  query: IncidentsAsked,
  months: readonly string[],
  after: ListPlace,
) => {
  const live: ListOf = (cursor) => deps.incidents.list(county, READ_AT_ONCE, cursor, after);
  // Nothing is a record before it is closed.
  if (query.state === 'open' || query.state === 'answered') return [live];
  const archived = months.map(
    (month): ListOf =>
      (cursor) =>
        deps.records.listArchived(county, month, READ_AT_ONCE, cursor, after),
  );
  return [live, ...archived];
};

/** The candidate as it is kept now, if it is still what was asked for and this person may read it. */
const shown = async (
  deps: IncidentLists,
  person: Person,
  { division, facility, state, lane, rule, storm }: IncidentsAsked,
  candidate: Incident,
): Promise<Incident | undefined> => {
  if (division !== undefined && !isWithin(candidate.division, division)) return undefined;
  if (facility !== undefined && candidate.facilityId !== facility) return undefined;
  if (lane !== undefined && candidate.lane !== lane) return undefined;
  if (rule !== undefined && candidate.rule !== rule) return undefined;
  const incident = (await findIncident(deps, candidate.id))?.incident;
  if (incident === undefined || (state !== undefined && incident.state !== state)) return undefined;
  if (storm !== undefined && incident.storm !== storm) return undefined;
  return mayDo(person, 'read-incident', targetOf(incident)) ? incident : undefined;
};

/**
 * Incidents, live and archived in one list, newest opening first. The lists give candidates; each is read again by id
 * and authorized by itself. Throws `ForbiddenError` or `InvalidInputError`.
 */
export const listIncidentsFor = async (
  deps: IncidentLists,
  person: Person,
  query: IncidentsAsked,
  nowMs: number,
): Promise<Page<Incident>> => {
  const { fromMs, toMs } = windowOf(query, nowMs);
  const start: ListPlace = { openedAtMs: toMs, id: BEFORE_EVERY_ID };
  const place = query.cursor === undefined ? start : readPlace(query.cursor);
  const after = byNewest(place, start) > 0 ? place : start;
  const months = monthsFrom(fromMs, nowMs);
  const counties = await countiesFor(deps, person, query);

  const found: Incident[] = [];
  let lookedAt = 0;
  const lists = counties.flatMap((county) => listsOf(deps, county, query, months, after));
  let last: Incident | undefined;
  for await (const candidate of newestFirst(lists)) {
    if (candidate.openedAtMs < fromMs) break;
    // What this person may not read is not named in a cursor either: the page ends where its instant does.
    if (last !== undefined && lookedAt >= MOST_LOOKED_AT && candidate.openedAtMs < last.openedAtMs) {
      const place = writePlace({ openedAtMs: last.openedAtMs, id: BEFORE_EVERY_ID });
      return { items: found, cursor: place };
    }
    last = candidate;
    lookedAt += 1;
    if (!mayDo(person, 'read-incident', targetOf(candidate))) continue;
    const incident = await shown(deps, person, query, candidate);
    if (incident !== undefined) found.push(incident);
    if (found.length >= query.limit || lookedAt >= MOST_LOOKED_AT) {
      return { items: found, cursor: writePlace(candidate) };
    }
  }
  return { items: found };
};
