import { nextOpenAt } from '../calendar.ts';
import { addDays, civilDayOf, instantOf } from '../civil-day.ts';
import type { Facility, OperatingCalendar } from '../facility.ts';
import type { RulePack, Urgency } from '../rule-pack.ts';
import type { WorkdayTable } from '../workdays.ts';

const DIGEST_AT = '09:00';

/** Hours by which telling waits: the facility's own, and the office's. */
export interface TellingHours {
  /** Absent when the registry does not know the facility: then nothing waits for its opening. */
  readonly calendar?: OperatingCalendar;
  readonly office: RulePack['workingHours'];
  readonly workdays: WorkdayTable;
}

/** The hours of a facility, if the registry knows it, under a pack. */
export const hoursOf = (facility: Facility | undefined, pack: RulePack): TellingHours => ({
  office: pack.workingHours,
  workdays: pack.workdays,
  ...(facility && { calendar: facility.calendar }),
});

/**
 * When something that may be told from `fromMs` on is told. Hours that never come (a calendar that is never open)
 * delay nothing: it is told at once rather than never.
 */
export const tellAtMs = (urgency: Urgency, fromMs: number, { calendar, office, workdays }: TellingHours): number => {
  switch (urgency) {
    case 'page':
      return fromMs;
    case 'page-in-operating-hours':
      return calendar === undefined ? fromMs : (nextOpenAt(fromMs, calendar, workdays) ?? fromMs);
    case 'working-hours':
      return nextOpenAt(fromMs, asCalendar(office), workdays) ?? fromMs;
    case 'daily-digest':
      return nextDigestMs(office.zone, fromMs);
  }
};

/** Offices keep the national calendar: closed on its holidays, open on its swapped workdays. */
const asCalendar = ({ zone, from, to, weekdays }: RulePack['workingHours']): OperatingCalendar => ({
  zone,
  weekdays,
  opensAt: from,
  closesAt: to,
  follows: 'national',
  closedOn: [],
  openOn: [],
});

const nextDigestMs = (zone: string, fromMs: number): number => {
  const today = civilDayOf(fromMs, zone);
  const todayMs = instantOf(today, DIGEST_AT, zone);
  return fromMs <= todayMs ? todayMs : instantOf(addDays(today, 1), DIGEST_AT, zone);
};
