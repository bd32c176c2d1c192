import { instantOf } from '../civil-day.ts';
import type { ChildClass, Facility } from '../facility.ts';
import { owedFrom } from '../owed-day.ts';
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
 * check arrives. Whether a day of a year that the calendar does not know owes one is unknown. A class without children
 * owes none.
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
  const by = checkBy(session, facility, pack);
  const deadlineOf = (day: string): number => instantOf(day, by, facility.calendar.zone);
  const owed = owedFrom(deadlineOf, fold?.[session]?.day, facility, pack);
  if (owed === undefined) return { ...about, state: 'not-applicable', reason: 'no-operating-day' };
  const known = owed.state === 'open';
  const turnsAtMs = known ? owed.atMs + pack.rules[about.rule].breachAfterMs.value : owed.atMs;
  if (nowMs < turnsAtMs) {
    return { ...about, state: 'met', reason: fold?.[session] ? 'checked' : 'not-yet-due', dueAtMs: turnsAtMs };
  }
  return known
    ? { ...about, state: 'breached', reason: 'no-check-logged', sinceMs: turnsAtMs }
    : { ...about, state: 'unknown', reason: 'calendar-unknown', sinceMs: turnsAtMs };
};
