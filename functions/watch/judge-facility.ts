import { assess } from '../../shared/domain/assess.ts';
import { type EndedBreach, endedBreaches } from '../../shared/domain/ended-breaches.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { silentAfterPatch } from '../../shared/domain/silent-after.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import type { FacilityRows, FacilityVitals } from '../../shared/domain/vitals.ts';
import { archiveIncident } from './archive-incident.ts';
import { packOf, type Sweep } from './dependencies.ts';
import { mendInSlot } from './mend-folds.ts';
import { type Look, settleBreaches } from './settle-breaches.ts';
import { tellRegistrations } from './tell-registrations.ts';
import { isDue, tendIncident } from './tend-incident.ts';

/**
 * Looks at one facility: every breach gets its incident, what is due of its incidents is published, what is over is
 * kept; only then the marks that brought it here are removed.
 *
 * @param liveIds technical incidents of this facility that the scan has seen
 */
export const judgeFacility = async (sweep: Sweep, facilityId: string, liveIds: readonly string[]): Promise<void> => {
  // Before the rows are read: a box that beats while we read must not look silent.
  const nowMs = sweep.clock();
  const [rows, facility, live] = await Promise.all([
    sweep.vitals.readRows(facilityId),
    sweep.registry.readFacility(facilityId),
    readLive(sweep, liveIds),
  ]);
  if (rows === undefined || facility === undefined) {
    // Announced and not yet put, or not ours any more: nothing can be judged, but what is owed is still told.
    await tendAll(sweep, live, { facility, pack: packOf(sweep, facility, nowMs) }, nowMs);
    return;
  }
  const look: Look = { facility, pack: packOf(sweep, facility, nowMs), nowMs, live: [...live] };
  // Trouble with one breach does not keep back what others owe.
  const judged = await judge(sweep, rows, look).finally(() => tendAll(sweep, look.live, look, nowMs));
  for (const incident of look.live) sweep.storms.note(incident);
  if (leastMark(judged) === undefined) await archiveAll(sweep, look);
};

/** Answers the rows by which it judged. */
const judge = async (sweep: Sweep, read: FacilityRows, look: Look): Promise<FacilityRows> => {
  const { facility, pack, nowMs } = look;
  const rows = await mendInSlot(sweep, read, look);
  const markMs = leastMark(rows);
  const gaps = markMs === undefined ? [] : await sweep.records.gapsFrom(facility.id, markMs);
  const { verdicts, dueAtMs } = assess(rows, facility, pack, nowMs);
  const ended = endedBreaches(gaps, rows, facility, pack, nowMs).filter((breach) => isMarked(breach, rows));
  const settled = await settleBreaches(sweep, look, ended, verdicts);
  const toldVersion = await tellRegistrations(sweep, look, rows.facility);
  sweep.counts.facilitiesJudged += 1;
  const next = { dueAtMs: Math.min(dueAtMs, nowMs + DAY_MS), toldVersion };
  if (settled === 'settled') await moveOn(sweep, rows, look, next);
  return rows;
};

const readLive = async ({ incidents }: Sweep, ids: readonly string[]): Promise<readonly Incident[]> => {
  const read = await Promise.all(ids.map((id) => incidents.read(id)));
  return read.filter((incident) => incident !== undefined);
};

type Marked = { readonly judgeFromMs?: number };

const leastOf = (rows: readonly Marked[]): number | undefined => {
  const marks = rows.flatMap(({ judgeFromMs }) => (judgeFromMs === undefined ? [] : [judgeFromMs]));
  return marks.length === 0 ? undefined : Math.min(...marks);
};

const leastMark = ({ facility, boxes, coverage }: FacilityRows): number | undefined =>
  leastOf([facility, ...boxes, ...coverage]);

/**
 * Another row's mark may reach back to a breach that was settled long ago, and whose incident may be a record under the
 * name of the one it was part of. Only the marks of its own rows say that a breach has still to be settled.
 */
const isMarked = ({ subject, sinceMs }: EndedBreach, rows: FacilityRows): boolean => {
  const [kind, id] = subject.split('/');
  const markMs = leastOf(ownRows(kind, id, rows));
  return markMs !== undefined && markMs <= sinceMs;
};

/** A box is told of by its own row, an area by its cameras and their boxes, checks and recordings by the facility's. */
const ownRows = (kind: string | undefined, id: string | undefined, rows: FacilityRows): readonly Marked[] => {
  if (kind === 'box') return rows.boxes.filter(({ box }) => box === id);
  return kind === 'area' ? [...rows.coverage, ...rows.boxes] : [rows.facility];
};

/**
 * All that was found has its incident: the rows need no look before `dueAtMs`. While an edit of the registry is on its
 * way the facility that was judged is an old one, and everything stays as it is.
 */
const moveOn = async (sweep: Sweep, rows: FacilityRows, { facility, pack, nowMs }: Look, next: Next): Promise<void> => {
  if (facility.version !== rows.facility.registryVersion) return;
  // First the time of the next look, then the marks: dying in between leaves marks that bring us here once more. An
  // edit that came since has raised `registryVersion`, and loses us this race.
  if (!(await moveDue(sweep, rows.facility, next, nowMs))) return;
  // A row that was written since its read keeps its mark.
  for (const row of rows.boxes) {
    // A new pack may have moved the limit: the sweep brings it to the rows that no edit of the registry touches.
    const limit = silentAfterPatch(row, pack.thresholds.silentAfterMs.value);
    if (isRowMarked(row) || limit) await sweep.vitals.patchBox(row, { ...limit, judgeFromMs: undefined });
  }
  for (const row of rows.coverage.filter(isRowMarked)) {
    await sweep.vitals.patchCoverage(row, { judgeFromMs: undefined });
  }
};

const isRowMarked = (row: Marked): boolean => row.judgeFromMs !== undefined;

interface Next {
  readonly dueAtMs: number;
  /** Registration events up to here are told; absent = there was none to tell. */
  readonly toldVersion: number | undefined;
}

const moveDue = async (
  { vitals, packSet }: Sweep,
  row: FacilityVitals,
  { dueAtMs, toldVersion }: Next,
  nowMs: number,
): Promise<boolean> => {
  // An earlier look than needed is harmless and saves a write.
  const isDueEnough = row.dueAtMs > nowMs && row.dueAtMs <= dueAtMs;
  if (isDueEnough && row.packSet === packSet && !isRowMarked(row) && toldVersion === undefined) return true;
  const told = toldVersion === undefined ? {} : { registrationToldVersion: toldVersion };
  return vitals.patchFacility(row, { dueAtMs, packSet, judgeFromMs: undefined, ...told });
};

const tendAll = async (
  sweep: Sweep,
  live: readonly Incident[],
  setting: Pick<Look, 'pack'> & { readonly facility: Facility | undefined },
  nowMs: number,
): Promise<void> => {
  // What is about to become part of a storm is told of there, or by the next sweep.
  const own = live.filter(({ id }) => !sweep.storms.joining.has(id));
  for (const incident of own.filter((one) => isDue(one, nowMs))) {
    await tendIncident(sweep, incident, { facility: setting.facility, pack: setting.pack }, nowMs);
  }
};

const archiveAll = async (sweep: Sweep, { live, pack, nowMs }: Look): Promise<void> => {
  for (const { id } of live.filter(({ state }) => state === 'closed')) {
    await archiveIncident(sweep, id, pack.thresholds.flapMs.value, nowMs);
  }
};
