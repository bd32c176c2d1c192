import { operatingHours } from '../calendar.ts';
import { checksSinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import { owedFrom } from '../owed-day.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

const about = { rule: 'closing', subject: 'facility' } as const;

/**
 * On each operating day somebody counts that every child that came in went out, and logs it soon after closing time. A
 * count that differs is a breach at once, without any grace, until a later count shows that it does not; a day without a
 * count is one from its deadline on.
 */
export const judgeClosing = (row: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  if (facility.classes.every((one) => one.children === 0)) {
    return { ...about, state: 'not-applicable', reason: 'no-children' };
  }
  return childrenInside(row, facility, nowMs) ?? judgeLogged(row, facility, pack, nowMs);
};

/** A count of before the duty began is nobody's breach. */
const childrenInside = ({ closing }: FacilityVitals, facility: Facility, nowMs: number): Verdict | undefined =>
  closing !== undefined &&
  closing.childrenIn !== closing.childrenOut &&
  closing.atMs >= checksSinceMs(facility) &&
  closing.atMs <= nowMs
    ? { ...about, state: 'breached', reason: 'children-in-not-out', sinceMs: closing.atMs }
    : undefined;

const judgeLogged = ({ closing }: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const deadlineOf = (day: string): number =>
    operatingHours(day, facility.calendar).toMs + pack.thresholds.closingWithinMs.value;
  const owed = owedFrom(deadlineOf, closing?.day, facility, pack);
  if (owed === undefined) return { ...about, state: 'not-applicable', reason: 'no-operating-day' };
  const isKnown = owed.state === 'open';
  const turnsAtMs = isKnown ? owed.atMs + pack.rules.closing.breachAfterMs.value : owed.atMs;
  if (nowMs < turnsAtMs) {
    return { ...about, state: 'met', reason: closing ? 'logged' : 'not-yet-due', dueAtMs: turnsAtMs };
  }
  return isKnown
    ? { ...about, state: 'breached', reason: 'not-logged', sinceMs: turnsAtMs }
    : { ...about, state: 'unknown', reason: 'calendar-unknown', sinceMs: turnsAtMs };
};
