import { addDays, civilDayOf, instantOf, weekdayOf } from './civil-day.ts';
import type { OperatingCalendar } from './facility.ts';
import type { Interval } from './time.ts';

/** A calendar that is closed for longer than this has no next operating day. */
const LONGEST_CLOSURE_DAYS = 400;

/** Does the facility take children on this local day? A day that it names itself beats the weekly rule. */
export const isOperatingDay = (day: string, calendar: OperatingCalendar): boolean => {
  if (calendar.openOn.includes(day)) return true;
  if (calendar.closedOn.includes(day)) return false;
  return calendar.weekdays.includes(weekdayOf(day));
};

/** The first operating day from `day` on, that day included; absent = none within 400 days. */
export const operatingDayFrom = (day: string, calendar: OperatingCalendar): string | undefined => {
  for (let n = 0; n <= LONGEST_CLOSURE_DAYS; n += 1) {
    const next = addDays(day, n);
    if (isOperatingDay(next, calendar)) return next;
  }
  return undefined;
};

/** Opening hours of one operating day. */
export const operatingHours = (day: string, calendar: OperatingCalendar): Interval => ({
  fromMs: instantOf(day, calendar.opensAt, calendar.zone),
  toMs: instantOf(day, calendar.closesAt, calendar.zone),
});

/** Does it take children at this instant? */
export const isOpenAt = (ms: number, calendar: OperatingCalendar): boolean => {
  const day = civilDayOf(ms, calendar.zone);
  const hours = operatingHours(day, calendar);
  return isOperatingDay(day, calendar) && ms >= hours.fromMs && ms < hours.toMs;
};

/** The instant itself if it is open then, else its next opening; absent = none within 400 days. */
export const nextOpenAt = (ms: number, calendar: OperatingCalendar): number | undefined => {
  if (isOpenAt(ms, calendar)) return ms;
  const today = civilDayOf(ms, calendar.zone);
  const todayIsOver = operatingHours(today, calendar).fromMs <= ms;
  const day = operatingDayFrom(todayIsOver ? addDays(today, 1) : today, calendar);
  return day === undefined ? undefined : operatingHours(day, calendar).fromMs;
};
