import { faultyIntervals, silentIntervals } from './area-gaps.ts';
import { sightOf } from './camera-sight.ts';
import type { AreaCamera } from './coverage-history.ts';
import type { Camera, Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import { intersect, subtract, union } from './interval.ts';
import { before } from './recordings-said.ts';
import type { RulePack } from './rule-pack.ts';
import type { Interval } from './time.ts';
import type { FacilityRows } from './vitals.ts';

/** From what the history of a camera is told: the rows as they stand, and the ended gaps that overlap the asked time. */
export interface SightFacts {
  readonly facility: Facility;
  readonly rows: FacilityRows;
  readonly gaps: readonly Gap[];
  readonly pack: RulePack;
  readonly nowMs: number;
}

/**
 * Before anything was said of a camera nothing was shown. One that is usable since an instant at which no gap ended was
 * first heard of then; one that is not may have been usable before.
 */
const unsaid = (camera: Camera, { rows, gaps }: SightFacts, asked: Interval): readonly Interval[] => {
  const box = rows.boxes.find((row) => row.box === camera.box);
  const kept = rows.coverage.find((row) => row.box === camera.box)?.cameras[camera.id];
  if (kept === undefined || box === undefined) return [asked];
  const goesOnFrom = gaps.some(({ subject, toMs }) => subject === `camera/${camera.id}` && toMs === kept.sinceMs);
  const isFirst = kept.state === 'usable' && kept.sinceMs > asked.fromMs && !goesOnFrom;
  return [before(Math.max(box.announcedAtMs ?? 0, box.connectedAtMs ?? 0, isFirst ? kept.sinceMs : 0))];
};

const saidUnknown = (camera: Camera, gaps: readonly Gap[]): readonly Interval[] =>
  gaps.filter(
    ({ rule, subject, reason }) => rule === 'area-covered' && subject === `camera/${camera.id}` && reason === 'unknown',
  );

/**
 * When a camera was usable and when it was known not to be, over the asked time. A silent box shows nothing, and what
 * its camera was before is neither: unknown.
 */
export const sightHistory = (camera: Camera, facts: SightFacts, asked: Interval): AreaCamera => {
  const { facility, rows, gaps, pack, nowMs } = facts;
  const missing = intersect(faultyIntervals(camera.id, gaps, rows), [asked]);
  const sight = sightOf(camera, rows, facility, pack, nowMs);
  const unknown = union([
    ...unsaid(camera, facts, asked),
    ...saidUnknown(camera, gaps),
    ...silentIntervals(camera.box, gaps, rows, nowMs),
    ...(sight.is === 'unknown' ? [{ fromMs: sight.sinceMs, toMs: nowMs }] : []),
  ]);
  return { camera, shown: subtract([asked], [...missing, ...unknown]), missing };
};
