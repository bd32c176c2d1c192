import { addDays } from './civil-day.ts';

/** Days as a notice names them: one (`2026-05-09`), or the first and the last of a stretch (`2026-05-01/2026-05-05`). */
export type DaySpan = string;

/**
 * The State Council's holidays and swapped workdays, for the years whose notices are known. It says nothing about any
 * other year: such a day is unknown, and never taken for a workday.
 */
export interface WorkdayTable {
  /** First and last year that it knows, with all between them. */
  readonly fromYear: number;
  readonly toYear: number;
  readonly off: readonly DaySpan[];
  /** Weekend days that are worked for a holiday elsewhere in the week. */
  readonly work: readonly DaySpan[];
}

/** `ordinary`: the notice says nothing about it, its weekday decides. */
export type NationalDay = 'off' | 'work' | 'ordinary' | 'unknown';

export const nationalDayOf = (day: string, table: WorkdayTable): NationalDay => {
  const year = Number(day.slice(0, 4));
  if (year < table.fromYear || year > table.toYear) return 'unknown';
  if (table.off.some((span) => isWithinSpan(day, span))) return 'off';
  return table.work.some((span) => isWithinSpan(day, span)) ? 'work' : 'ordinary';
};

const isWithinSpan = (day: string, span: DaySpan): boolean => {
  const [first = '', last = first] = span.split('/');
  return day >= first && day <= last;
};

/** The first local day about which the table says nothing. */
export const firstUnknownDay = (table: WorkdayTable): string => `${table.toYear + 1}-01-01`;

/** A span longer than this is none: the longest holiday has nine days. */
const LONGEST_SPAN_DAYS = 31;

/** Every day of a span; none if it runs backwards. */
export const daysOfSpan = (span: DaySpan): readonly string[] => {
  const [first = '', last = first] = span.split('/');
  const days: string[] = [];
  for (let day = first; day <= last && days.length < LONGEST_SPAN_DAYS; day = addDays(day, 1)) days.push(day);
  return days;
};
