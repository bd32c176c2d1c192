import { addDays, civilDayOf, instantOf, weekdayOf } from './civil-day.ts';
import type { OperatingCalendar } from './facility.ts';
import type { Interval } from './time.ts';
import { nationalDayOf, type WorkdayTable } from './workdays.ts';

/** A calendar that is closed for longer than this has no next operating day. */
const LONGEST_CLOSURE_DAYS = 400;

/** `unknown`: the calendar follows the national one, which says nothing about that year yet. Never taken for `open`. */
export type DayState = 'open' | 'closed' | 'unknown';

/**
 * Does the facility take children on this local day? A day that it names itself beats the national calendar (where it
 * follows that), and the national calendar beats the weekly rule.
 */
export const dayStateOf = (day: string, calendar: OperatingCalendar, workdays: WorkdayTable): DayState => {
  if (calendar.openOn.includes(day)) return 'open';
  if (calendar.closedOn.includes(day)) return 'closed';
  switch (calendar.follows === 'national' ? nationalDayOf(day, workdays) : 'ordinary') {
    case 'unknown':
      return 'unknown';
    case 'off':
      return 'closed';
    case 'work':
      return 'open';
    case 'ordinary':
      return byWeek(day, calendar);
  }
};

const byWeek = (day: string, calendar: OperatingCalendar): DayState =>
  calendar.weekdays.includes(weekdayOf(day)) ? 'open' : 'closed';

/** A day that is not closed. */
export interface NextDay {
  readonly day: string;
  readonly state: Exclude<DayState, 'closed'>;
}

/** The first day from `day` on, that day included, that is open or unknown; absent = none within 400 days. */
export const operatingDayFrom = (
  day: string,
  calendar: OperatingCalendar,
  workdays: WorkdayTable,
): NextDay | undefined => {
  for (let n = 0; n <= LONGEST_CLOSURE_DAYS; n += 1) {
    const next = addDays(day, n);
    const state = dayStateOf(next, calendar, workdays);
    if (state !== 'closed') return { day: next, state };
  }
  return undefined;
};

/** Opening hours of one operating day. */
export const operatingHours = (day: string, calendar: OperatingCalendar): Interval => ({
  fromMs: instantOf(day, calendar.opensAt, calendar.zone),
  toMs: instantOf(day, calendar.closesAt, calendar.zone),
});

/** Is it within opening hours? For rules: of a day that is unknown the hours are unknown too, from midnight to midnight. */
export const openStateAt = (ms: number, calendar: OperatingCalendar, workdays: WorkdayTable): DayState => {
  const day = civilDayOf(ms, calendar.zone);
  const state = dayStateOf(day, calendar, workdays);
  return state === 'open' && !isWithinHours(ms, day, calendar) ? 'closed' : state;
};

const isWithinHours = (ms: number, day: string, calendar: OperatingCalendar): boolean => {
  const { fromMs, toMs } = operatingHours(day, calendar);
  return ms >= fromMs && ms < toMs;
};

/**
 * For telling people, a day that the national calendar does not know yet is taken by its weekday: not knowing may
 * neither hold a notice back nor ring on more days than usual. No duty is ever judged by this.
 */
const isTellingDay = (day: string, calendar: OperatingCalendar, workdays: WorkdayTable): boolean => {
  const state = dayStateOf(day, calendar, workdays);
  return (state === 'unknown' ? byWeek(day, calendar) : state) === 'open';
};

/** When people may next be told: the instant itself if it is open then, else its next opening; absent = none within 400 days. */
export const nextOpenAt = (ms: number, calendar: OperatingCalendar, workdays: WorkdayTable): number | undefined => {
  const today = civilDayOf(ms, calendar.zone);
  if (isTellingDay(today, calendar, workdays) && isWithinHours(ms, today, calendar)) return ms;
  const from = operatingHours(today, calendar).fromMs <= ms ? 1 : 0;
  for (let n = from; n <= LONGEST_CLOSURE_DAYS; n += 1) {
    const day = addDays(today, n);
    if (isTellingDay(day, calendar, workdays)) return operatingHours(day, calendar).fromMs;
  }
  return undefined;
};
