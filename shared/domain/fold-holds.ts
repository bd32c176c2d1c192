import { deletionsIn, holdsConfirmedIn, isInEffect } from './camera-facts.ts';
import type { Camera, Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import type { ConfirmedHold } from './heard.ts';
import type { HeldDayFacts } from './held-day.ts';
import { intersect, subtract } from './interval.ts';
import { holdEndMs, type OrderedHold, orderedHolds } from './legal-holds.ts';
import { takenBy } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import { judgeHoldConfirmed } from './rules/hold-confirmed.ts';
import type { Interval } from './time.ts';
import type { FacilityVitals } from './vitals.ts';

type HoldsConfirmed = NonNullable<FacilityVitals['holdsConfirmed']>;
type HoldsBroken = NonNullable<FacilityVitals['holdsBroken']>;

/** What confirmations change in the facility row: first put the gaps, then patch the row. */
export interface HoldsChange {
  readonly patch: {
    readonly holdsConfirmed: HoldsConfirmed;
    readonly holdsBroken?: HoldsBroken;
    readonly judgeFromMs: number;
  };
  /** The breaches that they ended. */
  readonly gaps: readonly Gap[];
}

/**
 * Folds which open orders about a camera its box has confirmed, when it had said so of the whole, and of whose film it
 * said that it deleted some; absent = nothing new. What was said is never taken back.
 */
export const foldHolds = (
  row: FacilityVitals,
  camera: Camera,
  days: readonly HeldDayFacts[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): HoldsChange | undefined => {
  const before = row.holdsConfirmed ?? {};
  const heard = holdsConfirmedIn(days);
  const holds = orderedHolds(facility).filter((hold) => nowMs < holdEndMs(hold));
  const found = holds
    .filter((hold) => hold.camera === camera.id && before[hold.id] === undefined)
    .flatMap((hold) => {
      const atMs = confirmedAtMs(hold, camera, heard);
      return atMs === undefined ? [] : [{ hold, atMs }];
    });
  const stay = Object.entries(before).filter(([id]) => holds.some((hold) => hold.id === id));
  const holdsBroken = brokenAfter(row, camera, days, holds);
  const isNew = found.length > 0 || stay.length < Object.keys(before).length;
  if (!isNew && holdsBroken === undefined) return undefined;
  const after = Object.fromEntries([...stay, ...found.map(({ hold, atMs }) => [hold.id, atMs] as const)]);
  const gaps = found.flatMap(({ hold, atMs }) => gapOf(row, hold, pack, atMs));
  const judgeFromMs = Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, nowMs, ...gaps.map(({ fromMs }) => fromMs));
  return { patch: { holdsConfirmed: after, ...(holdsBroken && { holdsBroken }), judgeFromMs }, gaps };
};

/** Absent = as before. */
const brokenAfter = (
  { holdsBroken: before = {} }: FacilityVitals,
  camera: Camera,
  days: readonly HeldDayFacts[],
  open: readonly OrderedHold[],
): HoldsBroken | undefined => {
  const stay = Object.entries(before).filter(([id]) => open.some((hold) => hold.id === id));
  const found = open
    .filter((hold) => hold.camera === camera.id && before[hold.id] === undefined)
    .flatMap((hold) => {
      const atMs = brokenAtMs(hold, camera, days);
      return atMs === undefined ? [] : [[hold.id, atMs] as const];
    });
  const isSame = found.length === 0 && stay.length === Object.keys(before).length;
  return isSame ? undefined : Object.fromEntries([...stay, ...found]);
};

/** When the box first said that it had deleted film which the order held by then; no reason excuses that. */
const brokenAtMs = (hold: OrderedHold, camera: Camera, days: readonly HeldDayFacts[]): number | undefined => {
  const order = { ...hold, fromMs: Math.max(hold.fromMs, camera.installedAtMs), untilMs: holdEndMs(hold) };
  const heard = deletionsIn(days)
    .filter((one) => isInEffect(order, one.receivedAtMs) && intersect(takenBy(one), [order]).length > 0)
    .map(({ receivedAtMs }) => receivedAtMs);
  return heard.length === 0 ? undefined : Math.min(...heard);
};

/**
 * When the box had said of all that the order is about that it keeps it; before the camera's installation there is
 * nothing to keep. What a box said before it was ordered is about no order.
 */
export const confirmedAtMs = (
  hold: OrderedHold,
  camera: Camera,
  heard: readonly ConfirmedHold[],
): number | undefined => {
  const said = heard
    .filter((one) => one.hold === hold.id && one.receivedAtMs >= hold.orderedAtMs)
    .toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
  let left: readonly Interval[] = [{ fromMs: Math.max(hold.fromMs, camera.installedAtMs), toMs: hold.toMs }];
  for (const one of said) {
    left = subtract(left, [one]);
    if (left.length === 0) return one.receivedAtMs;
  }
  return undefined;
};

const gapOf = (row: FacilityVitals, hold: OrderedHold, pack: RulePack, atMs: number): readonly Gap[] => {
  const was = judgeHoldConfirmed(hold, row, pack, atMs);
  // That film was deleted is no breach that a confirmation ends.
  if (was.state !== 'breached' || was.reason !== 'hold-not-confirmed' || was.sinceMs >= atMs) return [];
  const { rule, subject, reason, sinceMs } = was;
  return [{ facilityId: row.facilityId, rule, subject, reason, fromMs: sinceMs, toMs: atMs, breachedAtMs: sinceMs }];
};
