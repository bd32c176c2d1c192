import type { KeptCheck } from './checks.ts';
import type { Camera, Facility } from './facility.ts';
import { foldCheck } from './fold-check.ts';
import { foldHolds } from './fold-holds.ts';
import { foldLog, type KeptLog } from './fold-log.ts';
import { changeSignals } from './fold-signals.ts';
import { foldTooOld } from './fold-too-old.ts';
import type { Gap } from './gap.ts';
import type { HeldDayFacts } from './held-day.ts';
import { daysToRead, findRetention, foldRetention, type RetentionChange } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import { DAY_MS } from './time.ts';
import type { FacilityVitals } from './vitals.ts';

/** A fold is missed by at most the reports of so long: one daily assessment that did not run may be made up by the next. */
export const MEND_BACK_MS = 3 * DAY_MS;

/** What the records say of the last reports, by which a facility's folds are recomputed. */
export interface FoldRecords {
  readonly checks: readonly KeptCheck[];
  /** Absent = not read, and what they say is left as it is. */
  readonly logs?: readonly KeptLog[];
  /** Every check that found or corrected something within the longest window of the pack; absent = not read. */
  readonly findings?: readonly KeptCheck[];
  readonly heldDays: readonly (HeldDayFacts & { readonly camera: string })[];
}

type Folds = Pick<
  FacilityVitals,
  | 'checks'
  | 'signals'
  | 'signalsOverflow'
  | 'doneAtMs'
  | 'testedAtMs'
  | 'guardUntilMs'
  | 'closing'
  | 'retention'
  | 'retentionOverflow'
  | 'retentionHeld'
  | 'recordedAtMs'
  | 'tooOld'
  | 'holdsConfirmed'
  | 'holdsBroken'
  | 'judgeFromMs'
>;

/** What a fold that was missed changes: first put the gaps, then patch the row. */
export interface MendedFolds {
  readonly gaps: readonly Gap[];
  readonly patch: Partial<Folds>;
}

interface Change {
  readonly patch: Partial<Folds>;
  readonly gap?: Gap;
  readonly gaps?: readonly Gap[];
}

type Fold = (row: FacilityVitals) => Change | undefined;

/**
 * Makes up every fold that a writer missed because it died after keeping its record; absent = the row says what the
 * records say. Each report is folded as of the instant at which it came, so that the row and its gaps become what they
 * would have been: time that passed since then shows nothing.
 *
 * @param backMs cameras that said nothing for so long are left as they are; `npm run recompute` leaves none
 */
export const mendFolds = (
  row: FacilityVitals,
  { checks, logs = [], findings, heldDays }: FoldRecords,
  facility: Facility,
  packAt: (atMs: number) => RulePack,
  nowMs: number,
  backMs = MEND_BACK_MS,
): MendedFolds | undefined => {
  const changes: Change[] = [];
  let mended = row;
  const apply = (fold: Fold): void => {
    const change = fold(mended);
    if (change === undefined) return;
    changes.push(change);
    mended = { ...mended, ...change.patch };
  };
  for (const { report, receivedMs } of [...checks].sort((a, b) => a.receivedMs - b.receivedMs)) {
    apply((before) => checkChange(before, report, receivedMs, facility, packAt(receivedMs)));
  }
  for (const kept of [...logs].sort((a, b) => a.receivedMs - b.receivedMs)) {
    apply((before) => foldLog(before, kept, facility, packAt(kept.receivedMs)));
  }
  if (findings !== undefined) apply((before) => signalsChange(before, findings, facility, packAt(nowMs), nowMs));
  for (const camera of facility.cameras) {
    const days = heldDays.filter((day) => day.camera === camera.id);
    apply((before) => retentionChange(before, camera, days, facility, packAt, nowMs - backMs));
    apply((before) => heldDaysChange(foldTooOld, before, camera, days, facility, packAt, nowMs - backMs));
    apply((before) => heldDaysChange(foldHolds, before, camera, days, facility, packAt, nowMs - backMs));
  }
  if (changes.length === 0) return undefined;
  return {
    gaps: changes.flatMap(({ gap, gaps = [] }) => (gap ? [gap, ...gaps] : gaps)),
    patch: Object.assign({}, ...changes.map(({ patch }) => patch)) as Partial<Folds>,
  };
};

const checkChange = (...args: Parameters<typeof foldCheck>): Change | undefined => {
  const change = foldCheck(...args);
  if (change === undefined) return undefined;
  const { gap, ...patch } = change;
  return { patch, ...(gap && { gap }) };
};

const signalsChange = (...args: Parameters<typeof changeSignals>): Change | undefined => {
  const change = changeSignals(...args);
  if (change === undefined) return undefined;
  const { gaps, ...patch } = change;
  return { patch, gaps };
};

/** Judged as of its last report: a finding stands until a report shows otherwise, however long none comes. */
const retentionChange = (
  row: FacilityVitals,
  camera: Camera,
  days: readonly HeldDayFacts[],
  facility: Facility,
  packAt: (atMs: number) => RulePack,
  sinceReportMs: number,
): Change | undefined => {
  const reportedAtMs = Math.max(0, ...days.map((day) => day.reportedAtMs));
  if (days.length === 0 || reportedAtMs < sinceReportMs) return undefined;
  const sinceMs = row.retention.find((fold) => fold.camera === camera.id)?.sinceMs ?? 0;
  // The row has heard of something later than what was kept last: a report that came again.
  if (sinceMs > reportedAtMs) return undefined;
  const pack = packAt(reportedAtMs);
  const { fromDay } = daysToRead(facility, pack, reportedAtMs);
  const counted = days.filter(({ day }) => day >= fromDay);
  const finding = findRetention(camera, counted, facility, pack, reportedAtMs);
  const change = foldRetention(row, camera.id, finding, facility, pack, reportedAtMs);
  return change && isInFold(row, change, camera.id) ? change : undefined;
};

/** As of its last report too: footage that is too old, and orders that its box confirmed or broke. */
const heldDaysChange = (
  fold: (...args: Parameters<typeof foldTooOld>) => Change | undefined,
  row: FacilityVitals,
  camera: Camera,
  days: readonly HeldDayFacts[],
  facility: Facility,
  packAt: (atMs: number) => RulePack,
  sinceReportMs: number,
): Change | undefined => {
  const reportedAtMs = Math.max(0, ...days.map((day) => day.reportedAtMs));
  if (days.length === 0 || reportedAtMs < sinceReportMs) return undefined;
  return fold(row, camera, days, facility, packAt(reportedAtMs), reportedAtMs);
};

/** A finding beyond what the fold holds leaves no trace in the row: folding it each day would be a write for nothing. */
const isInFold = (row: FacilityVitals, { patch }: RetentionChange, camera: string): boolean =>
  isNamed(row, camera) || isNamed(patch, camera) || row.retentionOverflow !== patch.retentionOverflow;

const isNamed = (
  { retention, retentionHeld }: Pick<FacilityVitals, 'retention' | 'retentionHeld'>,
  camera: string,
): boolean => retention.some((fold) => fold.camera === camera) || retentionHeld?.[camera] !== undefined;
