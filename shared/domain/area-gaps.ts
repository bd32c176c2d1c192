import { camerasOf } from './camera-sight.ts';
import { isFaulty } from './decide-coverage.ts';
import type { Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import { union } from './interval.ts';
import type { Interval } from './time.ts';
import type { FacilityRows } from './vitals.ts';

/** A stretch that still goes on ends here. */
const ONGOING = Number.POSITIVE_INFINITY;

/** When a camera was known to be faulty: its recorded gaps, and the stretch that goes on. */
export const faultyIntervals = (camera: string, gaps: readonly Gap[], rows: FacilityRows): readonly Interval[] => {
  const recorded = gaps.filter(
    (gap) => gap.rule === 'area-covered' && gap.subject === `camera/${camera}` && gap.reason !== 'unknown',
  );
  const ongoing = rows.coverage.flatMap((row) => {
    const kept = row.cameras[camera];
    return kept !== undefined && isFaulty(kept.state) ? [{ fromMs: kept.sinceMs, toMs: ONGOING }] : [];
  });
  return union([...recorded, ...ongoing]);
};

interface Edge {
  readonly atMs: number;
  readonly step: 1 | -1;
}

/**
 * The intervals that all of the lists hold, by one sweep over their edges. At the same instant ends come before
 * starts, because the intervals are half-open.
 */
export const heldByAll = (lists: readonly (readonly Interval[])[]): readonly Interval[] => {
  const edges = lists
    .flatMap((list) => union(list))
    .flatMap(({ fromMs, toMs }): Edge[] => [
      { atMs: fromMs, step: 1 },
      { atMs: toMs, step: -1 },
    ])
    .sort((a, b) => (a.atMs === b.atMs ? a.step - b.step : a.atMs - b.atMs));
  const held: Interval[] = [];
  let depth = 0;
  let fromMs = 0;
  for (const edge of edges) {
    const before = depth;
    depth += edge.step;
    if (depth === lists.length && edge.step === 1) fromMs = edge.atMs;
    if (before === lists.length && edge.step === -1 && fromMs < edge.atMs) held.push({ fromMs, toMs: edge.atMs });
  }
  return held;
};

/** When every camera of an area was known to be faulty. The last one ends at infinity if it goes on. */
export const blindIntervals = (
  areaId: string,
  facility: Facility,
  gaps: readonly Gap[],
  rows: FacilityRows,
  nowMs: number,
): readonly Interval[] => {
  const cameras = camerasOf(areaId, facility, nowMs);
  if (cameras.length === 0) return [];
  return heldByAll(cameras.map((camera) => faultyIntervals(camera.id, gaps, rows)));
};

/** When a box was silent beyond its time, the silence that goes on included. */
export const silentIntervals = (
  box: string,
  gaps: readonly Gap[],
  rows: FacilityRows,
  nowMs: number,
): readonly Interval[] =>
  union([
    ...gaps
      .filter((gap) => gap.rule === 'monitoring-running' && gap.subject === `box/${box}` && gap.reason === 'no-beat')
      .map((gap) => ({ fromMs: gap.breachedAtMs ?? gap.fromMs, toMs: gap.toMs })),
    ...rows.boxes.flatMap((row) =>
      row.box === box && row.silentAtMs !== undefined && row.silentAtMs <= nowMs
        ? [{ fromMs: row.silentAtMs, toMs: ONGOING }]
        : [],
    ),
  ]);
