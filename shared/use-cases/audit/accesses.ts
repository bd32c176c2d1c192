import type { AccessesQuery, AccessPage, AccessView, FacilityAccessesQuery } from '../../contracts/audit-notes.ts';
import type { Person } from '../../domain/access.ts';
import { mayDo, scopeOf } from '../../domain/authorize.ts';
import { civilTimeOf } from '../../domain/civil-day.ts';
import { ForbiddenError } from '../../domain/errors.ts';
import { isWithin } from '../../domain/facility.ts';
import { readInstant, writeInstant } from '../../domain/instants.ts';
import { DAY_MS, type Interval } from '../../domain/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import type { IncidentPlaces } from '../find-incident.ts';
import { inBatches } from '../in-batches.ts';
import type { PersonId } from '../person-id.ts';
import { facilityFor } from '../read-facility.ts';
import { type AuditQuestion, askedIn, questionIn } from './access-words.ts';
import { queryInvalid } from './as-of.ts';
import type { Covers } from './covers.ts';
import { knownIncidents } from './known-incidents.ts';
import {
  divisionBodies,
  divisionPlace,
  EVERY_DIVISION,
  keepListed,
  listedBodies,
  type OwnRecords,
} from './own-records.ts';
import { pageOfList } from './pages.ts';
import { type Column, coded, isInstant, type Sheet } from './sheet.ts';

export interface NoteDeps extends Pick<OwnRecords, 'keepEvidence'> {
  /** The salted id of a person, by subject. */
  readonly personId: PersonId;
  readonly clock: Clock;
  /** Unique, within a millisecond too. */
  readonly newRecordId: () => string;
}

export interface AccessDeps extends NoteDeps, OwnRecords, IncidentPlaces {
  readonly registry: Pick<RegistryStore, 'readFacility' | 'listCounties'>;
}

/** Which question was asked, and what of it. Absent parts were not asked. */
export interface Asked {
  readonly question: AuditQuestion;
  readonly of?: Readonly<Record<string, string | number | undefined>>;
}

/** What does not say what was asked about. */
const notAsked = new Set(['format', 'limit', 'cursor']);

const partsOf = (of: Asked['of'] = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) =>
      value === undefined || notAsked.has(name) ? [] : [[name, String(value)] as const],
    ),
  );

/** Places are kept by province, city or county; which town it was stands in the record. */
const placeOf = (division: string): string => division.slice(0, 6);

const READ_AT_ONCE = 10;

/** What somebody looks at as an auditor of an asked division: all of it, or the parts that are theirs. */
const auditedOf = ({ roles }: Person, asked: string): readonly string[] => {
  const own = roles.flatMap(({ role, division }) => (role === 'auditor' && division !== undefined ? [division] : []));
  return own.some((prefix) => isWithin(asked, prefix)) ? [asked] : own.filter((prefix) => isWithin(prefix, asked));
};

const isAuditorOf = (person: Person, division: string): boolean => auditedOf(person, division).includes(division);

/**
 * Notes that somebody looked as an auditor, before the answer goes out. Throws `UnavailableError`: what cannot be noted is
 * not answered. A crash after it leaves a note of an answer that nobody got, which is the right way round.
 */
export const noteAccess = async (
  deps: NoteDeps,
  person: Person,
  { divisions, facilities }: Pick<Covers, 'divisions' | 'facilities'>,
  { question, of }: Asked,
): Promise<void> => {
  // Another role of theirs may reach wider: that does not hide the auditor's.
  const theirs = [...new Set(divisions.flatMap((division) => auditedOf(person, division)))];
  const single = facilities.filter(({ division }) => isAuditorOf(person, division));
  if (theirs.length + single.length === 0) return;
  const nowMs = deps.clock();
  const said = { at: writeInstant(nowMs), person: await deps.personId(person.subject), question, asked: partsOf(of) };
  const record = { kind: 'access', receivedAtMs: nowMs } as const;
  await inBatches(theirs, READ_AT_ONCE, async (division) => {
    const body: AccessView = { ...said, division };
    const id = deps.newRecordId();
    // First what is sealed, then what is listed, as of a facility. A crash in between: nobody got an answer.
    await deps.keepEvidence({ ...record, id, facility: EVERY_DIVISION, body });
    await deps.keepEvidence({ ...record, id, facility: divisionPlace(placeOf(division)), body });
  });
  await inBatches(single, READ_AT_ONCE, ({ facilityId, division }) => {
    const body: AccessView = { ...said, facility: facilityId, division };
    return keepListed(deps, { ...record, id: deps.newRecordId(), facility: facilityId, body });
  });
};

const USUAL_MS = 30 * DAY_MS;
const LONGEST_MS = 400 * DAY_MS;
const USUAL_PAGE = 50;

const rangeOf = ({ from, to }: FacilityAccessesQuery, nowMs: number): Interval => {
  const toMs = to === undefined ? nowMs + 1 : readInstant(to);
  const fromMs = from === undefined ? Math.max(0, toMs - USUAL_MS) : readInstant(from);
  if (fromMs >= toMs) throw queryInvalid('/from', 'must be before `to`');
  if (toMs - fromMs > LONGEST_MS) throw queryInvalid('/from', 'must be at most 400 days before `to`');
  return { fromMs, toMs };
};

const pageOf = (found: readonly AccessView[], { limit = USUAL_PAGE, cursor }: FacilityAccessesQuery): AccessPage => {
  const page = pageOfList(found, limit, cursor);
  return { ...page, items: [...page.items] };
};

/** Which auditors looked at one facility, when, and at what: for its head too, and so without what a head may not know of. */
export const facilityAccesses = async (
  deps: AccessDeps,
  person: Person,
  facilityId: string,
  query: FacilityAccessesQuery,
): Promise<AccessPage> => {
  const facility = await facilityFor(deps.registry, person, 'read-accesses', facilityId);
  const found = await listedBodies(deps, 'access', facility.id, rangeOf(query, deps.clock()));
  const page = pageOf(found as readonly AccessView[], query);
  const named = page.items.map(({ asked }) => asked.incident);
  const known = await knownIncidents(deps, person, named);
  const toldOf = ({ incident, ...rest }: AccessView['asked']): AccessView['asked'] =>
    incident !== undefined && known.has(incident) ? { ...rest, incident } : rest;
  return { ...page, items: page.items.map((one) => ({ ...one, asked: toldOf(one.asked) })) };
};

/** A prefix, and every one under it that has facilities: where questions about divisions are noted. */
const placesUnder = async ({ registry }: AccessDeps, prefix: string): Promise<readonly string[]> => {
  const counties = await registry.listCounties(prefix);
  const cities = counties.map((county) => county.slice(0, 4)).filter((city) => isWithin(city, prefix));
  return [...new Set([placeOf(prefix), ...cities, ...counties])];
};

/** Which auditors asked about whole divisions, when, and what. */
export const listAccesses = async (deps: AccessDeps, person: Person, query: AccessesQuery): Promise<AccessPage> => {
  const { divisions } = scopeOf(person, 'read-accesses', query.division);
  if (divisions.length === 0) throw new ForbiddenError('none of your roles reaches a division there');
  const range = rangeOf(query, deps.clock());
  const places = [...new Set((await Promise.all(divisions.map((one) => placesUnder(deps, one)))).flat())];
  const found = await inBatches(places, READ_AT_ONCE, (place) => divisionBodies(deps, place, range));
  const items = (found.flat() as readonly AccessView[])
    .filter(({ division }) => divisions.some((prefix) => isWithin(division, prefix)))
    .filter(({ division }) => mayDo(person, 'read-accesses', { division }))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return pageOf(items, query);
};

const askedAsCodes = ({ asked }: AccessView): string | null =>
  Object.entries(asked)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ') || null;

const wallTime = (value: string, zone: string): string => {
  if (!isInstant(value)) return value;
  const { day, time } = civilTimeOf(Date.parse(value), zone);
  return `${day} ${time}`;
};

const columnsIn = (zone: string): readonly Column<AccessView>[] => [
  { heading: '时间 at', value: ({ at }) => at, is: 'instant' },
  { heading: '审计人编号 person', value: ({ person }) => person },
  coded('问题 question', ({ question }) => question, questionIn),
  { heading: '行政区划 division', value: ({ division }) => division },
  // A question about a whole division is about no facility.
  { heading: '机构编号 facility', value: ({ facility }) => facility ?? null },
  {
    heading: '查询内容 asked',
    value: ({ asked }) => askedIn(asked, (value) => wallTime(value, zone)),
    // The heading names the clock of the instants inside the text.
    is: 'instant',
    code: askedAsCodes,
  },
];

/** `zone`: by whose clock instants inside a text are written. */
export const accessesSheet = (items: readonly AccessView[], zone: string): Sheet<AccessView> => ({
  name: { zh: '审计访问', en: 'Accesses' },
  columns: columnsIn(zone),
  rows: items,
});
