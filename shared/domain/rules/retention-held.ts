import { isInUse } from '../camera-sight.ts';
import { dutySinceMs } from '../duty.ts';
import type { Camera, Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Verdict, WITHIN_GRACE } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

const reasons = { short: 'recorder-keeps-less', gaps: 'time-missing' } as const;

/**
 * Every recording is kept for its days, counted from the camera's installation. The writer of recordings folds what
 * the records say; here only time is added: what nobody reported on for too long is no longer shown, and a finding
 * stands until a report shows otherwise.
 */
export const judgeRetentionHeld = (
  camera: Camera,
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'retention-held', subject: `camera/${camera.id}` } as const;
  if (!isInUse(camera, nowMs)) return { ...about, state: 'not-applicable', reason: 'retired' };
  const terms = pack.rules['retention-held'];
  const fold = row.retention.find((one) => one.camera === camera.id);
  if (fold !== undefined && (fold.state === 'short' || fold.state === 'gaps')) {
    const sinceMs = fold.sinceMs + terms.breachAfterMs.value;
    return nowMs >= sinceMs
      ? { ...about, state: 'breached', reason: reasons[fold.state], sinceMs }
      : { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: sinceMs };
  }
  if (fold?.state === 'unknown') {
    return { ...about, state: 'unknown', reason: fold.unsaid ? 'no-report' : 'depth-unknown', sinceMs: fold.sinceMs };
  }
  const shownUntilMs = fold?.dueAtMs ?? row.retentionHeld?.[camera.id];
  if (shownUntilMs === undefined) {
    const sinceMs = Math.max(camera.installedAtMs, dutySinceMs(facility));
    return {
      ...about,
      state: 'unknown',
      reason: row.retentionOverflow ? 'too-many-findings' : 'never-reported',
      sinceMs,
    };
  }
  if (nowMs < shownUntilMs) return { ...about, state: 'met', reason: 'held', dueAtMs: shownUntilMs };
  // Shown until the last report, plus the time that it may be silent: it is unknown since that report.
  return { ...about, state: 'unknown', reason: 'no-report', sinceMs: shownUntilMs - terms.unknownAfterMs.value };
};
