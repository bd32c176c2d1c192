import { instantOf } from '../civil-day.ts';
import type { Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import { firstUnknownDay } from '../workdays.ts';

/**
 * A facility that follows the national calendar needs that of the coming year before the year begins. What is missing
 * is found so long before, and is the same breach once the year is there: it is dated at the day of the warning.
 */
export const judgeCalendarKnown = (facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'calendar-known', subject: 'facility' } as const;
  const { zone, follows } = facility.calendar;
  if (follows !== 'national') return { ...about, state: 'not-applicable', reason: 'own-calendar' };
  const endsAtMs = instantOf(firstUnknownDay(pack.workdays), '00:00', zone);
  const sinceMs =
    endsAtMs - pack.thresholds.calendarKnownAheadMs.value + pack.rules['calendar-known'].breachAfterMs.value;
  if (nowMs < sinceMs) return { ...about, state: 'met', reason: 'known', dueAtMs: sinceMs };
  return nowMs < endsAtMs
    ? { ...about, state: 'breached', reason: 'year-unknown-soon', sinceMs, dueAtMs: endsAtMs }
    : { ...about, state: 'breached', reason: 'year-unknown', sinceMs };
};
