import type { Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import type { CheckReport } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { judgeDailyCheck } from './rules/daily-check.ts';
import type { CheckFold, FacilityVitals } from './vitals.ts';

/** What one logged check changes: first put the gap, then patch the row. */
export interface CheckChange {
  readonly checks: FacilityVitals['checks'];
  /** The check was missing past its deadline until now. */
  readonly gap?: Gap;
  readonly judgeFromMs: number;
}

/**
 * Folds a logged check into the facility row; absent = it says nothing new. A check for a day that has not come yet must
 * not be folded: the caller refuses it.
 */
export const foldCheck = (
  row: FacilityVitals,
  report: CheckReport,
  receivedMs: number,
  facility: Facility,
  pack: RulePack,
): CheckChange | undefined => {
  const childClass = facility.classes.find((one) => one.id === report.class);
  const before = row.checks[report.class];
  const kept = before?.[report.session];
  if (childClass === undefined || (kept !== undefined && kept.day >= report.day)) return undefined;
  const after: CheckFold = { ...before, [report.session]: { day: report.day, atMs: receivedMs } };
  const was = judgeDailyCheck(report.session, childClass, before, facility, pack, receivedMs);
  const is = judgeDailyCheck(report.session, childClass, after, facility, pack, receivedMs);
  const ended = was.state === 'breached' && (is.state !== 'breached' || is.sinceMs > was.sinceMs);
  const gap: Gap | undefined =
    ended && was.sinceMs < receivedMs
      ? {
          facilityId: row.facilityId,
          rule: was.rule,
          subject: was.subject,
          reason: was.reason,
          fromMs: was.sinceMs,
          toMs: receivedMs,
          breachedAtMs: was.sinceMs,
        }
      : undefined;
  return {
    checks: { ...onlyOf(row.checks, facility), [report.class]: after },
    ...(gap && { gap }),
    judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, gap?.fromMs ?? receivedMs),
  };
};

/** Classes that the facility no longer has would fill the row for ever. */
const onlyOf = (checks: FacilityVitals['checks'], facility: Facility): FacilityVitals['checks'] =>
  Object.fromEntries(Object.entries(checks).filter(([id]) => facility.classes.some((one) => one.id === id)));
