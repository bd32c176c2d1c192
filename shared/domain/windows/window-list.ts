import { DAY_MS, type Interval } from '../time.ts';
import { type FacilityWindows, MOST_WINDOWS, type PastWindows } from './windows.ts';

/** A window that is over can be looked up for so long: an alarm of a box that was offline may still come for it. */
export const WINDOW_KEPT_MS = 7 * DAY_MS;

/** Why a window is refused; the value is what is wrong with it. */
export type WindowFault = 'starts-in-the-past' | 'ends-before-it-starts' | 'too-long' | 'too-far-ahead' | 'too-many';

/** What an edit of the windows came to. */
export type Edited = { readonly windows: FacilityWindows } | { readonly fault: WindowFault };

type Listed = Interval & { readonly id: string };

/** Nothing registered yet. */
export const noWindows = (facilityId: string): FacilityWindows => ({ facilityId, drills: [], mutes: [], revision: 0 });

const isOver = (window: Interval, nowMs: number): boolean => window.toMs <= nowMs;

/**
 * Room for one more: what ended long ago is forgotten, and of what is over the oldest where the list is full. What is
 * going on or yet to come is never forgotten; absent = there is no room beside it.
 */
export const trimmed = <W extends Listed>(windows: readonly W[], nowMs: number): readonly W[] | undefined => {
  const recent = windows.filter((window) => window.toMs + WINDOW_KEPT_MS > nowMs);
  const newestFirst = recent.filter((one) => isOver(one, nowMs)).sort((a, b) => b.toMs - a.toMs);
  const room = MOST_WINDOWS - 1 - recent.filter((one) => !isOver(one, nowMs)).length;
  if (room < 0) return undefined;
  const kept = new Set(newestFirst.slice(0, room));
  return recent.filter((one) => !isOver(one, nowMs) || kept.has(one));
};

/** What an edit leaves out of the list. */
export const forgotten = (read: FacilityWindows, next: FacilityWindows): PastWindows => ({
  drills: read.drills.filter(({ id }) => !next.drills.some((one) => one.id === id)),
  mutes: read.mutes.filter(({ id }) => !next.mutes.some((one) => one.id === id)),
});

/** What is wrong with an interval that is asked for now; absent = nothing. */
export const faultOf = (
  { fromMs, toMs }: Interval,
  limits: { readonly longestMs: number; readonly aheadMs: number },
  nowMs: number,
): WindowFault | undefined => {
  if (fromMs < nowMs) return 'starts-in-the-past';
  if (toMs <= fromMs) return 'ends-before-it-starts';
  if (toMs - fromMs > limits.longestMs) return 'too-long';
  return fromMs - nowMs > limits.aheadMs ? 'too-far-ahead' : undefined;
};

/** Ends the window of this id now; one that has not begun never begins. It stays visible until it is trimmed. */
const ended = <W extends Listed>(windows: readonly W[], id: string, nowMs: number, endedBy: string): readonly W[] =>
  windows.map((one) =>
    one.id === id && !isOver(one, nowMs) ? { ...one, toMs: Math.max(one.fromMs, nowMs), endedBy } : one,
  );

/** Ends a drill or mute. A window that is over already, or unknown, changes nothing: the same windows. */
export const endWindow = (windows: FacilityWindows, id: string, nowMs: number, by: string): FacilityWindows => {
  const isGoing = [...windows.drills, ...windows.mutes].some((one) => one.id === id && !isOver(one, nowMs));
  return isGoing
    ? { ...windows, drills: ended(windows.drills, id, nowMs, by), mutes: ended(windows.mutes, id, nowMs, by) }
    : windows;
};
