import type { DrillFacts } from '../incident.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import { type Edited, faultOf, trimmed } from './window-list.ts';
import type { DrillWindow, FacilityWindows } from './windows.ts';

/** What a drill is held for. Closed words: a reason in free words could name somebody. */
export const drillReasons = [
  'fire-drill',
  'earthquake-drill',
  'evacuation-drill',
  'intruder-drill',
  'missing-child-drill',
  'first-aid-drill',
  'food-poisoning-drill',
  'alarm-acceptance',
] as const;
export type DrillReason = (typeof drillReasons)[number];

/** Every alarm inside it could be taken for an exercise, so that it is short. */
export const LONGEST_DRILL_MS = 4 * HOUR_MS;
const DRILL_AHEAD_MS = 90 * DAY_MS;

/**
 * The drill that was going on at an instant, if one was announced before it: a window registered during an alarm, or
 * after it, makes no exercise of it. Of several the one that ends last.
 */
export const drillAt = (windows: FacilityWindows | undefined, atMs: number): DrillFacts | undefined => {
  const inside = (windows?.drills ?? [])
    .filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
    .filter(({ registeredAtMs, fromMs }) => registeredAtMs <= fromMs && registeredAtMs <= atMs)
    .sort((a, b) => b.toMs - a.toMs)[0];
  return inside && { window: inside.id, toMs: inside.toMs };
};

/** Announces a drill. One that is there under its id already stays as it is. */
export const registerDrill = (windows: FacilityWindows, drill: DrillWindow, nowMs: number): Edited => {
  if (windows.drills.some(({ id }) => id === drill.id)) return { windows };
  const fault = faultOf(drill, { longestMs: LONGEST_DRILL_MS, aheadMs: DRILL_AHEAD_MS }, nowMs);
  if (fault !== undefined) return { fault };
  const kept = trimmed(windows.drills, nowMs);
  return kept === undefined ? { fault: 'too-many' } : { windows: { ...windows, drills: [...kept, drill] } };
};
