import { deletionsIn, type HoldOrder, isInEffect, ordersOf } from './camera-facts.ts';
import { addDays, civilDayOf } from './civil-day.ts';
import type { Camera, Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import type { DeclaredDeletion } from './heard.ts';
import type { HeldDayFacts } from './held-day.ts';
import { intersect, subtract, total, union } from './interval.ts';
import type { DeletionReason } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { DAY_MS, HOUR_MS, type Interval } from './time.ts';
import { type FacilityVitals, LONGEST_RETENTION_FOLD, type RetentionFold } from './vitals.ts';

/** The hour that was just recorded is reported after it ended: so long nothing is missing yet. */
export const SETTLE_MS = 2 * HOUR_MS;

/** When a camera no longer had to record: its retirement, or the closing of its facility. */
const recordsUntilMs = (camera: Camera, facility: Facility): number =>
  Math.min(
    camera.retiredAtMs ?? Number.POSITIVE_INFINITY,
    facility.state.is === 'closed' ? facility.state.sinceMs : Number.POSITIVE_INFINITY,
  );

/**
 * Of what a camera had to record, what is settled at `nowMs`, however old: from its installation to its retirement, the
 * closing of its facility, or the hours that may still be reported.
 */
export const settledInterval = (camera: Camera, facility: Facility, nowMs: number): Interval => {
  const endsAtMs = Math.min(recordsUntilMs(camera, facility), nowMs - SETTLE_MS);
  return { fromMs: camera.installedAtMs, toMs: Math.max(camera.installedAtMs, endsAtMs) };
};

/** How long recordings must be kept. */
export const keptForMs = (pack: RulePack): number => pack.thresholds.retentionDays.value * DAY_MS;

/** Whether the pack excuses a deletion inside the days for this reason. */
export const isPermitted = (reason: DeletionReason, pack: RulePack): boolean =>
  pack.permittedDeletions[reason] !== undefined;

/** Nothing can be deleted before it was recorded. */
export const takenBy = ({ fromMs, toMs, receivedAtMs }: DeclaredDeletion): readonly Interval[] =>
  union([{ fromMs, toMs: Math.min(toMs, receivedAtMs) }]);

/**
 * What a declared deletion took without being allowed to: what was under an order to be kept when we heard of it, and,
 * without a permitted reason, what had not yet been kept for its days.
 */
export const forbiddenOf = (
  deletion: DeclaredDeletion,
  holds: readonly HoldOrder[],
  pack: RulePack,
): readonly Interval[] => {
  const { reason, receivedAtMs } = deletion;
  const ordered = holds.filter((hold) => isInEffect(hold, receivedAtMs));
  const young = { fromMs: receivedAtMs - keptForMs(pack), toMs: receivedAtMs };
  return intersect(takenBy(deletion), isPermitted(reason, pack) ? ordered : [...ordered, young]);
};

/**
 * The time of which recordings must be held now: the last days that the pack names, no earlier than the installation,
 * no later than the closing of the facility. Empty where nothing is required yet.
 */
export const requiredInterval = (camera: Camera, facility: Facility, pack: RulePack, nowMs: number): Interval => {
  const settled = settledInterval(camera, facility, nowMs);
  const fromMs = Math.max(settled.fromMs, nowMs - keptForMs(pack));
  return { fromMs, toMs: Math.max(fromMs, settled.toMs) };
};

/** Local days whose records say something about the required time. */
export const daysToRead = (
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): { readonly fromDay: string; readonly toDay: string } => {
  const { zone } = facility.calendar;
  const days = pack.thresholds.retentionDays.value;
  return { fromDay: addDays(civilDayOf(nowMs, zone), -days - 1), toDay: civilDayOf(nowMs, zone) };
};

export interface RetentionFinding {
  readonly state: RetentionFold['state'];
  readonly depthDays: number;
  readonly missingMs: number;
  /** Received time of the last report; 0 = none. */
  readonly reportedAtMs: number;
  /** Unknown because of hours that nobody spoke of. */
  readonly unsaid?: true;
}

/**
 * Judges one camera from its held days. Depth is what the recorder says it can still play; time before our first report
 * is held as declared by it; missing is only what a report covered and did not name as recorded. Time between two reports
 * of which nobody spoke is unknown, never held and never missing; after the last report the sweep counts the time.
 */
export const findRetention = (
  camera: Camera,
  days: readonly HeldDayFacts[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): RetentionFinding => {
  const required = requiredInterval(camera, facility, pack, nowMs);
  const toleranceMs = pack.thresholds.retentionToleranceMs.value;
  const reportedAtMs = Math.max(0, ...days.map((day) => day.reportedAtMs));
  const reported = union(days.flatMap((day) => [...day.recorded, ...(day.reported ?? [])]));
  const oldestMs = oldestRetrievable(days, nowMs);
  const reachesToMs = oldestMs ?? reported[0]?.fromMs;
  const depthDays = reachesToMs === undefined ? 0 : Math.max(0, Math.floor((nowMs - reachesToMs) / DAY_MS));
  const holds = ordersOf(facility, camera.id, nowMs);
  const missingMs = total(subtract(intersect([required], reported), recordedOf(days, oldestMs, holds, pack)));
  const base = { depthDays, missingMs, reportedAtMs };
  if (total([required]) === 0) return { ...base, state: reported.length === 0 ? 'unknown' : 'held' };
  if (reachesToMs === undefined) return { ...base, state: 'unknown' };
  const reachesTooLate = reachesToMs > required.fromMs + toleranceMs;
  if (oldestMs !== undefined && reachesTooLate) return { ...base, state: 'short' };
  if (missingMs > toleranceMs) return { ...base, state: 'gaps' };
  if (oldestMs === undefined && reachesTooLate) return { ...base, state: 'unknown' };
  // Up to the last report, settled or not: an hour that comes after later ones may still be late, and is then spoken of.
  const due = { fromMs: required.fromMs, toMs: recordsUntilMs(camera, facility) };
  const unsaidMs = total(intersect([due], unsaidIn(reported, days, pack)));
  return unsaidMs > toleranceMs ? { ...base, state: 'unknown', unsaid: true } : { ...base, state: 'held' };
};

/** Time between the first and the last report of which nobody said anything, nor that it was deleted as the pack permits. */
const unsaidIn = (
  reported: readonly Interval[],
  days: readonly HeldDayFacts[],
  pack: RulePack,
): readonly Interval[] => {
  const [first, last] = [reported[0], reported.at(-1)];
  if (first === undefined || last === undefined) return [];
  const excused = deletionsIn(days).filter(({ reason }) => isPermitted(reason, pack));
  return subtract([{ fromMs: first.fromMs, toMs: last.toMs }], union([...reported, ...excused.flatMap(takenBy)]));
};

/** Once recorded and no longer retrievable, or deleted against an order or without a permitted reason, is lost. */
const recordedOf = (
  days: readonly HeldDayFacts[],
  oldestMs: number | undefined,
  holds: readonly HoldOrder[],
  pack: RulePack,
): readonly Interval[] => {
  const deletions = deletionsIn(days);
  const deleted = deletions.flatMap((deletion) => forbiddenOf(deletion, holds, pack));
  const recorded = subtract(union(days.flatMap((day) => day.recorded)), deleted);
  return oldestMs === undefined ? recorded : subtract(recorded, [{ fromMs: Number.NEGATIVE_INFINITY, toMs: oldestMs }]);
};

/** What the newest day with a claim says. A claim from the future is a wrong clock and no claim. */
export const oldestRetrievable = (days: readonly HeldDayFacts[], nowMs: number): number | undefined =>
  [...days]
    .sort((a, b) => (a.day < b.day ? 1 : -1))
    .map((day) => day.oldestRetrievableAtMs)
    .find((claim) => claim !== undefined && claim <= nowMs);

/** What one camera's finding changes in the facility row: first put the gap, then patch the row. */
export interface RetentionChange {
  readonly patch: Pick<FacilityVitals, 'retention' | 'retentionOverflow' | 'retentionHeld'> & {
    readonly recordedAtMs: number;
    readonly judgeFromMs?: number;
  };
  /** The breach that this finding ended. */
  readonly gap?: Gap;
}

/** Depth and deadline of a camera that is fine move with each report; so seldom is enough to write them. */
const REFRESH_SHARE = 8;

/** Whether the instant at which a camera is no longer shown has moved so far that it is worth a write. */
export const isRefreshDue = (shownUntilMs: number | undefined, dueAtMs: number, pack: RulePack): boolean =>
  dueAtMs - (shownUntilMs ?? 0) >= pack.rules['retention-held'].unknownAfterMs.value / REFRESH_SHARE;

/**
 * Folds one camera's finding into the facility row; absent = nothing worth a write. Findings come first, the oldest
 * kept; a camera that is held needs only the instant at which that is no longer shown.
 */
export const foldRetention = (
  row: FacilityVitals,
  camera: string,
  finding: RetentionFinding,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): RetentionChange | undefined => {
  const { unknownAfterMs } = pack.rules['retention-held'];
  const before = row.retention.find((fold) => fold.camera === camera);
  const heldBefore = row.retentionHeld?.[camera];
  const dueAtMs = finding.reportedAtMs + unknownAfterMs.value;
  const after = foldOf(camera, finding, before, dueAtMs, nowMs);
  const stateBefore = before?.state ?? (heldBefore === undefined ? undefined : 'held');
  const isNewState = stateBefore !== after.state || before?.unsaid !== after.unsaid;
  const isStale = isRefreshDue(before?.dueAtMs ?? heldBefore, dueAtMs, pack);
  const isDeeper = before !== undefined && before.depthDays !== after.depthDays;
  if (!isNewState && !isStale && !isDeeper) return undefined;

  const isBreach = (state: string | undefined): boolean => state === 'short' || state === 'gaps';
  const gap =
    before !== undefined && isBreach(before.state) && !isBreach(after.state)
      ? gapOf(row, before, nowMs, pack)
      : undefined;
  const markMs = gap?.fromMs ?? (isNewState ? nowMs : undefined);
  return {
    patch: {
      ...rowAfter(row, after, facility),
      recordedAtMs: nowMs,
      ...(markMs !== undefined && { judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, markMs) }),
    },
    ...(gap && { gap }),
  };
};

/**
 * From short to gaps and back it was never held in between: the stretch goes on, and not to know how far back it reaches
 * does not end it. Hours that nobody spoke of do: whatever was spoken of is there.
 */
const foldOf = (
  camera: string,
  finding: RetentionFinding,
  before: RetentionFold | undefined,
  dueAtMs: number,
  nowMs: number,
): RetentionFold => {
  const wasBreach = before?.state === 'short' || before?.state === 'gaps';
  const { depthDays, missingMs, unsaid } = finding;
  const state = finding.state === 'unknown' && !unsaid && wasBreach ? before.state : finding.state;
  const isBreach = state === 'short' || state === 'gaps';
  const sinceMs = before !== undefined && (before.state === state || (wasBreach && isBreach)) ? before.sinceMs : nowMs;
  return { camera, state, sinceMs, depthDays, missingMs, dueAtMs, ...(unsaid && { unsaid }) };
};

const gapOf = (row: FacilityVitals, before: RetentionFold, nowMs: number, pack: RulePack): Gap => ({
  facilityId: row.facilityId,
  rule: 'retention-held',
  subject: `camera/${before.camera}`,
  reason: before.state === 'short' ? 'recorder-keeps-less' : 'time-missing',
  fromMs: before.sinceMs,
  toMs: nowMs,
  breachedAtMs: before.sinceMs + pack.rules['retention-held'].breachAfterMs.value,
});

/** Cameras that the facility no longer has would fill the row for ever. */
const rowAfter = (
  row: FacilityVitals,
  after: RetentionFold,
  facility: Facility,
): Pick<FacilityVitals, 'retention' | 'retentionOverflow' | 'retentionHeld'> => {
  const exists = (camera: string): boolean => facility.cameras.some((one) => one.id === camera);
  const others = row.retention.filter((fold) => fold.camera !== after.camera && exists(fold.camera));
  const { [after.camera]: _moved, ...held } = row.retentionHeld ?? {};
  const findings = after.state === 'held' ? others : [...others, after];
  const oldestFirst = findings.sort((a, b) => a.sinceMs - b.sinceMs);
  return {
    retention: oldestFirst.slice(0, LONGEST_RETENTION_FOLD),
    retentionOverflow:
      oldestFirst.length > LONGEST_RETENTION_FOLD ||
      (row.retentionOverflow && oldestFirst.length >= LONGEST_RETENTION_FOLD),
    retentionHeld: Object.fromEntries(
      Object.entries({ ...held, ...(after.state === 'held' && { [after.camera]: after.dueAtMs }) }).filter(([id]) =>
        exists(id),
      ),
    ),
  };
};
