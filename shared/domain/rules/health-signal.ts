import type { Facility } from '../facility.ts';
import { subjectOf, subjectsOf } from '../health-signal.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { FacilityVitals, SignalFold } from '../vitals.ts';

/**
 * A threshold of the pack is reached from the arrival of the finding with which it was, until its window has moved past.
 * It says "threshold reached" and no more: whether that is an outbreak is for people to judge. One verdict per threshold
 * and class.
 */
export const judgeHealthSignal = (
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly Verdict[] =>
  subjectsOf(facility, pack).map(({ signal, class: of }) => {
    const subject = subjectOf({ signal: signal.id, ...(of !== undefined && { class: of }) });
    const fold = row.signals?.find((one) => subjectOf(one) === subject && nowMs < one.untilMs);
    return fold === undefined ? judgeUnfolded(subject, row) : judgeReached(subject, fold, pack, nowMs);
  });

const judgeReached = (subject: string, { sinceMs, untilMs }: SignalFold, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'health-signal', subject } as const;
  const breachAtMs = sinceMs + pack.rules['health-signal'].breachAfterMs.value;
  return nowMs < breachAtMs
    ? { ...about, state: 'met', reason: 'within-grace', dueAtMs: breachAtMs }
    : { ...about, state: 'breached', reason: 'threshold-reached', sinceMs: breachAtMs, dueAtMs: untilMs };
};

/** The row holds no more than so many: whether one of the others is reached the records know, and the row does not. */
const judgeUnfolded = (subject: string, row: FacilityVitals): Verdict => {
  const about = { rule: 'health-signal', subject } as const;
  const latestMs = Math.max(...(row.signals ?? []).map(({ sinceMs }) => sinceMs));
  return row.signalsOverflow === true && Number.isFinite(latestMs)
    ? { ...about, state: 'unknown', reason: 'too-many-signals', sinceMs: latestMs }
    : { ...about, state: 'met', reason: 'below-threshold' };
};
