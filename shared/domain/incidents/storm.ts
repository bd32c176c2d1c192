import { type Incident, isOfDivision, type StormFacts } from '../incident.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Decision, nothing, save } from './decision.ts';
import { closeBySweep } from './end.ts';
import { owedOf } from './ladder.ts';
import { openOfDivision } from './of-division.ts';
import { dropUntold, type Owed, owe, toldOf } from './outbox.ts';
import { withStep } from './steps.ts';
import { tellAtMs } from './tell-at.ts';
import { countedFrom } from './unanswered.ts';

/*
 * Many boxes of one county that fall silent together are one event: one parent is told, with a count, and each silence
 * stays on record as its child. Alarms never have anything to do with it.
 */

/** So many of the facilities silent: the likely cause is us, and the notice says so. */
const NEARLY_ALL = 0.8;

/** What may be part of a storm at all: a box that does not beat. */
export const isSilence = ({ rule, finding, reason, lane }: Incident): boolean =>
  lane === 'technical' && rule === 'monitoring-running' && finding === 'breached' && reason === 'no-beat';

/** Goes on, and nobody believes so: whoever was told of a silence is not untold by a storm. */
export const mayJoin = (incident: Incident): boolean =>
  isSilence(incident) &&
  incident.state === 'open' &&
  incident.storm === undefined &&
  !isOfDivision(incident) &&
  toldOf(incident).length === 0;

const facilitiesOf = (incidents: readonly Incident[]): number =>
  new Set(incidents.map(({ facilityId }) => facilityId)).size;

const bySince = (a: Incident, b: Incident): number => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1);

/** Those that lie in a window of `withinMs` with so many facilities: one nursery with many boxes is no storm. */
export const gatheredIn = (silences: readonly Incident[], atLeast: number, withinMs: number): readonly Incident[] => {
  const sorted = [...silences].sort(bySince);
  const inWindow = new Map<string, number>();
  const gathered: Incident[] = [];
  let from = 0;
  let takenTo = 0;
  for (const [to, last] of sorted.entries()) {
    inWindow.set(last.facilityId, (inWindow.get(last.facilityId) ?? 0) + 1);
    for (let first = sorted[from]; first && last.sinceMs - first.sinceMs > withinMs; first = sorted[from]) {
      const left = (inWindow.get(first.facilityId) ?? 1) - 1;
      if (left === 0) inWindow.delete(first.facilityId);
      else inWindow.set(first.facilityId, left);
      from += 1;
    }
    if (inWindow.size < atLeast) continue;
    gathered.push(...sorted.slice(Math.max(from, takenTo), to + 1));
    takenTo = to + 1;
  }
  return gathered;
};

/** What is to be done about one county. */
export interface StormPlan {
  /** The parent that the joiners get; absent = there is none and none is needed. */
  readonly parent?:
    | { readonly is: 'open'; readonly incident: Incident }
    | { readonly is: 'again'; readonly incident: Incident; readonly why: 'back-again' | 'still-so-after-closing' }
    | { readonly is: 'new' };
  readonly joiners: readonly Incident[];
  /** Facilities that are silent, the joiners included, per parent that is or will be open. */
  readonly children: ReadonlyMap<string, number>;
  /** Facilities of the parent named above once all have joined. */
  readonly silent: number;
  /** Parents with too few children left. */
  readonly over: readonly Incident[];
  /** Children without an open parent. */
  readonly leavers: readonly Incident[];
}

/**
 * Looks at the live silences and parents of one county. It needs no memory: what an earlier look left undone is found
 * again.
 *
 * @param parents live ones, open or closed
 */
export const planStorm = (
  silences: readonly Incident[],
  parents: readonly Incident[],
  pack: RulePack,
  nowMs: number,
): StormPlan => {
  const { stormAtLeast, stormWithinMs, flapMs } = pack.thresholds;
  const least = stormAtLeast.value / 2;
  const going = silences.filter(({ state }) => state !== 'closed');
  const childrenOf = ({ id }: Incident): readonly Incident[] => going.filter(({ storm }) => storm === id);
  const open = parents.filter(({ state }) => state !== 'closed').sort(bySince);
  const free = going.filter(mayJoin);

  const [first] = open;
  const closedByPerson = parents.find((one) => one.state === 'closed' && facilitiesOf(childrenOf(one)) >= least);
  const standing = first ?? closedByPerson;
  const near = standing && free.filter(({ sinceMs }) => sinceMs >= standing.sinceMs - stormWithinMs.value);
  const joiners = near ?? gatheredIn(free, stormAtLeast.value, stormWithinMs.value);
  const ended = ({ state, closedAtMs = nowMs }: Incident): boolean =>
    state === 'closed' && nowMs - closedAtMs <= flapMs.value;
  const back = standing === undefined && joiners.length > 0 ? parents.find(ended) : undefined;

  const chosen = standing ?? back;
  const count = (parent: Incident): number =>
    facilitiesOf([...childrenOf(parent), ...(parent === chosen ? joiners : [])]);
  const over = open.filter((parent) => count(parent) < least);
  const kept = chosen !== undefined && !over.includes(chosen) ? chosen : undefined;
  const parented = new Set([...open.filter((one) => !over.includes(one)), ...(kept ? [kept] : [])].map(({ id }) => id));
  const isNew = chosen === undefined && joiners.length > 0;
  return {
    ...(kept !== undefined && { parent: parentOf(kept, back === undefined) }),
    ...(isNew && { parent: { is: 'new' as const } }),
    joiners: kept !== undefined || isNew ? joiners : [],
    children: new Map(open.filter((one) => !over.includes(one)).map((one) => [one.id, count(one)])),
    silent: kept === undefined ? facilitiesOf(joiners) : count(kept),
    over,
    leavers: going.filter(({ storm }) => storm !== undefined && !parented.has(storm)),
  };
};

const parentOf = (incident: Incident, byPerson: boolean): NonNullable<StormPlan['parent']> => {
  if (incident.state !== 'closed') return { is: 'open', incident };
  return { is: 'again', incident, why: byPerson ? 'still-so-after-closing' : 'back-again' };
};

const reasonOf = ({ children, facilities }: StormFacts): 'nearly-all-silent' | 'many-silent' =>
  facilities !== 'unknown' && facilities > 0 && children >= NEARLY_ALL * facilities
    ? 'nearly-all-silent'
    : 'many-silent';

/**
 * Opens a parent. It is told when the earliest of its children would have been, so that a short outage wakes nobody and
 * a long one is not told later for being large.
 */
export const openStorm = (
  county: string,
  joiners: readonly Incident[],
  facilities: StormFacts['facilities'],
  pack: RulePack,
  nowMs: number,
): Incident => {
  const terms = pack.rules['monitoring-running'];
  const openedAtMs = joiners.reduce((least, one) => Math.min(least, one.openedAtMs), nowMs);
  const sinceMs = joiners.reduce((least, one) => Math.min(least, one.sinceMs), nowMs);
  const children = facilitiesOf(joiners);
  const stormFacts: StormFacts = { children, facilities, worsensFrom: children };
  const found = { rule: 'storm', subject: `division/${county}`, reason: reasonOf(stormFacts), sinceMs } as const;
  const fromMs = Math.max(nowMs, openedAtMs + terms.tellAfterMs.value);
  return { ...openOfDivision(found, county, { terms, fromMs }, pack, nowMs), stormFacts };
};

/**
 * Notes how many are silent now. Those who were told hear of it when it has doubled since; its timeline would otherwise
 * consist of counts.
 */
export const countStorm = (
  parent: Incident,
  children: number,
  facilities: StormFacts['facilities'] | undefined,
  nowMs: number,
): Decision => {
  if (parent.state === 'closed') return nothing(parent, 'closed-already');
  const before = parent.stormFacts ?? { children, facilities: 'unknown' };
  const told = toldOf(parent);
  const baseline = told.length === 0 ? children : (before.worsensFrom ?? before.children);
  const hasDoubled = children >= 2 * baseline;
  const facts: StormFacts = {
    children,
    facilities: facilities ?? before.facilities,
    worsensFrom: hasDoubled ? children : baseline,
  };
  const counted = { ...parent, stormFacts: facts, reason: reasonOf(facts) };
  if (hasDoubled) {
    const worse = withStep(counted, nowMs, 'worsened', 'watch', `doubled ${baseline} ${children}`);
    return save(owe(worse, told, 'worsened', nowMs, nowMs), 'worsened');
  }
  const isSame = children === before.children && facts.facilities === before.facilities;
  return isSame ? nothing(parent, 'counted-already') : save(counted, 'counted');
};

/** It is over when fewer than half of what makes a storm are left; those who were told hear of it. */
export const endStorm = (parent: Incident, nowMs: number): Decision =>
  parent.state === 'closed'
    ? nothing(parent, 'closed-already')
    : closeBySweep({ ...parent, stormFacts: noneLeft(parent) }, 'storm-over', nowMs, nowMs);

const noneLeft = ({ stormFacts }: Incident): StormFacts => ({
  children: stormFacts?.children ?? 0,
  facilities: stormFacts?.facilities ?? 'unknown',
});

/**
 * Many are silent again within the flap time, or a person closed what is still so. Whoever still believes that it goes
 * on hears nothing new.
 */
export const reopenStorm = (
  parent: Incident,
  children: number,
  why: 'back-again' | 'still-so-after-closing',
  pack: RulePack,
  nowMs: number,
): Decision => {
  if (parent.state !== 'closed') return nothing(parent, 'open-already');
  const { answeredBy: _by, answeredAtMs: _at, answerUntilMs: _until, ...unanswered } = parent;
  const { closedAtMs: _closed, closeReason: _why, endedAtMs: _end, ...rest } = unanswered;
  const { urgency, tellAfterMs } = pack.rules['monitoring-running'];
  const tellAt = tellAtMs(urgency, nowMs + tellAfterMs.value, { office: pack.workingHours, workdays: pack.workdays });
  const stormFacts: StormFacts = { ...noneLeft(parent), children, worsensFrom: children };
  const open: Incident = { ...rest, state: 'open', turns: (parent.turns ?? 0) + 1, stormFacts };
  const noted = withStep(countedFrom(open, tellAt), nowMs, 'reopened', 'watch', why);
  const quiet = dropUntold(noted, ({ kind }) => kind === 'recovered', nowMs, 'watch', 'back-before-told');
  return save(owe(quiet, unawareOf(quiet, why === 'still-so-after-closing'), 'reopened', tellAt, nowMs), why);
};

/** Those who heard of it and that it was over; the first rung if nobody ever heard. */
const unawareOf = (parent: Incident, byPerson: boolean): readonly Owed[] => {
  // Whoever was told that a person closed it does not believe that it is going on.
  const aware = byPerson ? [] : toldOf(parent);
  const heard = new Set(parent.published.map(({ department }) => department));
  const entered = parent.ladder.flatMap((rung, at) =>
    rung.enteredAtMs === undefined ? [] : owedOf(parent.ladder, at),
  );
  const departments = entered.map(({ recipient }) => recipient.department);
  const again = entered.filter(
    ({ recipient }, at) =>
      heard.has(recipient.department) &&
      departments.indexOf(recipient.department) === at &&
      !aware.some((one) => one.recipient.department === recipient.department),
  );
  return again.length > 0 || aware.length > 0 ? again : owedOf(parent.ladder, 0);
};

/** A silence becomes a child: it is told of in its parent, and its own notices are not sent. */
export const joinStorm = (child: Incident, parentId: string, nowMs: number): Decision => {
  if (!mayJoin(child)) return nothing(child, 'not-to-join');
  const joined = withStep({ ...child, storm: parentId }, nowMs, 'joined-storm', 'watch', parentId);
  return save(
    dropUntold(joined, () => true, nowMs, 'watch', `joined-storm ${parentId}`),
    'joined-storm',
  );
};

/** What a child owed while its storm went on (it came and went) is not sent either. */
export const quietChild = (child: Incident, nowMs: number): Decision => {
  if (child.storm === undefined || child.state === 'closed') return nothing(child, 'no-child');
  const quiet = dropUntold(child, () => true, nowMs, 'watch', `joined-storm ${child.storm}`);
  return quiet === child ? nothing(child, 'quiet-already') : save(quiet, 'joined-storm');
};

/** The storm is over and this one is still silent: it is told as if it had been opened now. */
export const leaveStorm = (child: Incident, parentId: string, pack: RulePack, nowMs: number): Decision => {
  if (child.storm !== parentId || child.state === 'closed') return nothing(child, 'no-child');
  const { storm: _storm, ...alone } = child;
  const left = withStep(alone, nowMs, 'left-storm', 'watch', parentId);
  // Somebody has taken this one on.
  if (child.state === 'answered') return save(left, 'left-storm');
  const { urgency, tellAfterMs } = pack.rules['monitoring-running'];
  const tellAt = tellAtMs(urgency, nowMs + tellAfterMs.value, { office: pack.workingHours, workdays: pack.workdays });
  const quiet = dropUntold(left, () => true, nowMs, 'watch', 'told-anew');
  return save(owe(countedFrom(quiet, tellAt), owedOf(quiet.ladder, 0), 'opened', tellAt, nowMs), 'left-storm');
};
