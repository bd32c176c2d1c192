import type { FacilityVerdict, RetentionBasis, RetentionPage, RetentionQuery } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import { mayDo, type Scope, scopeOf } from '../../domain/authorize.ts';
import { ForbiddenError, InvalidInputError } from '../../domain/errors.ts';
import { countyOf, type Facility, isWithin } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import { inBatches } from '../in-batches.ts';
import { listFacilitiesFor } from '../list-facilities.ts';
import { targetOfFacility } from '../read-facility.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { judgeExactly } from './judge-exactly.ts';
import {
  areLately,
  type CandidateReads,
  candidatesOf,
  judgedToMs,
  reachOf,
  sealedDays,
} from './not-shown-candidates.ts';
import type { AuditReads } from './stores.ts';

export interface NotShownDeps extends AuditReads, CandidateReads {
  readonly records: AuditReads['records'] & CandidateReads['records'];
  readonly registry: AuditReads['registry'] & Pick<RegistryStore, 'listCounties'>;
}

const USUAL_PAGE = 20;
const JUDGED_AT_ONCE = 4;
/** A page looks at so many candidates; it is short then, and goes on. */
const MOST_LOOKED_AT = 100;

/** Where a list goes on: by which days it was begun, and after which facility of which county. */
interface Place {
  readonly days: readonly string[];
  readonly county: string;
  readonly after: string;
}

const cursorInvalid = (): InvalidInputError =>
  new InvalidInputError(
    'The cursor belongs to no page of this list.',
    [{ pointer: '/cursor', message: 'not a cursor of this list' }],
    'cursor-invalid',
  );

const write = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What can be counted from: a cursor is whatever its sender made of it. */
const isDay = (day: unknown): boolean =>
  typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));

/** `['all', cursor of the list of facilities]` or `['days', days, county, after]`. It opens nothing. */
const read = (cursor: string): { readonly all: string } | Place => {
  try {
    const [is, ...parts] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (is === 'all' && parts.length === 1 && typeof parts[0] === 'string') return { all: parts[0] };
    const [days, county, after] = parts;
    const areDays = Array.isArray(days) && days.length >= 1 && days.length <= 2 && days.every(isDay);
    if (is === 'days' && areDays && typeof county === 'string' && typeof after === 'string') {
      return { days: days.map(String), county, after };
    }
  } catch {
    // Not JSON, or no list: refused below like every other forgery.
  }
  throw cursorInvalid();
};

/**
 * The candidate, if it was there, is within what was asked, and this person may ask about it. One that moved away since it
 * was listed is found where it was then as well: where it is now, only the next list has it.
 */
const reached = async (
  { registry }: NotShownDeps,
  person: Person,
  division: string | undefined,
  [id, listedIn]: readonly [string, string | undefined],
  nowMs: number,
): Promise<Facility | undefined> => {
  const facility = await registry.readFacility(id);
  if (facility === undefined || facility.registeredAtMs > nowMs) return undefined;
  const places = [facility.division, ...(listedIn === undefined ? [] : [listedIn])];
  if (division !== undefined && !places.some((place) => isWithin(place, division))) return undefined;
  return mayDo(person, 'read-retention', targetOfFacility(facility)) ? facility : undefined;
};

const failing = (verdicts: readonly (FacilityVerdict | undefined)[]): FacilityVerdict[] =>
  verdicts.filter((one) => one !== undefined).filter(({ state }) => state !== 'held');

interface Answered {
  readonly items: FacilityVerdict[];
  readonly cursor?: string;
  readonly basis: RetentionBasis;
}

/** Nothing was sealed lately: every facility is looked at, page by page. */
const amongAll = async (
  deps: NotShownDeps,
  person: Person,
  { division, limit = USUAL_PAGE }: RetentionQuery,
  cursor: string | undefined,
  nowMs: number,
): Promise<Answered> => {
  const page = await listFacilitiesFor(deps.registry, person, 'read-retention', {
    limit,
    ...(division !== undefined && { division }),
    ...(cursor !== undefined && { cursor }),
  });
  const there = page.items.filter(({ registeredAtMs }) => registeredAtMs <= nowMs);
  const verdicts = await inBatches(there, JUDGED_AT_ONCE, (facility) => judgeExactly(deps, facility, nowMs));
  return {
    items: failing(verdicts),
    ...(page.cursor !== undefined && { cursor: write(['all', page.cursor]) }),
    basis: { looked: 'all', days: [] },
  };
};

/** Counties to look in; single facilities of a role stand behind them, each as a place of its own. */
const placesOf = async ({ registry }: NotShownDeps, { divisions, facilityIds }: Scope): Promise<readonly string[]> => {
  const counties = (await Promise.all(divisions.map((prefix) => registry.listCounties(prefix)))).flat();
  return [...[...new Set(counties)].sort(), ...facilityIds.map((id) => `=${id}`)];
};

/** One page of the candidates in these places, from a place on. */
const amongCandidates = async (
  deps: NotShownDeps,
  person: Person,
  { division, limit = USUAL_PAGE }: RetentionQuery,
  scope: Scope,
  from: Place,
  nowMs: number,
): Promise<Answered> => {
  const basis: RetentionBasis = {
    looked: 'not-shown-lists',
    days: [...from.days],
    judgedTo: writeInstant(judgedToMs(from.days, deps.zone)),
    sentence: reachOf(from.days),
  };
  const everywhere = await placesOf(deps, scope);
  /** In two lists, since it moved between them: it is answered where it is. */
  const isTwice = async (place: string, { id, division: now }: Facility): Promise<boolean> => {
    const county = countyOf(now);
    if (county === place || !everywhere.includes(county)) return false;
    return (await candidatesOf(deps, county, from.days, nowMs)).has(id);
  };
  const places = everywhere.filter((place) => place >= from.county || place.startsWith('='));
  const items: FacilityVerdict[] = [];
  let lookedAt = 0;
  for (const place of places.slice(Math.max(0, places.indexOf(from.county)))) {
    const after = place === from.county ? from.after : '';
    const all = place.startsWith('=')
      ? new Map([[place.slice(1), undefined]])
      : await candidatesOf(deps, place, from.days, nowMs);
    let rest = [...all].filter(([id]) => id > after);
    while (rest.length > 0) {
      const some = rest.slice(0, Math.min(JUDGED_AT_ONCE, limit - items.length));
      rest = rest.slice(some.length);
      const there = await inBatches(some, JUDGED_AT_ONCE, async (one) => {
        const facility = await reached(deps, person, division, one, nowMs);
        return facility && !(await isTwice(place, facility)) ? facility : undefined;
      });
      const facilities = there.filter((one) => one !== undefined);
      items.push(...failing(await inBatches(facilities, JUDGED_AT_ONCE, (one) => judgeExactly(deps, one, nowMs))));
      lookedAt += some.length;
      if (items.length >= limit || lookedAt >= MOST_LOOKED_AT) {
        return { items, cursor: write(['days', from.days, place, some.at(-1)?.[0] ?? after]), basis };
      }
    }
  }
  return { items, basis };
};

/**
 * Which facilities cannot show their days as of an instant, and why. Candidates come from the lists that the sealing of a
 * day leaves, from what was registered or edited since, and from incidents; each is judged anew from its camera-days, so that
 * the reading is in proportion to the answer and the lists decide nothing. What none of these tells yet is not left out
 * without a word: the basis says up to when everybody was judged.
 */
export const listNotShown = async (
  deps: NotShownDeps,
  person: Person,
  query: RetentionQuery,
): Promise<RetentionPage> => {
  const clockMs = deps.clock();
  const nowMs = asOfMs(query.asOf, clockMs);
  const scope = scopeOf(person, 'read-retention', query.division);
  if (scope.divisions.length + scope.facilityIds.length === 0) {
    throw new ForbiddenError('none of your roles reaches a facility there');
  }
  const place = query.cursor === undefined ? undefined : read(query.cursor);
  if (place !== undefined && 'days' in place && !areLately(place.days, deps.zone, nowMs)) throw cursorInvalid();
  const days = place !== undefined && 'days' in place ? place.days : await sealedDays(deps, nowMs);
  const isAll = place === undefined ? days.length === 0 : 'all' in place;
  const answered = isAll
    ? await amongAll(deps, person, query, place !== undefined && 'all' in place ? place.all : undefined, nowMs)
    : await amongCandidates(
        deps,
        person,
        query,
        scope,
        place !== undefined && 'days' in place ? place : { days, county: '', after: '' },
        nowMs,
      );
  return { ...answered, asOf: writeInstant(nowMs) };
};

/** One answer holds so many facilities; more are asked for county by county. */
const MOST_IN_ONE = 500;
const MOST_PAGES = 1_000;

/** The whole list, whatever page is asked for. Throws `InvalidInputError` if that is too much for one answer. */
export const wholeNotShown = async (
  deps: NotShownDeps,
  person: Person,
  { cursor: _asked, ...query }: RetentionQuery,
): Promise<Omit<RetentionPage, 'cursor'>> => {
  // Each page reads anew where to look.
  const asked = { ...query, limit: MOST_LOOKED_AT };
  let page = await listNotShown(deps, person, asked);
  const items = [...page.items];
  for (let pages = 1; page.cursor !== undefined; pages += 1) {
    if (items.length > MOST_IN_ONE || pages > MOST_PAGES) {
      throw queryInvalid('/division', `has more than ${MOST_IN_ONE} such facilities: ask for a narrower one`);
    }
    // As of the same instant as its first page.
    page = await listNotShown(deps, person, { ...asked, asOf: page.asOf, cursor: page.cursor });
    items.push(...page.items);
  }
  const { cursor: _cursor, ...last } = page;
  return { ...last, items };
};
