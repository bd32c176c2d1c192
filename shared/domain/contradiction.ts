import { decodeFacts } from './facts.ts';
import type { BoxVitals, CameraState, CoverageVitals } from './vitals.ts';

/** Heartbeats and coverage tell a different story of the same cameras. */
export interface Contradiction {
  readonly sinceMs: number;
  /** From here on two beats have said so. */
  readonly settledAtMs: number;
  readonly isSettled: boolean;
}

/**
 * Compares the counts of a box's beats with its coverage. Cameras that coverage does not know, or that the facility does
 * not have (any more), may be either way. One beat may cross a coverage report on its way: it takes two to contradict.
 */
export const contradictionOf = (
  box: BoxVitals | undefined,
  coverage: CoverageVitals | undefined,
  isInUse: (camera: string) => boolean,
  beatEveryMs: number,
): Contradiction | undefined => {
  if (box?.facts === undefined || box.beatAtMs === undefined || coverage?.coveredAtMs === undefined) return undefined;
  const { camerasOnline, camerasRecording } = decodeFacts(box.facts);
  const ranges = Object.entries(coverage.cameras).map(([id, { state }]) => (isInUse(id) ? rangesOf[state] : eitherWay));
  if (
    lies(
      camerasOnline,
      ranges.map((range) => range.online),
    ) &&
    lies(
      camerasRecording,
      ranges.map((range) => range.recording),
    )
  ) {
    return undefined;
  }
  const sinceMs = Math.max(box.factsAtMs ?? 0, ...Object.values(coverage.cameras).map((camera) => camera.sinceMs));
  const settledAtMs = sinceMs + 2 * beatEveryMs;
  return { sinceMs, settledAtMs, isSettled: box.beatAtMs >= settledAtMs };
};

/** How many of one camera a count may hold: at least, at most. */
type Range = readonly [least: 0 | 1, most: 0 | 1];
interface Ranges {
  readonly online: Range;
  readonly recording: Range;
}

const eitherWay: Ranges = { online: [0, 1], recording: [0, 1] };

/** A camera whose picture is bad may record it all the same. */
const rangesOf: Readonly<Record<CameraState, Ranges>> = {
  usable: { online: [1, 1], recording: [1, 1] },
  offline: { online: [0, 0], recording: [0, 0] },
  'not-recording': { online: [1, 1], recording: [0, 0] },
  'picture-unusable': { online: [1, 1], recording: [0, 1] },
  unknown: eitherWay,
};

const lies = (count: number | 'unknown', ranges: readonly Range[]): boolean => {
  const least = ranges.reduce((sum, range) => sum + range[0], 0);
  const most = ranges.reduce((sum, range) => sum + range[1], 0);
  return count === 'unknown' || (count >= least && count <= most);
};
