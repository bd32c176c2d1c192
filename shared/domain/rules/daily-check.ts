import { operatingDayFrom } from '../calendar.ts';
import { addDays, civilDayOf, instantOf } from '../civil-day.ts';
import { checksSinceMs } from '../duty.ts';
import type { ChildClass, Facility } from '../facility.ts';
import type { CheckSession } from '../reports.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { CheckFold } from '../vitals.ts';

const ruleOf = { morning: 'morning-check', noon: 'noon-check' } as const;

/** The time by which a session's check is due: the facility's own, else the pack's. */
export const checkBy = (session: CheckSession, facility: Facility, pack: RulePack): string =>
  session === 'morning'
    ? (facility.calendar.morningCheckBy ?? pack.thresholds.morningCheckBy.value)
    : (facility.calendar.noonCheckBy ?? pack.thresholds.noonCheckBy.value);

/**
 * Each class is checked on each operating day, and the check is logged by its deadline. The first operating day after
 * the last logged check is the one that is owed; past its deadline it is a breach, dated at that deadline, until a
 * check arrives. A class without children owes none.
 */
export const judgeDailyCheck = (
  session: CheckSession,
  childClass: ChildClass,
  fold: CheckFold | undefined,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: ruleOf[session], subject: `class/${childClass.id}` } as const;
  if (childClass.children === 0) return { ...about, state: 'not-applicable', reason: 'no-children' };
  const deadlineMs = owedAtMs(session, fold?.[session]?.day, facility, pack);
  if (deadlineMs === undefined) return { ...about, state: 'not-applicable', reason: 'no-operating-day' };
  const breachAtMs = deadlineMs + pack.rules[about.rule].breachAfterMs.value;
  if (nowMs >= breachAtMs) return { ...about, state: 'breached', reason: 'no-check-logged', sinceMs: breachAtMs };
  return { ...about, state: 'met', reason: fold?.[session] ? 'checked' : 'not-yet-due', dueAtMs: breachAtMs };
};

/** Deadline of the first operating day that is owed; absent = the calendar has none. */
const owedAtMs = (
  session: CheckSession,
  loggedDay: string | undefined,
  facility: Facility,
  pack: RulePack,
): number | undefined => {
  const { calendar } = facility;
  const by = checkBy(session, facility, pack);
  const sinceMs = checksSinceMs(facility);
  const firstDay = civilDayOf(sinceMs, calendar.zone);
  const from = loggedDay !== undefined && loggedDay >= firstDay ? addDays(loggedDay, 1) : firstDay;
  const day = operatingDayFrom(from, calendar);
  if (day === undefined) return undefined;
  const deadlineMs = instantOf(day, by, calendar.zone);
  if (deadlineMs > sinceMs) return deadlineMs;
  const next = operatingDayFrom(addDays(day, 1), calendar);
  return next === undefined ? undefined : instantOf(next, by, calendar.zone);
};
