import { isInUse } from './camera-sight.ts';
import { addDays, civilDayInterval, civilDayOf } from './civil-day.ts';
import type { Box, Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import { intersect, subtract, total, union } from './interval.ts';
import type { Interval } from './time.ts';
import type { BoxVitals } from './vitals.ts';

/** A stretch in which monitoring was not shown to run; absent `toMs` = it still goes on. */
export interface Stretch {
  readonly subject: string;
  readonly reason: string;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly shownLate: number;
}

/** One local day of a facility. Shown, missing and unknown add up to what was required. */
export interface UptimeDay {
  readonly day: string;
  readonly requiredMs: number;
  readonly shownMs: number;
  readonly missingMs: number;
  readonly unknownMs: number;
  /** Late minutes of the gaps that began on this day: apart, since they were not shown in time. */
  readonly shownLate: number;
}

export interface Uptime {
  /** First beat of any box; absent = never connected. */
  readonly connectedAtMs?: number;
  readonly days: readonly UptimeDay[];
  readonly gaps: readonly Stretch[];
}

export interface UptimeFacts {
  readonly facility: Facility;
  readonly boxes: readonly Box[];
  readonly rows: readonly BoxVitals[];
  /** Ended gaps that overlap the asked days. */
  readonly gaps: readonly Gap[];
}

/** A box that does not know has not said no: that time is unknown. */
const isUnknown = (reason: string): boolean => reason === 'box-does-not-know';

/** What a row says is going on right now. */
const ongoing = (row: BoxVitals, nowMs: number): readonly Stretch[] => {
  const subject = `box/${row.box}`;
  const { beatAtMs, silentAtMs, monitoringSinceMs, monitoringDownAtMs } = row;
  const stretch = (reason: string, fromMs: number): Stretch => ({ subject, reason, fromMs, shownLate: 0 });
  return [
    ...(beatAtMs !== undefined && silentAtMs !== undefined && nowMs >= silentAtMs
      ? [stretch('no-beat', beatAtMs)]
      : []),
    ...(monitoringDownAtMs !== undefined ? [stretch('box-says-down', monitoringDownAtMs)] : []),
    ...(monitoringSinceMs !== undefined && monitoringDownAtMs !== monitoringSinceMs
      ? [
          {
            ...stretch('box-does-not-know', monitoringSinceMs),
            ...(monitoringDownAtMs && { toMs: monitoringDownAtMs }),
          },
        ]
      : []),
  ];
};

const ended = ({ subject, reason, fromMs, toMs, shownLate = 0 }: Gap): Stretch => ({
  subject,
  reason,
  fromMs,
  toMs,
  shownLate,
});

/** When a box first beat. A row from before that was kept has beaten at the latest when its first gap began. */
const connectedAt = (row: BoxVitals | undefined, gaps: readonly Gap[]): number | undefined => {
  if (row === undefined || row.beatAtMs === undefined) return undefined;
  const starts = gaps.filter(({ subject }) => subject === `box/${row.box}`).map(({ fromMs }) => fromMs);
  return row.connectedAtMs ?? Math.min(row.beatAtMs, ...starts);
};

/**
 * When a box was taken out of service: since its last key was revoked, and the last camera of it retired, it owes nothing.
 * Absent = it was not.
 */
const retiredAt = ({ id, keylessSinceMs }: Box, { cameras }: Facility, nowMs: number): number | undefined => {
  const own = cameras.filter((camera) => camera.box === id);
  if (keylessSinceMs === undefined || own.some((camera) => isInUse(camera, nowMs))) return undefined;
  return Math.max(keylessSinceMs, ...own.map(({ retiredAtMs = 0 }) => retiredAtMs));
};

type ByBox = ReadonlyMap<string, number | undefined>;

/** Until its first beat a box has shown nothing, and while no box is in service nothing is shown at all. */
const withoutBox = (
  { facility, boxes }: UptimeFacts,
  connected: ByBox,
  retired: ByBox,
  nowMs: number,
): readonly Interval[] => {
  const inService = boxes.flatMap(({ id }): Interval[] => {
    const fromMs = connected.get(id);
    return fromMs === undefined ? [] : [{ fromMs, toMs: retired.get(id) ?? nowMs }];
  });
  return [
    ...subtract([{ fromMs: facility.registeredAtMs, toMs: nowMs }], inService),
    ...boxes.map(({ id, enrolledAtMs }) => ({
      fromMs: enrolledAtMs,
      toMs: connected.get(id) ?? retired.get(id) ?? nowMs,
    })),
  ];
};

/** What went on when its box was taken out of service ended then. */
const endedBy = (stretch: Stretch, retiredAtMs: number | undefined): readonly Stretch[] => {
  if (retiredAtMs === undefined || (stretch.toMs ?? Number.POSITIVE_INFINITY) <= retiredAtMs) return [stretch];
  return stretch.fromMs < retiredAtMs ? [{ ...stretch, toMs: retiredAtMs }] : [];
};

/**
 * Uptime of the local days `[fromDay, toDay]`, against 24 hours a day from the registration until now (or the closing).
 * Gaps of all boxes are unioned before they are counted: the facility is monitored while every box of it that is in
 * service shows so.
 */
export const uptimeOf = (facts: UptimeFacts, fromDay: string, toDay: string, nowMs: number): Uptime => {
  const { facility, boxes, rows } = facts;
  const gaps = facts.gaps.filter(({ rule }) => rule === 'monitoring-running');
  const rowOf = (box: string): BoxVitals | undefined => rows.find((row) => row.box === box);
  const connected = new Map(boxes.map(({ id }) => [id, connectedAt(rowOf(id), gaps)]));
  const retired = new Map(boxes.map((box) => [box.id, retiredAt(box, facility, nowMs)]));
  const going = rows.flatMap((row) => ongoing(row, nowMs).flatMap((one) => endedBy(one, retired.get(row.box))));
  const stretches = [...gaps.map(ended), ...going];
  const asInterval = ({ fromMs, toMs }: Stretch): Interval => ({ fromMs, toMs: toMs ?? nowMs });
  const missing = union(stretches.filter(({ reason }) => !isUnknown(reason)).map(asInterval));
  const notKnown = stretches.filter(({ reason }) => isUnknown(reason)).map(asInterval);
  const unknown = subtract(union([...notKnown, ...withoutBox(facts, connected, retired, nowMs)]), missing);

  const endMs = facility.state.is === 'closed' ? Math.min(facility.state.sinceMs, nowMs) : nowMs;
  const required = { fromMs: facility.registeredAtMs, toMs: endMs };
  const { zone } = facility.calendar;
  const days: UptimeDay[] = [];
  for (let day = fromDay; day <= toDay; day = addDays(day, 1)) {
    const owed = intersect([required], [civilDayInterval(day, zone)]);
    const [requiredMs, missingMs, unknownMs] = [owed, intersect(owed, missing), intersect(owed, unknown)].map(total);
    days.push({
      day,
      requiredMs: requiredMs ?? 0,
      missingMs: missingMs ?? 0,
      unknownMs: unknownMs ?? 0,
      shownMs: (requiredMs ?? 0) - (missingMs ?? 0) - (unknownMs ?? 0),
      shownLate: lateOn(day, stretches, zone),
    });
  }
  const known = [...connected.values()].filter((atMs) => atMs !== undefined);
  const window = windowOf(fromDay, toDay, zone);
  return {
    ...(known.length > 0 && { connectedAtMs: Math.min(...known) }),
    days,
    gaps: stretches
      .filter((one) => intersect([asInterval(one)], [window]).length > 0)
      .sort((a, b) => a.fromMs - b.fromMs),
  };
};

const lateOn = (day: string, stretches: readonly Stretch[], zone: string): number =>
  stretches.reduce((sum, { fromMs, shownLate }) => sum + (civilDayOf(fromMs, zone) === day ? shownLate : 0), 0);

/** The instants of a range of local days, both included. */
export const windowOf = (fromDay: string, toDay: string, zone: string): Interval => ({
  fromMs: civilDayInterval(fromDay, zone).fromMs,
  toMs: civilDayInterval(toDay, zone).toMs,
});
