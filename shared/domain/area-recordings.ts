import { type CameraDayState, type CameraDuty, type CameraTime, cameraTime } from './camera-days.ts';
import type { CameraFacts } from './camera-facts.ts';
import { type AreaCamera, type CoverageStretch, coverageHistory, recordedBy } from './coverage-history.ts';
import { intersect, subtract, total, union } from './interval.ts';
import { claimedBy, recordingsSaid } from './recordings-said.ts';
import type { Interval } from './time.ts';

/** A declared time is one of two: the recorder claims that it is there, or it was deleted for a permitted reason. */
export type AreaRecordingState =
  | Exclude<CameraDayState, 'declared'>
  | 'declared-held'
  | 'declared-deleted'
  /** No camera of the area was in use. */
  | 'no-camera';

/**
 * What is left of an area is what is left of its best camera, so the order is the meaning: what is there comes first,
 * then what nobody can know, and gone is only what every camera is known not to have.
 */
export const areaRecordingStates = [
  'held',
  'held-late',
  'on-hold',
  'declared-held',
  'unknown',
  'not-yet-due',
  'no-longer-due',
  'declared-deleted',
  'lost',
  'no-camera',
] as const satisfies readonly AreaRecordingState[];

export type StillHeld = 'yes' | 'no' | 'not-known';

/** Whether a time in this state can still be shown. */
export const stillHeld: Readonly<Record<AreaRecordingState, StillHeld>> = {
  held: 'yes',
  'held-late': 'yes',
  'on-hold': 'yes',
  'declared-held': 'not-known',
  unknown: 'not-known',
  'not-yet-due': 'not-known',
  'no-longer-due': 'not-known',
  'declared-deleted': 'no',
  lost: 'no',
  'no-camera': 'no',
};

/** One camera of the area, and all that was said of its recordings. */
export interface FactsOfCamera {
  readonly duty: CameraDuty;
  readonly facts: CameraFacts;
}

/** A stretch of an area in which nothing changes. */
export interface AreaRecording extends Interval {
  readonly recorded: StillHeld;
  /** Ids of the cameras that recorded it, sorted; that it may be lost since changes nothing. */
  readonly recordedBy: readonly string[];
  readonly state: AreaRecordingState;
  /** Ids of the cameras of which it is still held, sorted. */
  readonly heldBy: readonly string[];
}

type AreaTime = Readonly<Record<AreaRecordingState, readonly Interval[]>>;

const inUse = ({ camera }: CameraDuty, asked: Interval): readonly Interval[] =>
  intersect([asked], [{ fromMs: camera.installedAtMs, toMs: camera.retiredAtMs ?? asked.toMs }]);

const timeOf = ({ duty, facts }: FactsOfCamera, asked: Interval): AreaTime => {
  const { declared, ...time }: CameraTime = cameraTime(duty, facts, asked);
  const claimed = claimedBy(recordingsSaid(facts, duty.camera.installedAtMs, duty.nowMs));
  return {
    ...time,
    'declared-held': intersect(declared, claimed),
    'declared-deleted': subtract(declared, claimed),
    'no-camera': [],
  };
};

/** What one camera still holds, in the terms of a coverage; only who holds it is asked. */
const heldOf = ({ duty }: FactsOfCamera, time: AreaTime): AreaCamera => ({
  camera: duty.camera,
  shown: union([...time.held, ...time['held-late'], ...time['on-hold']]),
  missing: [],
});

const isOf: Readonly<Record<CoverageStretch['is'], StillHeld>> = {
  covered: 'yes',
  uncovered: 'no',
  unknown: 'not-known',
};

interface Piece<T> extends Interval {
  readonly is: T;
}

/** Two partitions of the same time, cut at the edges of both. */
const overlay = <A, B>(left: readonly Piece<A>[], right: readonly Piece<B>[]): readonly Piece<readonly [A, B]>[] => {
  const pieces: Piece<readonly [A, B]>[] = [];
  let [i, j] = [0, 0];
  for (let a = left[i], b = right[j]; a !== undefined && b !== undefined; a = left[i], b = right[j]) {
    const toMs = Math.min(a.toMs, b.toMs);
    pieces.push({ fromMs: Math.max(a.fromMs, b.fromMs), toMs, is: [a.is, b.is] });
    if (a.toMs === toMs) i += 1;
    if (b.toMs === toMs) j += 1;
  }
  return pieces;
};

/** Every instant in the first state that some camera in use gives it; in none = there was no camera. */
const bestStates = (times: readonly AreaTime[], used: readonly (readonly Interval[])[], asked: Interval) => {
  const pieces: Piece<AreaRecordingState>[] = [];
  let rest = union([asked]);
  for (const state of areaRecordingStates) {
    const some = union(times.flatMap((time, n) => intersect(time[state], used[n] ?? [])));
    const taken = state === 'no-camera' ? rest : intersect(rest, some);
    pieces.push(...taken.map((one) => ({ ...one, is: state })));
    rest = subtract(rest, taken);
  }
  return pieces.sort((a, b) => a.fromMs - b.fromMs);
};

const piecesOf = (history: readonly CoverageStretch[]): readonly Piece<CoverageStretch>[] =>
  history.map((one) => ({ fromMs: one.fromMs, toMs: one.toMs, is: one }));

/**
 * Whether an area was recorded over the time asked about, by which of its cameras, and what became of it as of the
 * instant of the duties. All cameras that ever showed it are given, the retired and replaced ones among them. The
 * stretches are sorted, disjoint and together all of the time.
 */
export const areaRecordings = (cameras: readonly FactsOfCamera[], asked: Interval): readonly AreaRecording[] => {
  const times = cameras.map((one) => timeOf(one, asked));
  const used = cameras.map(({ duty }) => inUse(duty, asked));
  const recorded = coverageHistory(
    cameras.map(({ duty, facts }) => recordedBy(duty, facts)),
    asked,
  );
  const held = coverageHistory(
    cameras.flatMap((one, n) => {
      const time = times[n];
      return time === undefined ? [] : [heldOf(one, time)];
    }),
    asked,
  );
  const said = overlay(piecesOf(recorded), piecesOf(held));
  return overlay(said, bestStates(times, used, asked)).map(({ fromMs, toMs, is: [[recording, holding], state] }) => ({
    fromMs,
    toMs,
    recorded: isOf[recording.is],
    recordedBy: recording.by,
    state,
    heldBy: holding.by,
  }));
};

/** Milliseconds of the stretches that are so. */
export const msOf = (stretches: readonly AreaRecording[], is: (one: AreaRecording) => boolean): number =>
  total(stretches.filter(is));

/** `partly`: some of it is, and not all. `no` only if of all of it it is known. */
export type AreaAnswer = StillHeld | 'partly';

/** One word for a time of which so much is so, is not so, and is not known. */
export const answerOf = (ms: Readonly<Record<StillHeld, number>>): AreaAnswer => {
  if (ms.yes > 0) return ms.no + ms['not-known'] > 0 ? 'partly' : 'yes';
  return ms['not-known'] > 0 ? 'not-known' : 'no';
};
