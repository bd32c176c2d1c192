import type { History, HistoryCamera, Span } from './camera-histories.ts';

/**
 * Written to be read, and without a line of the code that it judges: one flag per instant, and a list of questions
 * asked of each. It takes any sorted list of instants: every minute of a week, or every edge and its neighbours.
 */

const DAY = 86_400_000;
const SETTLES_WITHIN = 2 * 3_600_000;
const excused = ['authority-order', 'erasure-request'];

const RECORDED = 1;
const IN_TIME = 2;
const REPORTED = 4;
const DELETED = 8;
const FORBIDDEN = 16;
const ORDERED = 32;
const BOUND = 64;
/** Reported, and it is known that it came in time. */
const REPORTED_IN_TIME = 128;
const REPORTED_UNDATED = 256;
/** Kept beyond the recorder's reach because of an order, as its box said. */
const PROTECTED = 512;

/** By instant: what became of it, and what is known of it. Small numbers, because there are many instants. */
export interface Judged {
  /** Index in `states`. */
  readonly states: Uint8Array;
  readonly isRecorded: (at: number) => boolean;
  readonly isReported: (at: number) => boolean;
  /** Index in `sources`, from where a report is known; absent = no report. */
  readonly sourceOf: (at: number) => number | undefined;
  /** Declared by the recorder's reach alone. */
  readonly isClaimed: (at: number) => boolean;
}

export const states = [
  'not-yet-due',
  'no-longer-due',
  'on-hold',
  'held',
  'held-late',
  'lost',
  'declared',
  'unknown',
] as const;
type State = (typeof states)[number];
export const sources = ['inTimeMs', 'undatedMs', 'lateMs', 'claimedMs', 'nobodyMs'] as const;

/** Index of the first instant that is not before `ms`. */
const firstFrom = (instants: readonly number[], ms: number): number => {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
};

const clipped = ([from, to]: Span, lowest: number, highest: number): Span => [
  Math.max(from, lowest),
  Math.min(to, highest),
];

interface Claim {
  readonly endMs: number;
  readonly oldestMs: number;
}

/** How far the recorder said that it reaches, as far as we had heard by then. */
const claimBy = (camera: HistoryCamera, untilMs: number): Claim | undefined => {
  let claim: Claim | undefined;
  for (const report of camera.reports) {
    if (report.receivedMs > untilMs || report.oldestMs === undefined || report.oldestMs > report.receivedMs) continue;
    const spans = [report.about, ...report.recorded].map((one) => clipped(one, camera.installedMs, report.receivedMs));
    const possible = spans.filter(([from, to]) => from < to);
    if (possible.length === 0) continue;
    const endMs = Math.max(...possible.map(([, to]) => to));
    const isNewer = claim === undefined || endMs > claim.endMs;
    const isLess = claim !== undefined && endMs === claim.endMs && report.oldestMs > claim.oldestMs;
    if (isNewer || isLess) claim = { endMs, oldestMs: report.oldestMs };
  }
  return claim;
};

export const judge = (history: History, camera: HistoryCamera, instants: readonly number[]): Judged => {
  const { nowMs } = history;
  const kept = history.retentionDays * DAY;
  const flags = new Uint16Array(instants.length);
  const paint = ([from, to]: Span, flag: number): void => {
    if (from >= to) return;
    const end = firstFrom(instants, to);
    for (let at = firstFrom(instants, from); at < end; at += 1) flags[at] = (flags[at] ?? 0) | flag;
  };

  let first = Number.POSITIVE_INFINITY;
  for (const report of camera.reports) {
    if (report.receivedMs > nowMs) continue;
    const spans = [report.about, ...report.recorded].map((one) => clipped(one, camera.installedMs, report.receivedMs));
    const possible = spans.filter(([from, to]) => from < to);
    if (possible.length === 0) continue;
    first = Math.min(first, ...possible.map(([from]) => from));
    const isDated = report.hourEndMs !== undefined;
    const isLate = isDated && report.receivedMs - (report.hourEndMs ?? 0) > SETTLES_WITHIN;
    for (const one of possible) {
      paint(one, REPORTED | (isDated ? (isLate ? 0 : REPORTED_IN_TIME) : REPORTED_UNDATED));
    }
    for (const one of report.recorded) {
      paint(clipped(one, camera.installedMs, report.receivedMs), RECORDED | (isLate ? 0 : IN_TIME));
    }
  }
  for (const deletion of camera.deletions) {
    if (deletion.receivedMs > nowMs) continue;
    const taken = clipped(deletion.span, Number.NEGATIVE_INFINITY, deletion.receivedMs);
    paint(taken, DELETED);
    if (!excused.includes(deletion.reason)) {
      paint(clipped(taken, deletion.receivedMs - kept, Number.POSITIVE_INFINITY), FORBIDDEN);
    }
    for (const hold of camera.holds) {
      if (hold.orderedMs > deletion.receivedMs || deletion.receivedMs >= hold.untilMs) continue;
      paint(clipped(taken, ...hold.span), FORBIDDEN);
    }
  }
  for (const hold of camera.holds) {
    if (hold.orderedMs > nowMs || nowMs >= hold.untilMs) continue;
    paint(hold.span, ORDERED);
    paint(clipped(hold.span, hold.orderedMs - kept, Number.POSITIVE_INFINITY), BOUND);
    const { confirmed } = hold;
    if (confirmed === undefined || confirmed.receivedMs > nowMs || confirmed.receivedMs < hold.orderedMs) continue;
    const reachMs = claimBy(camera, confirmed.receivedMs)?.oldestMs ?? Number.NEGATIVE_INFINITY;
    paint(clipped(confirmed.span, Math.max(hold.span[0], reachMs), hold.span[1]), PROTECTED);
  }

  const oldestMs = claimBy(camera, nowMs)?.oldestMs;
  const ends = [camera.retiredMs, history.closedMs, nowMs - SETTLES_WITHIN].filter((one) => one !== undefined);
  const endMs = Math.min(...ends);
  const stateAt = (ms: number, flag: number): State => {
    const is = (one: number): boolean => (flag & one) !== 0;
    if (ms < camera.installedMs || ms >= endMs) return 'not-yet-due';
    const isOld = ms < nowMs - kept;
    if (isOld && !is(ORDERED)) return 'no-longer-due';
    const isOverwritten = oldestMs !== undefined && ms < oldestMs && !is(PROTECTED);
    if (is(RECORDED) && !isOverwritten && !is(DELETED)) {
      if (isOld) return 'on-hold';
      return is(IN_TIME) ? 'held' : 'held-late';
    }
    if (is(FORBIDDEN)) return 'lost';
    if (is(REPORTED) && !is(RECORDED)) return 'lost';
    if (is(DELETED)) return 'declared';
    if (isOverwritten) return isOld && !is(BOUND) ? 'unknown' : 'lost';
    if (oldestMs !== undefined && ms >= oldestMs && ms < first && first !== Number.POSITIVE_INFINITY) return 'declared';
    return 'unknown';
  };
  const judged = new Uint8Array(instants.length);
  for (const [at, ms] of instants.entries()) judged[at] = states.indexOf(stateAt(ms, flags[at] ?? 0));
  const has = (at: number, flag: number): boolean => ((flags[at] ?? 0) & flag) !== 0;
  return {
    states: judged,
    isRecorded: (at) => has(at, RECORDED),
    isReported: (at) => has(at, REPORTED),
    sourceOf: (at) => {
      if (has(at, REPORTED_IN_TIME)) return 0;
      if (has(at, REPORTED_UNDATED)) return 1;
      return has(at, REPORTED) ? 2 : undefined;
    },
    isClaimed: (at) => {
      const ms = instants[at] ?? 0;
      return oldestMs !== undefined && first !== Number.POSITIVE_INFINITY && ms >= oldestMs && ms < first;
    },
  };
};

const formats = new Map<string, Intl.DateTimeFormat>();
const daysByMinute = new Map<string, Map<number, string>>();

/** The date on the wall, asked of the platform for each instant by itself. */
export const localDay = (ms: number, zone: string): string => {
  const known = daysByMinute.get(zone) ?? new Map<number, string>();
  daysByMinute.set(zone, known);
  const minute = Math.floor(ms / 60_000);
  const before = known.get(minute);
  if (before !== undefined) return before;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(zone, format);
  const day = format.format(ms);
  known.set(minute, day);
  return day;
};
