import { DAY_MS, type Interval, MINUTE_MS, SECOND_MS } from './time.ts';

/** A wall clock in some zone. */
export interface CivilTime {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`, 00:00 … 23:59. */
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, using one is not. There are fewer zones than would fill the memory. */
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
};

/** What the clock on the wall shows, as if it were UTC, to the second. */
const wallMs = (ms: number, zone: string): number => Math.floor(ms / SECOND_MS) * SECOND_MS + offsetOf(ms, zone);

/** Clocks are set at quarters of an hour, so that within one the offset is the same. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_OFFSETS = 4_096;
const offsets = new Map<string, number>();

/** Formatting takes longer than all else that a facility is judged by, and a sweep asks for the same few hours. */
const offsetOf = (ms: number, zone: string): number => {
  const quarter = Math.floor(ms / QUARTER_MS);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  const made = formattedMs(quarter * QUARTER_MS, zone) - quarter * QUARTER_MS;
  offsets.set(key, made);
  return made;
};

const formattedMs = (ms: number, zone: string): number => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const isoOf = (wall: number): string => new Date(wall).toISOString();

/** The local day and time of an instant. */
export const civilTimeOf = (ms: number, zone: string): CivilTime => {
  const iso = isoOf(wallMs(ms, zone));
  return { day: iso.slice(0, 10), time: iso.slice(11, 16) };
};

/** The local day `YYYY-MM-DD` of an instant. */
export const civilDayOf = (ms: number, zone: string): string => civilTimeOf(ms, zone).day;

const dayMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The day `n` days later (earlier if negative). */
export const addDays = (day: string, n: number): string => isoOf(dayMs(day) + n * DAY_MS).slice(0, 10);

/** Whole days from one day to another. */
export const daysBetween = (from: string, to: string): number => Math.round((dayMs(to) - dayMs(from)) / DAY_MS);

/** ISO weekday of a day: 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: string): number => new Date(dayMs(day)).getUTCDay() || 7;

/**
 * The instant at which a wall clock shows that day and time (`HH:MM`). A time that comes twice (the clocks go back) is
 * its first coming; one that never comes (they go forward) is moved on by the length of the jump.
 */
export const instantOf = (day: string, time: string, zone: string): number => {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const before = wallMs(wall - DAY_MS, zone) - (wall - DAY_MS);
  const after = wallMs(wall + DAY_MS, zone) - (wall + DAY_MS);
  const fitting = [wall - before, wall - after].filter((ms) => wallMs(ms, zone) === wall);
  return fitting.length === 0 ? wall - before : Math.min(...fitting);
};

/** A local day as an interval: 23 or 25 hours long where the clocks change. */
export const civilDayInterval = (day: string, zone: string): Interval => ({
  fromMs: instantOf(day, '00:00', zone),
  toMs: instantOf(addDays(day, 1), '00:00', zone),
});
