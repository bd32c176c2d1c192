import type { Camera, Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import type { HeldDayFacts } from './held-day.ts';
import { oldestRetrievable } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import { judgeRetentionExceeded } from './rules/retention-exceeded.ts';
import { DAY_MS } from './time.ts';
import { type FacilityVitals, LONGEST_TOO_OLD } from './vitals.ts';

type TooOld = NonNullable<FacilityVitals['tooOld']>;

/** What a claim changes in the facility row: first put the gap, then patch the row. */
export interface TooOldChange {
  readonly patch: { readonly tooOld: TooOld; readonly judgeFromMs: number };
  /** The breach that it ended. */
  readonly gap?: Gap;
}

/**
 * Folds how old the oldest footage of a camera is, where that lies beyond the ceiling; absent = nothing new. Only the day
 * is kept, so that a recorder that drops an hour each hour is not a write each hour. A legal hold is not looked at here:
 * the rule knows it.
 */
export const foldTooOld = (
  row: FacilityVitals,
  camera: Camera,
  days: readonly HeldDayFacts[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): TooOldChange | undefined => {
  const oldestMs = oldestRetrievable(days, nowMs);
  // A recorder that claims nothing takes nothing back either.
  if (oldestMs === undefined) return undefined;
  const isTooOld = nowMs - oldestMs > pack.thresholds.retentionCeilingDays.value * DAY_MS;
  const { [camera.id]: _moved, ...others } = row.tooOld ?? {};
  const tooOld = oldestOf({ ...others, ...(isTooOld && { [camera.id]: dayOf(oldestMs) }) }, facility);
  if (isSame(tooOld, row.tooOld ?? {})) return undefined;
  const gap = endedBy(row, { ...row, tooOld }, camera, facility, pack, nowMs);
  const markMs = Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, gap?.fromMs ?? nowMs);
  return { patch: { tooOld, judgeFromMs: markMs }, ...(gap && { gap }) };
};

const dayOf = (ms: number): number => ms - (ms % DAY_MS);

/** The oldest that the row holds, of cameras that the facility still has; which ones is told by no order of arrival. */
const oldestOf = (tooOld: TooOld, facility: Facility): TooOld =>
  Object.fromEntries(
    Object.entries(tooOld)
      .filter(([id]) => facility.cameras.some((one) => one.id === id))
      .sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))
      .slice(0, LONGEST_TOO_OLD),
  );

const isSame = (a: TooOld, b: TooOld): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([id, atMs]) => b[id] === atMs);

const endedBy = (
  before: FacilityVitals,
  after: FacilityVitals,
  camera: Camera,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Gap | undefined => {
  const was = judgeRetentionExceeded(camera, before, facility, pack, nowMs);
  const is = judgeRetentionExceeded(camera, after, facility, pack, nowMs);
  if (was.state !== 'breached' || is.state === 'breached' || was.sinceMs >= nowMs) return undefined;
  const { rule, subject, reason, sinceMs } = was;
  return { facilityId: before.facilityId, rule, subject, reason, fromMs: sinceMs, toMs: nowMs, breachedAtMs: sinceMs };
};
