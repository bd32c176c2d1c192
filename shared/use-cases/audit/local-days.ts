import { addDays, civilDayOf, daysBetween } from '../../domain/civil-day.ts';
import type { Facility } from '../../domain/facility.ts';
import { queryInvalid } from './as-of.ts';

export interface DayLimits {
  /** So many days where none is named. */
  readonly usual: number;
  readonly most: number;
}

/** The asked local days of the facility, both included; the future is not known. */
export const localDays = (
  { from, to }: { readonly from?: string; readonly to?: string },
  { calendar: { zone } }: Facility,
  nowMs: number,
  { usual, most }: DayLimits,
): readonly [fromDay: string, toDay: string] => {
  const today = civilDayOf(nowMs, zone);
  const toDay = to ?? today;
  const fromDay = from ?? addDays(toDay, 1 - usual);
  if (toDay > today) throw queryInvalid('/to', 'must not be in the future');
  if (fromDay > toDay) throw queryInvalid('/from', 'must not be after `to`');
  if (daysBetween(fromDay, toDay) >= most) throw queryInvalid('/from', `must be less than ${most} days before \`to\``);
  return [fromDay, toDay];
};

/** Every day of a range, both ends included. */
export const eachDay = (fromDay: string, toDay: string): readonly string[] => {
  const days: string[] = [];
  for (let day = fromDay; day <= toDay; day = addDays(day, 1)) days.push(day);
  return days;
};
