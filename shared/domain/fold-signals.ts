import type { KeptCheck } from './checks.ts';
import type { Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import { foldSignals, type SignalsFold, subjectOf } from './health-signal.ts';
import type { RulePack } from './rule-pack.ts';
import type { FacilityVitals, SignalFold } from './vitals.ts';

/** What the kept checks change of the reached thresholds: first put the gaps, then patch the row. */
export interface SignalsChange extends SignalsFold {
  /** Thresholds that were reached and are no more, and of which no sweep has heard yet. */
  readonly gaps: readonly Gap[];
  readonly judgeFromMs: number;
}

/** Folds the kept checks into the row; absent = it says so already. */
export const changeSignals = (
  row: FacilityVitals,
  checks: readonly KeptCheck[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): SignalsChange | undefined => {
  const fold = foldSignals(checks, facility, pack, nowMs);
  const before = row.signals ?? [];
  const isSame = before.length === fold.signals.length && before.every((one, at) => isEqual(one, fold.signals[at]));
  if (isSame && (row.signalsOverflow ?? false) === fold.signalsOverflow) return undefined;
  const gaps = before
    .filter((one) => isUnsettled(one, row) && !goesOn(one, fold.signals))
    .flatMap((one) => gapOfSignal(one, row.facilityId, pack, nowMs));
  const news = fold.signals.filter((one) => !before.some((old) => isEqual(old, one)));
  return {
    ...fold,
    gaps,
    judgeFromMs: Math.min(
      row.judgeFromMs ?? nowMs,
      ...gaps.map(({ fromMs }) => fromMs),
      ...news.map(({ sinceMs }) => sinceMs),
    ),
  };
};

const isEqual = (a: SignalFold, b: SignalFold | undefined): boolean =>
  b !== undefined &&
  a.signal === b.signal &&
  a.class === b.class &&
  a.children === b.children &&
  a.sinceMs === b.sinceMs &&
  a.untilMs === b.untilMs &&
  a.late === b.late;

/** The sweep has not looked since it was folded. One that was settled has its incident, which ends with the verdict. */
const isUnsettled = ({ sinceMs }: SignalFold, { judgeFromMs }: FacilityVitals): boolean =>
  judgeFromMs !== undefined && judgeFromMs <= sinceMs;

/** The same breach, longer or shorter than was known. */
const goesOn = (old: SignalFold, signals: readonly SignalFold[]): boolean =>
  signals.some((one) => subjectOf(one) === subjectOf(old) && one.sinceMs < old.untilMs);

/** It ended with its window, or now, because a correction took a finding back. */
export const gapOfSignal = (old: SignalFold, facilityId: string, pack: RulePack, nowMs: number): readonly Gap[] => {
  const toMs = Math.min(old.untilMs, nowMs);
  if (toMs <= old.sinceMs) return [];
  return [
    {
      facilityId,
      rule: 'health-signal',
      subject: subjectOf(old),
      reason: 'threshold-reached',
      fromMs: old.sinceMs,
      toMs,
      breachedAtMs: old.sinceMs + pack.rules['health-signal'].breachAfterMs.value,
    },
  ];
};
