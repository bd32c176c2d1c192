import type { OperatingCalendar } from './facility.ts';
import { DAY_MS } from './time.ts';

/** A local wall clock: day `YYYY-MM-DD`, ISO weekday (1 = Monday), `HH:MM:SS`. */
export interface LocalTime {
  readonly day: string;
  readonly weekday: number;
  readonly time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) return known;
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

/** The wall clock of a zone at an instant. */
export const localTimeOf = (atMs: number, zone: string): LocalTime => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(new Date(atMs))
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  return { day, weekday: weekdayOf(day), time: `${parts.hour}:${parts.minute}:${parts.second}` };
};

/** ISO weekday of a local day, 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** The local day `count` days later. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

/** The instant at which the wall clock of a zone shows this day and `HH:MM`. */
export const instantOf = (day: string, time: string, zone: string): number => {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const shownAt = (atMs: number): number => {
    const local = localTimeOf(atMs, zone);
    return Date.parse(`${local.day}T${local.time}Z`);
  };
  const first = wanted - (shownAt(wanted) - wanted);
  // A second step settles instants beside a change of the zone's offset.
  return first - (shownAt(first) - wanted);
};

/** Does the facility take children on this local day? Its own exceptions override the weekly rule. */
export const isOperatingDay = (calendar: OperatingCalendar, day: string): boolean =>
  calendar.openOn.includes(day) || (calendar.weekdays.includes(weekdayOf(day)) && !calendar.closedOn.includes(day));

/** The longest search for a day that is open; a calendar without one within it never opens. */
const LONGEST_SEARCH_DAYS = 60;

export interface OpenHours {
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly isOpenOn: (day: string) => boolean;
}

/** `fromMs` if it is within the hours, else the next opening; absent if there is none within 60 days. */
export const nextOpen = (hours: OpenHours, fromMs: number): number | undefined => {
  const today = localTimeOf(fromMs, hours.zone).day;
  for (let ahead = 0; ahead <= LONGEST_SEARCH_DAYS; ahead += 1) {
    const day = addDays(today, ahead);
    if (!hours.isOpenOn(day)) continue;
    const opensMs = instantOf(day, hours.from, hours.zone);
    const closesMs = instantOf(day, hours.to, hours.zone);
    if (fromMs < closesMs) return Math.max(fromMs, opensMs);
  }
  return undefined;
};
