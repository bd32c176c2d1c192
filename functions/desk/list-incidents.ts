import type { IncidentListQuery, IncidentSummary } from '../../shared/contracts/desk.ts';
import { USUAL_PAGE } from '../../shared/contracts/page.ts';
import { readInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo, scopeOf, targetOf } from '../../shared/domain/authorize.ts';
import { ForbiddenError, InvalidInputError } from '../../shared/domain/errors.ts';
import { countyOf, type Facility, isWithin } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import type { ListPlace } from '../../shared/ports/incident-store.ts';
import type { Page } from '../../shared/ports/registry-store.ts';
import { findIncident } from './find-incident.ts';
import { summaryOf } from './incident-wire.ts';
import { byNewest, type ListOf, newestFirst } from './newest-first.ts';
import type { DeskDeps } from './stores.ts';

const USUAL_WINDOW_MS = 30 * DAY_MS;
const LONGEST_WINDOW_MS = 400 * DAY_MS;
/** A page looks at so many incidents, and at the rest of the last one's instant; it is short then, and goes on. */
const MOST_LOOKED_AT = 500;
/** Each list is read by so many at a time: of many lists only the newest of each are needed. */
const READ_AT_ONCE = 20;
/** Sorts before every id, so that a place with it is the start of an instant. */
const BEFORE_EVERY_ID = '!';

const queryInvalid = (pointer: string, message: string, code = 'query-invalid'): InvalidInputError =>
  new InvalidInputError('The list cannot be made.', [{ pointer, message }], code);

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const windowOf = ({ from, to }: IncidentListQuery, nowMs: number): Window => {
  // What opens in this very millisecond belongs to a list that is asked for now.
  const toMs = to === undefined ? nowMs + 1 : readInstant(to);
  const fromMs = from === undefined ? toMs - USUAL_WINDOW_MS : readInstant(from);
  if (fromMs >= toMs) throw queryInvalid('/from', 'must be before `to`');
  if (toMs - fromMs > LONGEST_WINDOW_MS) throw queryInvalid('/from', 'must be at most 400 days before `to`');
  return { fromMs, toMs };
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
const monthsFrom = (fromMs: number, nowMs: number): readonly string[] => {
  const months = new Set<string>();
  for (let at = fromMs - DAY_MS; at < nowMs + 2 * DAY_MS; at += DAY_MS) {
    months.add(new Date(at).toISOString().slice(0, 7).replace('-', ''));
  }
  return [...months];
};

const countiesFor = async ({ registry }: DeskDeps, person: Person, asked: string | undefined): Promise<string[]> => {
  const scope = scopeOf(person, 'read-incident', asked);
  if (scope.divisions.length + scope.facilityIds.length === 0) {
    throw new ForbiddenError('none of your roles reaches an incident there');
  }
  const listed = await Promise.all(scope.divisions.map((prefix) => registry.listCounties(prefix)));
  const own = await Promise.all(scope.facilityIds.map((id) => registry.readFacility(id)));
  const ofOwn = own.flatMap((facility) => (facility === undefined ? [] : [countyOf(facility.division)]));
  return [...new Set([...listed.flat(), ...ofOwn])];
};

const listsOf = (
  deps: DeskDeps,
  county: string,
  query: IncidentListQuery,
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
  deps: DeskDeps,
  person: Person,
  { division, state, lane, storm }: IncidentListQuery,
  candidate: Incident,
): Promise<Incident | undefined> => {
  if (division !== undefined && !isWithin(candidate.division, division)) return undefined;
  if (lane !== undefined && candidate.lane !== lane) return undefined;
  const incident = (await findIncident(deps, candidate.id))?.incident;
  if (incident === undefined || (state !== undefined && incident.state !== state)) return undefined;
  if (storm !== undefined && incident.storm !== storm) return undefined;
  return mayDo(person, 'read-incident', targetOf(incident)) ? incident : undefined;
};

const summaries = async ({ registry }: DeskDeps, incidents: readonly Incident[]): Promise<IncidentSummary[]> => {
  const ids = [...new Set(incidents.map(({ facilityId }) => facilityId))];
  const facilities = new Map<string, Facility | undefined>();
  for (const id of ids) facilities.set(id, await registry.readFacility(id));
  return incidents.map((incident) => summaryOf(incident, facilities.get(incident.facilityId)));
};

/**
 * Incidents, live and archived in one list, newest opening first. The lists give candidates; each is read again by id
 * and authorized by itself. Throws `ForbiddenError` or `InvalidInputError`.
 */
export const listIncidents = async (
  deps: DeskDeps,
  person: Person,
  query: IncidentListQuery,
): Promise<Page<IncidentSummary>> => {
  const nowMs = deps.clock();
  const { fromMs, toMs } = windowOf(query, nowMs);
  const start: ListPlace = { openedAtMs: toMs, id: BEFORE_EVERY_ID };
  const place = query.cursor === undefined ? start : readPlace(query.cursor);
  const after = byNewest(place, start) > 0 ? place : start;
  const months = monthsFrom(fromMs, nowMs);
  const counties = await countiesFor(deps, person, query.division);

  const limit = query.limit ?? USUAL_PAGE;
  const found: Incident[] = [];
  let lookedAt = 0;
  const lists = counties.flatMap((county) => listsOf(deps, county, query, months, after));
  let last: Incident | undefined;
  for await (const candidate of newestFirst(lists)) {
    if (candidate.openedAtMs < fromMs) break;
    // What this person may not read is not named in a cursor either: the page ends where its instant does.
    if (last !== undefined && lookedAt >= MOST_LOOKED_AT && candidate.openedAtMs < last.openedAtMs) {
      const place = writePlace({ openedAtMs: last.openedAtMs, id: BEFORE_EVERY_ID });
      return { items: await summaries(deps, found), cursor: place };
    }
    last = candidate;
    lookedAt += 1;
    if (!mayDo(person, 'read-incident', targetOf(candidate))) continue;
    const incident = await shown(deps, person, query, candidate);
    if (incident !== undefined) found.push(incident);
    if (found.length >= limit || lookedAt >= MOST_LOOKED_AT) {
      return { items: await summaries(deps, found), cursor: writePlace(candidate) };
    }
  }
  return { items: await summaries(deps, found) };
};
