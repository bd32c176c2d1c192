import { isInUse } from '../camera-sight.ts';
import { dutySinceMs } from '../duty.ts';
import type { Camera, Facility, LegalHold } from '../facility.ts';
import { holdEndMs } from '../legal-holds.ts';
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
  const oldestMs = row.tooOld?.[camera.id];
  const heldUntilMs = heldUntil(camera, facility, oldestMs);
  if (nowMs < heldUntilMs) return { ...about, state: 'met', reason: 'legal-hold', dueAtMs: heldUntilMs };
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
  const isReported =
    row.retentionHeld?.[camera.id] !== undefined ||
    (fold !== undefined && (fold.state !== 'unknown' || fold.unsaid === true));
  if (isReported) return { ...about, state: 'met', reason: 'within-ceiling' };
  return { ...about, state: 'unknown', reason: 'never-reported', sinceMs };
};

/**
 * Until when its oldest footage may be there. An order excuses what it is about and nothing else: the fold names the day
 * of the oldest instant, so the day in which an order begins is taken for it. One that was filed without is about all.
 */
const heldUntil = (camera: Camera, facility: Facility, oldestMs: number | undefined): number =>
  Math.max(
    Number.NEGATIVE_INFINITY,
    ...(facility.legalHolds ?? []).filter((hold) => hold.camera === camera.id && covers(hold, oldestMs)).map(holdEndMs),
  );

const covers = ({ fromMs, toMs }: LegalHold, oldestMs: number | undefined): boolean => {
  if (fromMs === undefined || toMs === undefined) return true;
  return oldestMs !== undefined && fromMs - DAY_MS < oldestMs && oldestMs < toMs;
};
