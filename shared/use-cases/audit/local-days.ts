import { addDays, civilDayOf, daysBetween } from '../../domain/civil-day.ts';
import type { Facility } from '../../domain/facility.ts';
import { queryInvalid } from './as-of.ts';

export interface DayLimits {
  /** So many days where none is named. */
  readonly usual: number;
  readonly most: number;
}

interface AskedDays {
  readonly from?: string;
  readonly to?: string;
}

type DayRange = readonly [fromDay: string, toDay: string];

/** The asked local days of the facility, both included; the future is not known. */
export const localDays = (
  { from, to }: AskedDays,
  { calendar: { zone } }: Facility,
  nowMs: number,
  limits: DayLimits,
): DayRange => {
  const today = civilDayOf(nowMs, zone);
  if (to !== undefined && to > today) throw queryInvalid('/to', 'must not be in the future');
  return limitedTo(limits, from, to ?? today);
};

/** The asked days as of an instant, both included; unless named, they end with the last one that was over. */
export const daysAsOf = ({ from, to }: AskedDays, zone: string, atMs: number, limits: DayLimits): DayRange => {
  const today = civilDayOf(atMs, zone);
  if (to !== undefined && to > today) throw queryInvalid('/to', 'must not be after `asOf`');
  return limitedTo(limits, from, to ?? addDays(today, -1));
};

const limitedTo = ({ usual, most }: DayLimits, from: string | undefined, toDay: string): DayRange => {
  const fromDay = from ?? addDays(toDay, 1 - usual);
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
