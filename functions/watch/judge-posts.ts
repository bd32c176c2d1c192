import type { Facility } from '../../shared/domain/facility.ts';
import { divisionAsFacility, type Incident } from '../../shared/domain/incident.ts';
import { calmFromMs, closeBySweep } from '../../shared/domain/incidents/end.ts';
import { incidentOf, join } from '../../shared/domain/incidents/join.ts';
import { divisionIncidentId, openOfDivision } from '../../shared/domain/incidents/of-division.ts';
import type { Found } from '../../shared/domain/incidents/open.ts';
import { hoursOf, tellAtMs } from '../../shared/domain/incidents/tell-at.ts';
import { MOST_CONTACTS, type Post, postId, type Roster } from '../../shared/domain/people/roster.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { actingOnAlarms, judgePost, type KnownPost } from '../../shared/domain/rules/reachable.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import type { Sweep } from './dependencies.ts';
import { slotAt } from './mend-folds.ts';
import { tendIncident } from './tend-incident.ts';

const SLOTS = 1_440;

/** The minute of the day in which the posts of a county are judged: stable, and spread although the codes are not. */
export const slotOfCounty = (county: string): number => (Number(county) * 7_919) % SLOTS;

/** The minutes after `fromMs` up to `toMs`; none twice. What a sweep that did not run would have judged is judged now. */
export const slotsSince = (fromMs: number, toMs: number): ReadonlySet<number> => {
  const minutes = Math.min(SLOTS, Math.floor(toMs / MINUTE_MS) - Math.floor(fromMs / MINUTE_MS));
  return new Set(Array.from({ length: minutes }, (_, ago) => slotAt(toMs - ago * MINUTE_MS)));
};

/**
 * Is there somebody for each department that must act on an alarm in this county, and has somebody of it seen a notice
 * within the pack's days? Each that has nobody is an incident of the county.
 *
 * @param live incidents of divisions that the scan has seen
 */
export const judgePosts = async (sweep: Sweep, county: string, live: readonly Incident[]): Promise<void> => {
  const nowMs = sweep.clock();
  const own = live.filter(({ facilityId, rule }) => facilityId === divisionAsFacility(county) && rule === 'reachable');
  const facility = await anyInService(sweep, county);
  const pack = sweep.packFor({ division: county, ...(facility?.pack && { pack: facility.pack }) }, nowMs);
  const nearer = facility === undefined ? [] : await rostersWithin(sweep, county);
  const departments = facility === undefined ? [] : actingOnAlarms(pack);
  for (const department of departments) {
    const posts = await knownPosts(sweep, department, county, nearer);
    await settle(sweep, county, judgePost(department, posts, pack, nowMs), own, pack, nowMs);
  }
  // A department that must act on nothing any more, or a county without a nursery in service.
  const subjects = departments.map((department) => `department/${department}`);
  for (const { subject } of own.filter((one) => !subjects.includes(one.subject))) {
    const verdict = { rule: 'reachable', subject, state: 'not-applicable', reason: 'not-acting' } as const;
    await settle(sweep, county, verdict, own, pack, nowMs);
  }
};

const PAGE = 100;
const MOST_PAGES = 100;

const anyInService = async ({ registry }: Sweep, county: string): Promise<Facility | undefined> => {
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await registry.listFacilities(county, PAGE, cursor);
    const found = page.items.find(({ state }) => state.is === 'in-service');
    if (found !== undefined || page.cursor === undefined) return found;
    cursor = page.cursor;
  }
  return undefined;
};

/** Rosters of the county itself and of the towns and villages under it. */
const rostersWithin = async ({ rosters }: Sweep, county: string): Promise<readonly Roster[]> => {
  const found: Roster[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await rosters.list(county, PAGE, cursor);
    found.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return found;
};

const hasPeople = ({ contacts }: Roster): boolean =>
  contacts.slice(0, MOST_CONTACTS).some(({ role, channels }) => role !== 'installer' && channels.length > 0);

const knownPosts = async (
  { rosters, reach }: Sweep,
  department: string,
  county: string,
  nearer: readonly Roster[],
): Promise<readonly KnownPost[]> => {
  const above = [county.slice(0, 4), county.slice(0, 2)].map((place): Post => ({ department, place }));
  const wider = (await Promise.all(above.map((post) => rosters.read(post)))).filter((one) => one !== undefined);
  const manned = [...nearer.filter((one) => one.department === department), ...wider].filter(hasPeople);
  return Promise.all(manned.map(async (post) => ({ seenAtMs: await reach.seenAtMs(postId(post)) })));
};

const settle = async (
  sweep: Sweep,
  county: string,
  verdict: Verdict,
  own: readonly Incident[],
  pack: RulePack,
  nowMs: number,
): Promise<void> => {
  if (verdict.state === 'breached') {
    await meet(sweep, county, { ...verdict, rule: 'reachable', finding: 'breached' }, own, pack, nowMs);
    return;
  }
  const reason = verdict.state === 'met' ? 'met-again' : 'not-applicable';
  const { urgency } = pack.rules.reachable;
  for (const { id } of own.filter(({ subject, state }) => subject === verdict.subject && state !== 'closed')) {
    const changed = await changeIncident(sweep, id, (read) => {
      const calmMs = calmFromMs(read, nowMs, nowMs, pack.thresholds.flapMs.value);
      return closeBySweep(read, reason, nowMs, nowMs, tellAtMs(urgency, calmMs, hoursOf(undefined, pack)));
    });
    if (changed?.saved) sweep.counts.incidentsClosed += 1;
  }
};

/** Joins the one that is open, though the instant of a post that was never seen moves with the day. */
const meet = async (
  sweep: Sweep,
  county: string,
  found: Found & { readonly rule: 'reachable' },
  own: readonly Incident[],
  pack: RulePack,
  nowMs: number,
): Promise<void> => {
  const { rule, subject, reason, sinceMs } = found;
  const id = divisionIncidentId(county, { rule, subject, reason, sinceMs });
  const match = incidentOf(found, id, own, Math.max(pack.thresholds.flapMs.value, DAY_MS));
  if (match !== undefined) {
    await changeIncident(sweep, match.id, (read) => join(read, found, undefined, pack, nowMs));
    return;
  }
  // What was kept under this very name was another breach of the same day: it is found tomorrow, under that day's.
  if ((await sweep.records.readArchived(divisionAsFacility(county), id)) !== undefined) return;
  const terms = pack.rules.reachable;
  const fromMs = nowMs + terms.tellAfterMs.value;
  const incident = openOfDivision({ rule, subject, reason, sinceMs }, county, { terms, fromMs }, pack, nowMs);
  // Dying before this put: it is found again in the county's minute tomorrow. After: it owes its notices.
  if (!(await sweep.incidents.putIfAbsent(incident))) return;
  sweep.counts.incidentsOpened += 1;
  await tendIncident(sweep, incident, { facility: undefined, pack }, nowMs);
};
