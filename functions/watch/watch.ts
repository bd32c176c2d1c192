import { type Incident, isOfDivision } from '../../shared/domain/incident.ts';
import { mayArchive } from '../../shared/domain/incidents/archive.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { archiveIncident } from './archive-incident.ts';
import { defaultLimits, packOf, type Sweep, type SweepLimits, type WatchDependencies } from './dependencies.ts';
import { judgeFacility } from './judge-facility.ts';
import { judgePosts, slotOfCounty, slotsSince } from './judge-posts.ts';
import { slotAt } from './mend-folds.ts';
import { type StormLimits, settleStorms } from './settle-storms.ts';
import { StormWatch } from './storm-watch.ts';
import { noCounts, type SweepCounts } from './sweep-counts.ts';
import { tendDivision } from './tend-division.ts';
import { isDue, tendIncident } from './tend-incident.ts';

/** What one run did. */
export interface SweepReport {
  /**
   * Every segment has been looked at since the last completed sweep, and not everything failed. One facility in trouble
   * does not make the sweep incomplete: it is counted in `facilities-failed`, which rings by itself.
   */
  readonly completed: boolean;
  readonly counts: Readonly<SweepCounts>;
}

/**
 * The level-triggered sweep. It remembers nothing that it could not find again: what it keeps between runs is only at
 * which segment to resume when its time ran out. Two of them at once, or a thousand left out, change no outcome.
 */
export const makeWatch = (dependencies: WatchDependencies): (() => Promise<SweepReport>) => {
  const limits: SweepLimits = { ...defaultLimits, ...dependencies.limits };
  const everySegment = Array.from({ length: limits.segments }, (_, segment) => segment);
  let unfinished: readonly number[] = everySegment;
  let nextLive: string | undefined;
  const passed = new Set<string>();
  const counties: OwedCounties = { owed: new Set() };

  return async () => {
    const startedMs = dependencies.clock();
    const run: Run = {
      sweep: { ...dependencies, counts: noCounts(), slot: slotAt(startedMs), storms: new StormWatch() },
      limits,
      startedMs,
      spentMs: () => dependencies.clock() - startedMs,
      judged: new Set(),
      passed,
    };
    const live = await readLive(run.sweep);
    await tendAlarms(run, live.alarms);
    // Before anything of a rule is published, and again with what this sweep has found: what is one event is told as one.
    await settleStorms(run.sweep, stormLimits(run, limits.budgetMs / 4));
    nextLive = await judgeLive(run, live.technical, nextLive, limits.budgetMs / 2);
    unfinished = await judgeCandidates(run, unfinished, live.technical);
    const isStormSettled = await settleStorms(run.sweep, stormLimits(run, limits.budgetMs));
    await tendEach(run, asKnownNow(run.sweep, live.divisions), tendDivision);
    if (nextLive !== undefined) nextLive = await judgeLive(run, live.technical, nextLive, limits.budgetMs);
    await judgeCounties(run, counties, live.divisions);
    const { counts } = run.sweep;
    const isAllInTrouble = counts.facilitiesFailed > 0 && counts.facilitiesJudged === 0;
    const completed = unfinished.length === 0 && nextLive === undefined && isStormSettled && !isAllInTrouble;
    if (unfinished.length === 0) {
      unfinished = everySegment;
      passed.clear();
    }
    return { completed, counts };
  };
};

interface Run {
  readonly sweep: Sweep;
  readonly limits: SweepLimits;
  readonly startedMs: number;
  readonly spentMs: () => number;
  /** Facilities taken on in this run. */
  readonly judged: Set<string>;
  /**
   * Candidates looked at since all segments were last finished. What is silent stays a candidate: without this, each run
   * would spend its time on the same first ones, and those behind them would never be found.
   */
  readonly passed: Set<string>;
}

interface Live {
  /** Life safety first. */
  readonly alarms: readonly Incident[];
  /** About whole divisions. */
  readonly divisions: readonly Incident[];
  /** Ids of technical incidents by facility. */
  readonly technical: ReadonlyMap<string, readonly string[]>;
}

const readLive = async ({ incidents, storms }: Sweep): Promise<Live> => {
  const all: Incident[] = [];
  for await (const page of incidents.scan()) all.push(...page);
  for (const incident of all) storms.note(incident);
  const alarms = all.filter(({ rule }) => rule === 'alarm');
  const others = all.filter(({ rule }) => rule !== 'alarm');
  const technical = Map.groupBy(
    others.filter((incident) => !isOfDivision(incident)),
    ({ facilityId }) => facilityId,
  );
  return {
    alarms: [...alarms].sort((a, b) => rank(a) - rank(b) || a.openedAtMs - b.openedAtMs),
    divisions: others.filter(isOfDivision),
    technical: new Map([...technical].map(([facilityId, incidents]) => [facilityId, incidents.map(({ id }) => id)])),
  };
};

/** What is real comes before drills and tests, which go the same way. */
const rank = ({ lane, drill, alarm }: Incident): number => {
  if (lane !== 'life-safety') return 2;
  return drill !== undefined || alarm?.kind === 'test' ? 1 : 0;
};

/** Alarms come before everything else, and no trouble with one holds up another. Their work has no time limit. */
const tendAlarms = (run: Run, alarms: readonly Incident[]): Promise<void> => tendEach(run, alarms, tendAlarm);

const tendEach = (
  { sweep, limits }: Run,
  incidents: readonly Incident[],
  tend: (sweep: Sweep, incident: Incident) => Promise<void>,
): Promise<void> =>
  inParallel(incidents, limits.atOnce, async (incident) => {
    try {
      await tend(sweep, incident);
    } catch (cause) {
      sweep.counts.incidentsFailed += 1;
      sweep.tell('incident-failed', incident.id, cause);
    }
  });

/** Counties whose minute of the day has come and whose posts were not judged yet, and up to when minutes were looked at. */
interface OwedCounties {
  readonly owed: Set<string>;
  lookedToMs?: number;
}

/** What it does not get to, or what is in trouble, the next run does. */
const judgeCounties = async (run: Run, counties: OwedCounties, divisions: readonly Incident[]): Promise<void> => {
  const { sweep, limits, startedMs } = run;
  try {
    const slots = slotsSince(counties.lookedToMs ?? startedMs - MINUTE_MS, startedMs);
    const all = slots.size === 0 ? [] : await sweep.registry.listCounties('');
    for (const county of all) if (slots.has(slotOfCounty(county))) counties.owed.add(county);
    counties.lookedToMs = startedMs;
    for (const county of [...counties.owed]) {
      if (run.spentMs() >= limits.budgetMs) return;
      await judgePosts(sweep, county, divisions);
      counties.owed.delete(county);
    }
  } catch (cause) {
    sweep.counts.incidentsFailed += 1;
    sweep.tell('posts-failed', [...counties.owed][0] ?? 'counties', cause);
  }
};

/** Storms as they were just counted and ended, so that nobody waits a sweep for what is known. */
const asKnownNow = ({ storms }: Sweep, divisions: readonly Incident[]): readonly Incident[] =>
  divisions.map((incident) => storms.parents.get(incident.id) ?? incident);

const stormLimits = ({ limits, spentMs }: Run, untilMs: number): StormLimits => ({
  atOnce: limits.atOnce * limits.segments,
  isUp: () => spentMs() >= untilMs,
});

const tendAlarm = async (sweep: Sweep, incident: Incident): Promise<void> => {
  const nowMs = sweep.clock();
  const mayBeKept = mayArchive(incident, nowMs, 0) === 'yes';
  if (!mayBeKept && !isDue(incident, nowMs)) return;
  const facility = await sweep.registry.readFacility(incident.facilityId);
  const pack = packOf(sweep, facility, nowMs);
  if (mayBeKept) await archiveIncident(sweep, incident.id, pack.thresholds.flapMs.value, nowMs);
  else await tendIncident(sweep, incident, { facility, pack }, nowMs);
};

const judgeAll = (run: Run, ids: readonly string[], live: Live['technical'], untilMs: number): Promise<void> =>
  inParallel(ids, run.limits.atOnce, async (facilityId) => {
    const { sweep, judged } = run;
    if (judged.has(facilityId) || run.spentMs() >= untilMs) return;
    judged.add(facilityId);
    try {
      await judgeFacility(sweep, facilityId, live.get(facilityId) ?? []);
    } catch (cause) {
      sweep.counts.facilitiesFailed += 1;
      sweep.tell('facility-failed', facilityId, cause);
    }
  });

/**
 * Facilities with live incidents: first for half of the time at most, so that a storm of old incidents never keeps new
 * ones from being found, then for what is left. Answers at which one the next run goes on; absent = all were looked at.
 */
const judgeLive = async (
  run: Run,
  live: Live['technical'],
  resumeAt: string | undefined,
  untilMs: number,
): Promise<string | undefined> => {
  const ids = [...live.keys()].sort();
  const at = resumeAt === undefined ? 0 : ids.findIndex((id) => id >= resumeAt);
  const inOrder = at <= 0 ? ids : [...ids.slice(at), ...ids.slice(0, at)];
  await judgeAll(run, inOrder, live, untilMs);
  return inOrder.find((id) => !run.judged.has(id));
};

/**
 * Looks at the candidates of each segment that have no live incident, for those have had their turn or get it in the
 * next run; answers the segments that the next run has still to look at.
 */
const judgeCandidates = async (
  run: Run,
  segments: readonly number[],
  live: Live['technical'],
): Promise<readonly number[]> => {
  const finished = new Set<number>();
  await inParallel(segments, run.limits.segments, async (segment) => {
    try {
      if (await judgeSegment(run, segment, live)) finished.add(segment);
    } catch (cause) {
      run.sweep.counts.segmentsFailed += 1;
      run.sweep.tell('segment-failed', String(segment), cause);
    }
  });
  return segments.filter((segment) => !finished.has(segment));
};

const judgeSegment = async (run: Run, segment: number, live: Live['technical']): Promise<boolean> => {
  const { sweep, limits, startedMs } = run;
  const filter = { nowMs: startedMs, packSet: sweep.packSet, slot: sweep.slot, segment, segments: limits.segments };
  for await (const ids of sweep.vitals.candidates(filter)) {
    const news = ids.filter((id) => !live.has(id) && !run.passed.has(id));
    await judgeAll(run, news, live, limits.budgetMs);
    for (const id of news) if (run.judged.has(id)) run.passed.add(id);
    if (run.spentMs() >= limits.budgetMs) return false;
  }
  return run.spentMs() < limits.budgetMs;
};
