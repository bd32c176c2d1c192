import { type CameraDuty, cameraTime } from './camera-days.ts';
import type { CameraFacts } from './camera-facts.ts';
import { civilDayInterval } from './civil-day.ts';
import { msInEach } from './days-of-time.ts';
import type { Camera } from './facility.ts';
import { intersect, subtract, union } from './interval.ts';
import { claimedBy, recordingsSaid } from './recordings-said.ts';
import type { Interval } from './time.ts';

/**
 * One camera of an area, asked one thing: was it usable, did it record, is it still held. What is neither shown nor
 * missing is unknown; what is both is shown.
 */
export interface AreaCamera {
  readonly camera: Camera;
  readonly shown: readonly Interval[];
  readonly missing: readonly Interval[];
}

/**
 * A stretch of an area: `covered` by the cameras named, `uncovered` if every camera in use is known to miss it or there
 * is none, else `unknown`.
 */
export interface CoverageStretch extends Interval {
  readonly is: 'covered' | 'uncovered' | 'unknown';
  /** Ids of the cameras that show it, sorted. */
  readonly by: readonly string[];
}

interface Edge {
  readonly atMs: number;
  readonly camera: string;
  readonly says: 'shown' | 'unknown';
  readonly begins: boolean;
}

const edgesOf = ({ camera, shown, missing }: AreaCamera, asked: Interval): readonly Edge[] => {
  const inUse = intersect([asked], [{ fromMs: camera.installedAtMs, toMs: camera.retiredAtMs ?? asked.toMs }]);
  const edges = (says: Edge['says'], intervals: readonly Interval[]): readonly Edge[] =>
    intervals.flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, camera: camera.id, says, begins: true },
      { atMs: toMs, camera: camera.id, says, begins: false },
    ]);
  return [
    ...edges('shown', intersect(inUse, shown)),
    ...edges('unknown', subtract(inUse, union([...shown, ...missing]))),
  ];
};

/** Which cameras say what, between one edge and the next. */
type Standing = Readonly<Record<Edge['says'], Set<string>>>;

const stretchOf = ({ shown, unknown }: Standing, { fromMs, toMs }: Interval): CoverageStretch => {
  const by = [...shown].sort();
  if (by.length > 0) return { fromMs, toMs, is: 'covered', by };
  return { fromMs, toMs, is: unknown.size > 0 ? 'unknown' : 'uncovered', by };
};

const isSame = (a: CoverageStretch, b: CoverageStretch): boolean => a.is === b.is && a.by.join() === b.by.join();

/**
 * The history of an area over the time asked about, by one sweep over the edges of its cameras, the retired and the
 * replaced ones among them. The stretches follow one another without a hole.
 */
export const coverageHistory = (cameras: readonly AreaCamera[], asked: Interval): readonly CoverageStretch[] => {
  // At one instant ends come before beginnings. They are of different cameras or answers: either order gives the same.
  const edges = cameras.flatMap((one) => edgesOf(one, asked)).sort((a, b) => a.atMs - b.atMs);
  const standing: Standing = { shown: new Set(), unknown: new Set() };
  const history: CoverageStretch[] = [];
  let fromMs = asked.fromMs;
  const reach = (toMs: number): void => {
    if (fromMs >= toMs) return;
    const next = stretchOf(standing, { fromMs, toMs });
    const last = history.at(-1);
    if (last !== undefined && isSame(last, next)) history[history.length - 1] = { ...last, toMs };
    else history.push(next);
    fromMs = toMs;
  };
  for (const edge of edges) {
    reach(edge.atMs);
    if (edge.begins) standing[edge.says].add(edge.camera);
    else standing[edge.says].delete(edge.camera);
  }
  reach(asked.toMs);
  return history;
};

/** One area on one local day: the three add up to it. */
export interface AreaDay {
  readonly day: string;
  readonly coveredMs: number;
  readonly uncoveredMs: number;
  readonly unknownMs: number;
}

/** The history on each of these local days, which are sorted and distinct. */
export const areaDays = (
  history: readonly CoverageStretch[],
  days: readonly string[],
  zone: string,
): readonly AreaDay[] => {
  const spans = days.map((day) => civilDayInterval(day, zone));
  const of = (is: CoverageStretch['is']): readonly number[] =>
    msInEach(
      history.filter((one) => one.is === is),
      spans,
    );
  const [covered, uncovered, unknown] = [of('covered'), of('uncovered'), of('unknown')];
  return days.map((day, n) => ({
    day,
    coveredMs: covered[n] ?? 0,
    uncoveredMs: uncovered[n] ?? 0,
    unknownMs: unknown[n] ?? 0,
  }));
};

/** Did the camera record? What it recorded counts, though it may be lost since. */
export const recordedBy = ({ camera, nowMs }: CameraDuty, facts: CameraFacts): AreaCamera => {
  const { recorded, reported } = recordingsSaid(facts, camera.installedAtMs, nowMs);
  return { camera, shown: recorded, missing: subtract(reported, recorded) };
};

/** Is it still held? Of what is not due (any more) nothing is said; what the recorder only claims is not known. */
export const heldBy = (duty: CameraDuty, facts: CameraFacts, asked: Interval): AreaCamera => {
  const time = cameraTime(duty, facts, asked);
  const claimed = claimedBy(recordingsSaid(facts, duty.camera.installedAtMs, duty.nowMs));
  return {
    camera: duty.camera,
    shown: union([...time.held, ...time['held-late'], ...time['on-hold']]),
    missing: union([...time.lost, ...subtract(time.declared, claimed)]),
  };
};
