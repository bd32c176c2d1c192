import type { CameraCoverage, SelfTest, YesNoUnknown } from '../shared/domain/reports.ts';
import type { Interval } from '../shared/domain/time.ts';
import type { Recorder } from './recorder.ts';

export interface SimulatedCamera {
  readonly id: string;
  readonly installedAtMs: number;
}

/** A recorder that can be told to go blind, to lose film, or to fail. */
export interface SimulatedRecorder extends Recorder {
  /** Takes a camera away (or gives it back): offline, not recording. */
  readonly setOnline: (camera: string, online: boolean) => void;
  readonly setAlarmSystem: (state: YesNoUnknown) => void;
}

export interface SimulatedRecorderOptions {
  readonly cameras: readonly SimulatedCamera[];
  /** How long its disks reach back. */
  readonly keepsMs: number;
  readonly nowMs: () => number;
  readonly inputs?: readonly string[];
}

/** Films without a pause since each camera's installation, as far back as its disks reach, except while offline. */
export const simulateRecorder = (options: SimulatedRecorderOptions): SimulatedRecorder => {
  const { nowMs, keepsMs } = options;
  const startedAtMs = nowMs();
  const offlineSinceMs = new Map<string, number>();
  const lost = new Map<string, Interval[]>();
  let alarmSystem: YesNoUnknown = 'yes';
  const installedAtMs = new Map(options.cameras.map((camera) => [camera.id, camera.installedAtMs]));

  const coverageOf = (camera: string): CameraCoverage => {
    const up: YesNoUnknown = offlineSinceMs.has(camera) ? 'no' : 'yes';
    return { camera, online: up, recording: up, picture: up === 'yes' ? 'yes' : 'unknown' };
  };

  const filmOf = (camera: string): Interval => ({
    fromMs: Math.max(installedAtMs.get(camera) ?? startedAtMs, nowMs() - keepsMs),
    toMs: offlineSinceMs.get(camera) ?? nowMs(),
  });

  const setOnline = (camera: string, online: boolean): void => {
    const sinceMs = offlineSinceMs.get(camera);
    if (!online && sinceMs === undefined) offlineSinceMs.set(camera, nowMs());
    if (!online || sinceMs === undefined) return;
    offlineSinceMs.delete(camera);
    lost.set(camera, [...(lost.get(camera) ?? []), { fromMs: sinceMs, toMs: nowMs() }]);
  };

  return {
    setOnline,
    setAlarmSystem: (state) => {
      alarmSystem = state;
    },
    cameras: () => options.cameras.map((camera) => coverageOf(camera.id)),
    monitoring: () => 'yes',
    alarmSystem: () => alarmSystem,
    diskUsedPercent: () => 61,
    selfTests: () =>
      (options.inputs ?? ['panic-button']).map((input): SelfTest => ({ input, testedAtMs: startedAtMs })),
    recorded: (camera, within) => {
      const film = clip(filmOf(camera), within);
      return film === undefined ? [] : without(film, lost.get(camera) ?? []);
    },
    oldestRetrievableAtMs: (camera) => filmOf(camera).fromMs,
  };
};

const clip = (interval: Interval, within: Interval): Interval | undefined => {
  const fromMs = Math.max(interval.fromMs, within.fromMs);
  const toMs = Math.min(interval.toMs, within.toMs);
  return fromMs < toMs ? { fromMs, toMs } : undefined;
};

const without = (whole: Interval, holes: readonly Interval[]): readonly Interval[] =>
  holes.reduce<readonly Interval[]>(
    (rest, hole) =>
      rest.flatMap((piece) =>
        [
          { fromMs: piece.fromMs, toMs: Math.min(piece.toMs, hole.fromMs) },
          { fromMs: Math.max(piece.fromMs, hole.toMs), toMs: piece.toMs },
        ].filter((part) => part.fromMs < part.toMs),
      ),
    [whole],
  );
