import { addDays, civilDayOf, instantOf, weekdayOf } from '../civil-day.ts';
import type { Interval } from '../time.ts';
import type { Shift } from './roster.ts';

/** `to` at or before `from` is on the next day: 22:00 to 06:00, and 00:00 to 00:00 as the whole day. */
const passesMidnight = ({ from, to }: Pick<Shift, 'from' | 'to'>): boolean => to <= from;

const beginningOn = (day: string, shift: Shift, zone: string): Interval => ({
  fromMs: instantOf(day, shift.from, zone),
  toMs: instantOf(passesMidnight(shift) ? addDays(day, 1) : day, shift.to, zone),
});

/** The shift, as the half-open interval that holds the instant; absent = it is not running then. */
export const shiftAround = (shift: Shift, zone: string, ms: number): Interval | undefined => {
  const today = civilDayOf(ms, zone);
  // It began today, or yesterday and has passed midnight.
  return [addDays(today, -1), today]
    .filter((day) => shift.weekdays.includes(weekdayOf(day)))
    .map((day) => beginningOn(day, shift, zone))
    .find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
};

const WEEK_MINUTES = 7 * 24 * 60;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** True if the shifts together leave no minute of an ordinary week out. */
export const coverWeek = (shifts: readonly Shift[]): boolean => {
  const covered = new Uint8Array(WEEK_MINUTES);
  for (const shift of shifts) {
    const from = minutesOf(shift.from);
    const to = minutesOf(shift.to) + (passesMidnight(shift) ? 24 * 60 : 0);
    for (const weekday of shift.weekdays) {
      for (let at = from; at < to; at += 1) covered[((weekday - 1) * 24 * 60 + at) % WEEK_MINUTES] = 1;
    }
  }
  return covered.every((minute) => minute === 1);
};
