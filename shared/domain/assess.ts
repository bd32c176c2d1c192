import { isInUse } from './camera-sight.ts';
import { breachSinceMs, dutySinceMs, footingDueAtMs, footingOf, isJudged, notApplicable } from './duty.ts';
import type { Facility } from './facility.ts';
import { openHolds } from './legal-holds.ts';
import type { RulePack } from './rule-pack.ts';
import { judgeAlarmSystemRunning } from './rules/alarm-system-running.ts';
import { judgeAreaCovered } from './rules/area-covered.ts';
import { judgeCalendarKnown } from './rules/calendar-known.ts';
import { judgeChallengesMet } from './rules/challenges-met.ts';
import { judgeBoxClock, judgeCameraClock } from './rules/clock-true.ts';
import { judgeClosing } from './rules/closing.ts';
import { judgeConnected } from './rules/connected.ts';
import { judgeDutyOverdue } from './rules/duty-overdue.ts';
import { judgeFilingTrue } from './rules/filing-true.ts';
import { judgeGuardPresent } from './rules/guard-present.ts';
import { judgeHealthSignal } from './rules/health-signal.ts';
import { judgeHoldConfirmed } from './rules/hold-confirmed.ts';
import { judgeMonitoringRunning } from './rules/monitoring-running.ts';
import { judgeMorningCheck } from './rules/morning-check.ts';
import { judgeNoonCheck } from './rules/noon-check.ts';
import { judgeReachable } from './rules/reachable.ts';
import { judgeRetentionExceeded } from './rules/retention-exceeded.ts';
import { judgeRetentionHeld } from './rules/retention-held.ts';
import { DAY_MS } from './time.ts';
import type { Verdict } from './verdict.ts';
import type { BoxVitals, FacilityRows } from './vitals.ts';

export interface Assessment {
  /** One per rule and subject. A subject that is not named exists no more: what was open about it no longer applies. */
  readonly verdicts: readonly Verdict[];
  /** When time alone may next change a verdict; later than `nowMs` and at most 24 h ahead. */
  readonly dueAtMs: number;
}

/** All verdicts of one facility. Level-triggered: it needs no memory of what was found before. */
export const assess = (rows: FacilityRows, facility: Facility, pack: RulePack, nowMs: number): Assessment => {
  const footing = footingOf(facility, pack, nowMs);
  const verdicts = judgeAll(rows, facility, pack, nowMs).map((verdict) =>
    isJudged(verdict.rule, footing)
      ? datedByDuty(verdict, facility, nowMs)
      : notApplicable(verdict.rule, verdict.subject, footing),
  );
  return { verdicts, dueAtMs: nextDueAtMs(verdicts, facility, pack, nowMs) };
};

/** A duty that is filed to begin only later dates nothing: it would be in the future. */
const datedByDuty = (verdict: Verdict, facility: Facility, nowMs: number): Verdict => {
  if (verdict.state !== 'breached') return verdict;
  const sinceMs = breachSinceMs(verdict.rule, verdict.sinceMs, facility);
  return sinceMs > nowMs ? verdict : { ...verdict, sinceMs };
};

const judgeAll = (rows: FacilityRows, facility: Facility, pack: RulePack, nowMs: number): readonly Verdict[] => {
  const sinceMs = dutySinceMs(facility);
  return [
    ...rows.boxes.flatMap((box) => {
      const owesSinceMs = Math.max(sinceMs, box.announcedAtMs ?? sinceMs);
      return [
        judgeMonitoringRunning(box, pack.rules['monitoring-running'], owesSinceMs, nowMs),
        judgeAlarmSystemRunning(box, pack, owesSinceMs, nowMs),
        judgeBoxClock(box, pack, owesSinceMs, nowMs),
      ].map((verdict) => orRetired(box, facility, nowMs, verdict));
    }),
    ...facility.areas.map((area) =>
      area.activity
        ? judgeAreaCovered(area, rows, facility, pack, nowMs)
        : notApplicable('area-covered', `area/${area.id}`, 'no-activity-area'),
    ),
    ...facility.cameras.flatMap((camera) => [
      judgeRetentionHeld(camera, rows.facility, facility, pack, nowMs),
      judgeRetentionExceeded(camera, rows.facility, facility, pack, nowMs),
      judgeCameraClock(camera, rows, pack, sinceMs, nowMs),
    ]),
    ...openHolds(facility, nowMs).map((hold) => judgeHoldConfirmed(hold, rows.facility, pack, nowMs)),
    ...[judgeChallengesMet(rows.facility, facility, pack, nowMs)].filter((verdict) => verdict !== undefined),
    ...facility.classes.flatMap((one) => [
      judgeMorningCheck(one, rows.facility.checks[one.id], facility, pack, nowMs),
      judgeNoonCheck(one, rows.facility.checks[one.id], facility, pack, nowMs),
    ]),
    judgeConnected(rows.boxes, facility, pack, nowMs),
    ...judgeHealthSignal(rows.facility, facility, pack, nowMs),
    ...judgeDutyOverdue(rows.facility, facility, pack, nowMs),
    judgeGuardPresent(rows.facility, facility, pack, nowMs),
    judgeClosing(rows.facility, facility, pack, nowMs),
    ...judgeFilingTrue(rows, facility, pack, nowMs),
    judgeCalendarKnown(facility, pack, nowMs),
    judgeReachable(rows.facility, facility, pack, nowMs),
  ];
};

/** A box without a live key and without a camera in use was taken out of service: it owes nothing. */
const orRetired = (box: BoxVitals, facility: Facility, nowMs: number, verdict: Verdict): Verdict => {
  const isRetired =
    Object.keys(box.liveKeys).length === 0 &&
    !facility.cameras.some((camera) => camera.box === box.box && isInUse(camera, nowMs));
  return isRetired ? notApplicable(verdict.rule, verdict.subject, 'box-retired') : verdict;
};

const nextDueAtMs = (verdicts: readonly Verdict[], facility: Facility, pack: RulePack, nowMs: number): number => {
  const due = [...verdicts.flatMap((verdict) => dueOf(verdict, pack)), footingDueAtMs(facility, pack) ?? 0];
  return Math.min(nowMs + DAY_MS, ...due.filter((atMs) => atMs > nowMs));
};

/**
 * The silence of a box is not among them: the sweep's own filter (`silentAtMs`) brings it, and each beat moves it.
 * An unknown is due when it becomes a finding `not-shown`.
 */
const dueOf = (verdict: Verdict, pack: RulePack): readonly number[] => {
  if (verdict.state === 'unknown') {
    const notShownAtMs = verdict.sinceMs + pack.rules[verdict.rule].unknownAfterMs.value;
    return verdict.dueAtMs === undefined ? [notShownAtMs] : [notShownAtMs, verdict.dueAtMs];
  }
  const isSilence: boolean = verdict.rule === 'monitoring-running' && verdict.reason === 'beating';
  return verdict.dueAtMs === undefined || isSilence ? [] : [verdict.dueAtMs];
};
