import { type NextDay, operatingDayFrom } from './calendar.ts';
import { addDays, civilDayOf, instantOf } from './civil-day.ts';
import { checksSinceMs } from './duty.ts';
import type { Facility } from './facility.ts';
import type { RulePack } from './rule-pack.ts';

/** What is owed next: of a day that is open by its deadline, of a day that is unknown from its midnight on. */
export interface Owed {
  readonly state: NextDay['state'];
  readonly atMs: number;
}

/** The first day after the last log that may owe one; absent = the calendar has none. */
export const owedFrom = (
  deadlineOf: (day: string) => number,
  loggedDay: string | undefined,
  facility: Facility,
  pack: RulePack,
): Owed | undefined => {
  const { calendar } = facility;
  const sinceMs = checksSinceMs(facility);
  const firstDay = civilDayOf(sinceMs, calendar.zone);
  const owedOn = (from: string): (Owed & { readonly day: string }) | undefined => {
    const next = operatingDayFrom(from, calendar, pack.workdays);
    if (next === undefined) return undefined;
    return {
      ...next,
      atMs: next.state === 'open' ? deadlineOf(next.day) : instantOf(next.day, '00:00', calendar.zone),
    };
  };
  const owed = owedOn(loggedDay !== undefined && loggedDay >= firstDay ? addDays(loggedDay, 1) : firstDay);
  // On the day on which the duty began, a deadline before that was owed by nobody.
  if (owed?.state !== 'open' || owed.atMs > sinceMs) return owed;
  return owedOn(addDays(owed.day, 1));
};
