import { civilDayOf } from './civil-day.ts';
import type { Camera, Facility } from './facility.ts';
import { foldHolds } from './fold-holds.ts';
import { foldTooOld } from './fold-too-old.ts';
import type { HeldDayFacts } from './held-day.ts';
import { subtract, union } from './interval.ts';
import { openHolds } from './legal-holds.ts';
import { type daysToRead, isRefreshDue, oldestRetrievable, requiredInterval, SETTLE_MS } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import { HOUR_MS } from './time.ts';
import type { FacilityVitals } from './vitals.ts';

/*
 * A camera that was found held is held still where nothing can have got worse since, and a few days tell that. Missing
 * time within the tolerance then was within it; what was required then and is no longer only makes it less. New in it
 * is what was settled since, and the hour that was just reported: if both are whole, nothing is deleted, the hour
 * leaves none beside it that nobody spoke of, and the recorder reaches back before all that is required, then nothing
 * is missing that was not. So a held camera need not have all its days read for each hour. Whatever is not plainly so,
 * all days are read. An edit of the facility or another pack may change what is required: that is seen when the fold is
 * refreshed, as it is for a camera that reports nothing.
 */

/** More than any hour that reaches into what was not settled yet, and than clocks of ours differ. */
const EARLIER_MS = SETTLE_MS + 2 * HOUR_MS;

/**
 * Local days by which a camera that the row calls held can be seen to be so still, after a report about `hourMs`; absent =
 * nothing but all its days can tell.
 */
export const recentDays = (
  row: FacilityVitals,
  camera: Camera,
  hourMs: number,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): ReturnType<typeof daysToRead> | undefined => {
  const shownUntilMs = row.retentionHeld?.[camera.id];
  const { unknownAfterMs } = pack.rules['retention-held'];
  if (shownUntilMs === undefined) return undefined;
  if (isRefreshDue(shownUntilMs, nowMs + unknownAfterMs.value, pack)) return undefined;
  // What a box confirms may be told in parts, over many days.
  const isAwaited = openHolds(facility, nowMs).some(
    ({ id, camera: held }) => held === camera.id && row.holdsConfirmed?.[id] === undefined,
  );
  if (isAwaited) return undefined;
  const { zone } = facility.calendar;
  const fromDay = civilDayOf(shownUntilMs - unknownAfterMs.value - EARLIER_MS, zone);
  // An older hour may lie in what was deleted before it was reported.
  return civilDayOf(hourMs, zone) < fromDay ? undefined : { fromDay, toDay: civilDayOf(nowMs, zone) };
};

/** Whether those days show that all folds of the camera would stay as they are; false = all its days must tell. */
export const isStillHeld = (
  row: FacilityVitals,
  camera: Camera,
  recent: readonly HeldDayFacts[],
  hourMs: number,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): boolean => {
  const oldestMs = oldestRetrievable(recent, nowMs);
  const reported = union(recent.flatMap((day) => [...day.recorded, ...(day.reported ?? [])]));
  const joinsOthers = reported.some(({ fromMs, toMs }) => fromMs < hourMs && hourMs <= toMs);
  const isWhole = subtract(reported, union(recent.flatMap((day) => day.recorded))).length === 0;
  return (
    oldestMs !== undefined &&
    oldestMs <= requiredInterval(camera, facility, pack, nowMs).fromMs &&
    joinsOthers &&
    isWhole &&
    recent.every(({ deletions = [] }) => deletions.length === 0) &&
    foldTooOld(row, camera, recent, facility, pack, nowMs) === undefined &&
    foldHolds(row, camera, recent, facility, pack, nowMs) === undefined
  );
};
