import { isInUse } from '../camera-sight.ts';
import { dutySinceMs } from '../duty.ts';
import type { Camera, Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { DAY_MS } from '../time.ts';
import type { Verdict } from '../verdict.ts';
import { type FacilityVitals, LONGEST_TOO_OLD } from '../vitals.ts';

/**
 * Footage without a purpose is deleted: nothing retrievable is older than the ceiling, unless an authority ordered to
 * keep it. The writer of recordings folds what lies beyond the ceiling; what no recorder ever claimed is unknown.
 */
export const judgeRetentionExceeded = (
  camera: Camera,
  row: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'retention-exceeded', subject: `camera/${camera.id}` } as const;
  if (!isInUse(camera, nowMs)) return { ...about, state: 'not-applicable', reason: 'retired' };
  const heldUntilMs = holdEndMs(camera, facility);
  if (nowMs < heldUntilMs) return { ...about, state: 'met', reason: 'legal-hold', dueAtMs: heldUntilMs };
  const oldestMs = row.tooOld?.[camera.id];
  if (oldestMs === undefined) return judgeNothingTooOld(about, camera, row, facility);
  const ceilingMs = pack.thresholds.retentionCeilingDays.value * DAY_MS;
  const beyondMs = Math.max(oldestMs + ceilingMs, heldUntilMs, dutySinceMs(facility));
  const sinceMs = beyondMs + pack.rules['retention-exceeded'].breachAfterMs.value;
  return nowMs >= sinceMs
    ? { ...about, state: 'breached', reason: 'kept-too-long', sinceMs }
    : { ...about, state: 'met', reason: 'within-grace', dueAtMs: sinceMs };
};

const judgeNothingTooOld = (
  about: { readonly rule: 'retention-exceeded'; readonly subject: string },
  camera: Camera,
  row: FacilityVitals,
  facility: Facility,
): Verdict => {
  const sinceMs = Math.max(camera.installedAtMs, dutySinceMs(facility));
  // A full fold may have left this one out: not to be in it shows nothing.
  if (Object.keys(row.tooOld ?? {}).length >= LONGEST_TOO_OLD) {
    return { ...about, state: 'unknown', reason: 'too-many-findings', sinceMs };
  }
  const fold = row.retention.find((one) => one.camera === camera.id);
  const isReported = row.retentionHeld?.[camera.id] !== undefined || (fold !== undefined && fold.state !== 'unknown');
  if (isReported) return { ...about, state: 'met', reason: 'within-ceiling' };
  return { ...about, state: 'unknown', reason: 'never-reported', sinceMs };
};

const holdEndMs = (camera: Camera, facility: Facility): number =>
  Math.max(
    Number.NEGATIVE_INFINITY,
    ...(facility.legalHolds ?? []).filter((hold) => hold.camera === camera.id).map((hold) => hold.untilMs),
  );
