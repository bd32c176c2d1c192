import { operatingDayFrom, operatingHours } from '../calendar.ts';
import { addDays, civilDayOf, instantOf } from '../civil-day.ts';
import { checksSinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

/** A grace that no operating day outlasts makes a rule that is never breached: so many days are tried. */
const MOST_DAYS = 8;

/**
 * Where the pack asks for it, a guard is on shift in operating hours. The shifts that were logged say until when one
 * was; the first operating time after it is uncovered, and a breach once it outlasts the grace within one day. It goes
 * on, through the night too, until a shift is logged: nobody has shown a guard since.
 */
export const judgeGuardPresent = (row: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'guard-present', subject: 'facility' } as const;
  if (pack.thresholds.guardsOnShift.value === 0) return { ...about, state: 'not-applicable', reason: 'not-asked-for' };
  const sinceMs = checksSinceMs(facility);
  const uncovered = uncoveredFrom(Math.max(row.guardUntilMs ?? sinceMs, sinceMs), facility, pack);
  if (uncovered === undefined) return { ...about, state: 'not-applicable', reason: 'no-operating-day' };
  const { atMs, isKnown } = uncovered;
  if (nowMs < atMs) {
    const reason = row.guardUntilMs !== undefined && nowMs < row.guardUntilMs ? 'on-shift' : 'not-yet-due';
    return { ...about, state: 'met', reason, dueAtMs: atMs };
  }
  return isKnown
    ? { ...about, state: 'breached', reason: 'no-guard-on-shift', sinceMs: atMs }
    : { ...about, state: 'unknown', reason: 'calendar-unknown', sinceMs: atMs };
};

/** When operating time without a guard has lasted for the grace, or when a day begins of which nobody knows. */
const uncoveredFrom = (
  guardUntilMs: number,
  { calendar }: Facility,
  pack: RulePack,
): { readonly atMs: number; readonly isKnown: boolean } | undefined => {
  const graceMs = pack.rules['guard-present'].breachAfterMs.value;
  let from = civilDayOf(guardUntilMs, calendar.zone);
  for (let n = 0; n < MOST_DAYS; n += 1) {
    const next = operatingDayFrom(from, calendar, pack.workdays);
    if (next === undefined) return undefined;
    if (next.state === 'unknown') {
      return { atMs: Math.max(guardUntilMs, instantOf(next.day, '00:00', calendar.zone)), isKnown: false };
    }
    const { fromMs, toMs } = operatingHours(next.day, calendar);
    const atMs = Math.max(fromMs, guardUntilMs) + graceMs;
    if (atMs < toMs) return { atMs, isKnown: true };
    from = addDays(next.day, 1);
  }
  return undefined;
};
