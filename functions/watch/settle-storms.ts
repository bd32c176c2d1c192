import { footingOf, isJudged } from '../../shared/domain/duty.ts';
import type { Incident, StormFacts } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import {
  countStorm,
  endStorm,
  joinStorm,
  leaveStorm,
  openStorm,
  planStorm,
  quietChild,
  reopenStorm,
  type StormPlan,
} from '../../shared/domain/incidents/storm.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import type { Sweep } from './dependencies.ts';
import { packNamedBy } from './tend-division.ts';

/** How much of a storm may be in hand at a time, and whether the time for it is up. */
export interface StormLimits {
  readonly atOnce: number;
  readonly isUp: () => boolean;
}

interface County {
  readonly county: string;
  readonly pack: RulePack;
  readonly plan: StormPlan;
}

/**
 * Gathers silences into storms, counts them, and lets them go when they are over. Level-triggered: whatever a sweep does
 * not get to, or dies in, the next one finds again. Answers whether all was done that there was to do.
 */
export const settleStorms = async (sweep: Sweep, limits: StormLimits): Promise<boolean> => {
  const nowMs = sweep.clock();
  await readUnseenParents(sweep);
  const counties = [...sweep.storms.byCounty()].flatMap(([county, { silences, parents }]): County[] => {
    const pack = packOfCounty(sweep, county, [...parents, ...silences], nowMs);
    const plan = planStorm(silences, parents, pack, nowMs);
    // Before anything is written, and for all counties: what is to be told as one is not told one by one meanwhile.
    for (const { id } of plan.joiners) sweep.storms.joining.add(id);
    return [{ county, pack, plan }];
  });
  for (const one of counties) {
    try {
      await settleCounty(sweep, one, limits, nowMs);
    } catch (cause) {
      // Told one by one rather than not at all.
      for (const { id } of one.plan.joiners) sweep.storms.joining.delete(id);
      sweep.counts.incidentsFailed += 1;
      sweep.tell('storm-failed', one.county, cause);
    }
  }
  return sweep.storms.joining.size === 0;
};

/** The scan may not show a parent that was just put: no child leaves one that was not looked for. */
const readUnseenParents = async ({ storms, incidents }: Sweep): Promise<void> => {
  const going = [...storms.silences.values()].filter(({ state }) => state !== 'closed');
  const named = new Set(going.flatMap(({ storm }) => (storm === undefined ? [] : [storm])));
  for (const id of named) {
    const parent = storms.parents.has(id) ? undefined : await incidents.read(id);
    if (parent !== undefined) storms.note(parent);
  }
};

/** The pack that all of them were made by, else the division's own: a demonstration has its storms by its own limits. */
const packOfCounty = (sweep: Sweep, county: string, about: readonly Incident[], nowMs: number): RulePack => {
  const names = new Set(about.map(({ pack }) => pack.split('@')[0] ?? ''));
  const [only] = names;
  return sweep.packFor({ division: county, ...(names.size === 1 && only !== undefined && { pack: only }) }, nowMs);
};

const settleCounty = async (sweep: Sweep, one: County, limits: StormLimits, nowMs: number): Promise<void> => {
  const { plan } = one;
  const parent = await parentOf(sweep, one, nowMs);
  if (parent !== undefined) await joinAll(sweep, plan.joiners, parent.id, limits, nowMs);
  // One of this name is over and not archived yet: told one by one rather than not until then.
  else if (plan.parent?.is === 'new') for (const { id } of plan.joiners) sweep.storms.joining.delete(id);
  // Those that could not be joined yet are silent all the same, and are counted.
  for (const [id, children] of plan.children) await recount(sweep, one, id, children, nowMs);
  // First the parents, then their children: dying in between leaves children without an open parent, who leave next time.
  for (const { id } of plan.over) await change(sweep, id, (read) => endStorm(read, nowMs));
  await leaveAll(sweep, plan.leavers, limits, nowMs);
  await quietAll(sweep, one.county, nowMs);
};

/** The open parent that the joiners get, put or reopened if need be. */
const parentOf = async (sweep: Sweep, one: County, nowMs: number): Promise<Incident | undefined> => {
  const { county, pack, plan } = one;
  if (plan.parent === undefined) return undefined;
  if (plan.parent.is === 'open') return plan.parent.incident;
  if (plan.parent.is === 'again') {
    const { incident, why } = plan.parent;
    return change(sweep, incident.id, (read) => reopenStorm(read, plan.silent, why, pack, nowMs));
  }
  const fresh = openStorm(county, plan.joiners, await facilitiesOf(sweep, county, pack, nowMs), pack, nowMs);
  // Dying before this put: the silences are found again. After: a parent without children, which the next sweep gives it.
  const isOurs = await sweep.incidents.putIfAbsent(fresh);
  const parent = isOurs ? fresh : await sweep.incidents.read(fresh.id);
  if (isOurs) sweep.counts.incidentsOpened += 1;
  if (parent !== undefined) sweep.storms.note(parent);
  return parent?.state === 'closed' ? undefined : parent;
};

const joinAll = (
  sweep: Sweep,
  joiners: readonly Incident[],
  parentId: string,
  limits: StormLimits,
  nowMs: number,
): Promise<void> =>
  inParallel(joiners, limits.atOnce, async ({ id }) => {
    if (limits.isUp()) return;
    // Dying before this save: it is free, and held back until the next sweep joins it. After: it is a child.
    await unlessTrouble(sweep, id, () => change(sweep, id, (read) => joinStorm(read, parentId, nowMs)));
    sweep.storms.joining.delete(id);
  });

const leaveAll = (sweep: Sweep, leavers: readonly Incident[], limits: StormLimits, nowMs: number): Promise<void> =>
  inParallel(leavers, limits.atOnce, async ({ id, storm, division, pack }) => {
    if (limits.isUp() || storm === undefined) return;
    const own = packNamedBy(sweep, { division, pack }, nowMs);
    // Dying before this save: it still names a storm that is over, and leaves it next time. After: it owes its notice.
    await unlessTrouble(sweep, id, () => change(sweep, id, (read) => leaveStorm(read, storm, own, nowMs)));
  });

/** Children that came and went since owe what their parent tells. */
const quietAll = async (sweep: Sweep, county: string, nowMs: number): Promise<void> => {
  const children = sweep.storms.byCounty().get(county)?.silences ?? [];
  for (const { id, storm, state, outbox } of children) {
    if (storm === undefined || state === 'closed' || outbox.length === 0) continue;
    await unlessTrouble(sweep, id, () => change(sweep, id, (read) => quietChild(read, nowMs)));
  }
};

const recount = async (sweep: Sweep, one: County, id: string, children: number, nowMs: number): Promise<void> => {
  const before = sweep.storms.parents.get(id)?.stormFacts;
  const baseline = before?.worsensFrom ?? before?.children ?? children;
  const isAskedAgain = before?.facilities === 'unknown' || children >= 2 * baseline;
  const facilities = isAskedAgain ? await facilitiesOf(sweep, one.county, one.pack, nowMs) : undefined;
  await change(sweep, id, (read) => countStorm(read, children, facilities, nowMs));
};

const PAGE = 500;
const MOST_PAGES = 100;

/** Facilities of the county that owe their monitoring now. Not knowing how many keeps no notice back. */
const facilitiesOf = async (
  sweep: Sweep,
  county: string,
  pack: RulePack,
  nowMs: number,
): Promise<StormFacts['facilities']> => {
  try {
    let count = 0;
    let cursor: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await sweep.registry.listFacilities(county, PAGE, cursor);
      count += page.items.filter((one) => isJudged('monitoring-running', footingOf(one, pack, nowMs))).length;
      cursor = page.cursor;
      if (cursor === undefined) return count;
    }
    return 'unknown';
  } catch (cause) {
    sweep.tell('facilities-uncounted', county, cause);
    return 'unknown';
  }
};

/** Decides about a live incident and keeps what the sweep knows of it in step. */
const change = async (
  sweep: Sweep,
  id: string,
  decide: (read: Incident) => Decision,
): Promise<Incident | undefined> => {
  const changed = await changeIncident(sweep, id, decide);
  if (changed === undefined) return undefined;
  if (changed.saved && changed.incident.state === 'closed') sweep.counts.incidentsClosed += 1;
  sweep.storms.note(changed.incident);
  return changed.incident;
};

const unlessTrouble = async (sweep: Sweep, id: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (cause) {
    sweep.counts.incidentsFailed += 1;
    sweep.tell('incident-failed', id, cause);
  }
};
