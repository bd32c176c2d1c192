import { type Contradiction, contradictionOf } from './contradiction.ts';
import { isFaulty } from './decide-coverage.ts';
import { dutySinceMs } from './duty.ts';
import type { Camera, Facility } from './facility.ts';
import type { RulePack } from './rule-pack.ts';
import type { BoxVitals, CoverageVitals, FacilityRows } from './vitals.ts';

/**
 * What is known of one camera now. `faulty` was said and never taken back; `knownUntilMs` is when its box fell silent
 * (absent = it still speaks). `unknown`: since when it was not shown to be usable.
 */
export type Sight =
  | { readonly is: 'usable'; readonly dueAtMs: number }
  | { readonly is: 'faulty'; readonly sinceMs: number; readonly knownUntilMs?: number }
  | { readonly is: 'unknown'; readonly sinceMs: number; readonly reason: string };

/** What is known of a camera: its own state, capped by the freshness of its box and of its coverage. */
export const sightOf = (
  camera: Camera,
  rows: FacilityRows,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Sight => {
  const box = rows.boxes.find((row) => row.box === camera.box);
  const coverage = rows.coverage.find((row) => row.box === camera.box);
  const kept = coverage?.cameras[camera.id];
  // A camera may be older than the box that now speaks for it, which could show nothing before it was announced.
  const dutyMs = Math.max(camera.installedAtMs, dutySinceMs(facility), box?.announcedAtMs ?? 0);
  if (kept === undefined || coverage?.coveredAtMs === undefined) {
    return { is: 'unknown', sinceMs: dutyMs, reason: 'never-covered' };
  }
  const silentAtMs = box?.silentAtMs !== undefined && nowMs >= box.silentAtMs ? box.silentAtMs : undefined;
  if (isFaulty(kept.state)) {
    return { is: 'faulty', sinceMs: kept.sinceMs, ...(silentAtMs !== undefined && { knownUntilMs: silentAtMs }) };
  }
  if (kept.state === 'unknown') return { is: 'unknown', sinceMs: kept.sinceMs, reason: 'camera-unknown' };
  const isUsed = (id: string): boolean =>
    facility.cameras.some((one) => one.id === id && one.box === camera.box && isInUse(one, nowMs));
  return sightOfUsable({ box, coverage, coveredAtMs: coverage.coveredAtMs, silentAtMs, isUsed }, pack, nowMs);
};

interface Shown {
  readonly box: BoxVitals | undefined;
  readonly coverage: CoverageVitals;
  readonly coveredAtMs: number;
  readonly silentAtMs: number | undefined;
  readonly isUsed: (camera: string) => boolean;
}

/** It said "usable". That counts while the box speaks, is not overdue with coverage and does not contradict itself. */
const sightOfUsable = (shown: Shown, pack: RulePack, nowMs: number): Sight => {
  const { box, coverage, coveredAtMs, silentAtMs, isUsed } = shown;
  const staleAtMs = coveredAtMs + pack.thresholds.coverageAtLeastEveryMs.value;
  if (silentAtMs !== undefined) return { is: 'unknown', sinceMs: silentAtMs, reason: 'box-silent' };
  if (nowMs >= staleAtMs) return { is: 'unknown', sinceMs: staleAtMs, reason: 'coverage-overdue' };
  const contradiction = contradictionOf(box, coverage, isUsed, pack.thresholds.beatEveryMs.value);
  if (contradiction?.isSettled) return { is: 'unknown', sinceMs: contradiction.sinceMs, reason: 'contradicts-itself' };
  return { is: 'usable', dueAtMs: Math.min(staleAtMs, nextLookAt(contradiction, pack, nowMs)) };
};

/** A contradiction that the next beats may settle is looked at when they are due. */
const nextLookAt = (contradiction: Contradiction | undefined, pack: RulePack, nowMs: number): number =>
  contradiction === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(contradiction.settledAtMs, nowMs + pack.thresholds.beatEveryMs.value);

/** Cameras that cover an area and are in use. */
export const camerasOf = (areaId: string, facility: Facility, nowMs: number): readonly Camera[] =>
  facility.cameras.filter((camera) => camera.areas.includes(areaId) && isInUse(camera, nowMs));

export const isInUse = (camera: Camera, nowMs: number): boolean =>
  camera.retiredAtMs === undefined || nowMs < camera.retiredAtMs;
