import { createHash } from 'node:crypto';
import type { ByteStability } from '../shared/domain/challenges/challenge.ts';
import { intersect, subtract, total } from '../shared/domain/interval.ts';
import type { CameraCoverage, SelfTest, YesNoUnknown } from '../shared/domain/reports.ts';
import { type Interval, MINUTE_MS, SECOND_MS } from '../shared/domain/time.ts';
import type { FilmHolder, FilmToHold, Recorder, SliceRead, SliceReader, StoredSegment } from './recorder.ts';

export interface SimulatedCamera {
  readonly id: string;
  readonly installedAtMs: number;
}

/** A recorder that can be told to go blind, to lose film, or to fail. */
export interface SimulatedRecorder extends Recorder, SliceReader, FilmHolder {
  /** Takes a camera away (or gives it back): offline, not recording. */
  readonly setOnline: (camera: string, online: boolean) => void;
  readonly setAlarmSystem: (state: YesNoUnknown) => void;
  /** What was on disk of that time is gone. */
  readonly loseFilm: (camera: string, lostMs: Interval) => void;
  /** All its download sessions are taken. */
  readonly setBusy: (busy: boolean) => void;
}

export interface SimulatedRecorderOptions {
  readonly cameras: readonly SimulatedCamera[];
  /** How long its disks reach back. */
  readonly keepsMs: number;
  readonly nowMs: () => number;
  readonly inputs?: readonly string[];
  /** `byte-stable` unless said otherwise. */
  readonly stability?: ByteStability;
  /** Each read gives other bytes, as an export that is put together anew does, whatever `stability` says. */
  readonly bytesDiffer?: boolean;
  /** It goes on saying that film is there which it lost after so long: its index has it, and its disk does not. */
  readonly losesFilmAfterMs?: number;
  /** When it records nothing though its cameras are on: a schedule that somebody set and forgot. */
  readonly pausesIn?: (within: Interval) => readonly Interval[];
}

/** Films without a pause since each camera's installation, as far back as its disks reach, except while offline. */
export const simulateRecorder = (options: SimulatedRecorderOptions): SimulatedRecorder => {
  const { nowMs, keepsMs } = options;
  const startedAtMs = nowMs();
  const offlineSinceMs = new Map<string, number>();
  const lost = new Map<string, Interval[]>();
  let alarmSystem: YesNoUnknown = 'yes';
  let busy = false;
  let reads = 0;
  const installedAtMs = new Map(options.cameras.map((camera) => [camera.id, camera.installedAtMs]));

  const coverageOf = (camera: string): CameraCoverage => {
    const up: YesNoUnknown = offlineSinceMs.has(camera) ? 'no' : 'yes';
    return { camera, online: up, recording: up, picture: up === 'yes' ? 'yes' : 'unknown' };
  };

  const held = new Map<string, FilmToHold & { readonly sinceMs: number }>();

  /** As far as its disks reached at that instant. */
  const reachMs = (camera: string, atMs: number): number =>
    Math.max(installedAtMs.get(camera) ?? startedAtMs, atMs - keepsMs);

  const filmOf = (camera: string): Interval => ({
    fromMs: reachMs(camera, nowMs()),
    toMs: offlineSinceMs.get(camera) ?? nowMs(),
  });

  /** Beyond its usual reach: what was there when the order came, and what was recorded since. */
  const heldOf = (camera: string): readonly Interval[] =>
    [...held.values()]
      .filter((order) => order.camera === camera)
      .map(({ fromMs, toMs, sinceMs }) => ({
        fromMs: Math.max(fromMs, reachMs(camera, sinceMs)),
        toMs: Math.min(toMs, filmOf(camera).toMs),
      }));

  const setOnline = (camera: string, online: boolean): void => {
    const sinceMs = offlineSinceMs.get(camera);
    if (!online && sinceMs === undefined) offlineSinceMs.set(camera, nowMs());
    if (!online || sinceMs === undefined) return;
    offlineSinceMs.delete(camera);
    lose(camera, { fromMs: sinceMs, toMs: nowMs() });
  };

  const lose = (camera: string, hole: Interval): void => {
    lost.set(camera, [...(lost.get(camera) ?? []), hole]);
  };

  const recorded = (camera: string, within: Interval): readonly Interval[] => {
    const film = intersect([filmOf(camera), ...heldOf(camera)], [within]);
    return subtract(film, [...(lost.get(camera) ?? []), ...(options.pausesIn?.(within) ?? [])]);
  };

  /** Whether the film is still on its disks, whatever its index says. */
  const isLost = ({ fromMs }: Interval): boolean =>
    options.losesFilmAfterMs !== undefined && fromMs < nowMs() - options.losesFilmAfterMs;

  const readSlice = async (camera: string, slice: Interval): Promise<SliceRead> => {
    if (busy) return { is: 'busy' };
    if (isLost(slice) || total(recorded(camera, slice)) < slice.toMs - slice.fromMs) return { is: 'not-found' };
    reads += 1;
    return { is: 'read', bytes: bytesOf(camera, slice, options.bytesDiffer === true ? reads : 0) };
  };

  return {
    stability: options.stability ?? 'byte-stable',
    readSlice,
    holdFilm: async (order) => {
      if (!installedAtMs.has(order.camera)) return false;
      held.set(order.hold, { ...order, sinceMs: held.get(order.hold)?.sinceMs ?? nowMs() });
      return true;
    },
    heldFilm: async () => [...held.keys()],
    releaseFilm: async (hold) => {
      held.delete(hold);
    },
    loseFilm: lose,
    setBusy: (isBusy) => {
      busy = isBusy;
    },
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
    recorded,
    oldestRetrievableAtMs: (camera) => filmOf(camera).fromMs,
    segments: (camera, within) =>
      recorded(camera, within)
        .flatMap(inMinutes)
        .map((piece) => segmentOf(camera, piece)),
  };
};

/** It begins a file with each minute, and with each piece of film. */
const inMinutes = ({ fromMs, toMs }: Interval): readonly Interval[] => {
  const files: Interval[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs = files.at(-1)?.toMs ?? toMs) {
    files.push({ fromMs: atMs, toMs: Math.min(toMs, (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS) });
  }
  return files;
};

/** Four megabits a second. */
const BYTES_PER_MS = 500;

/** A file of which only size and hash are simulated: there is no film to hash, and a catch-up reports many hours. */
const segmentOf = (camera: string, { fromMs, toMs }: Interval): StoredSegment => ({
  bytes: (toMs - fromMs) * BYTES_PER_MS,
  sha256: createHash('sha256').update(`${camera}@${fromMs}-${toMs}`).digest(),
});

/**
 * Bytes that depend on nothing but camera and time: 32 for each second that the slice touches, behind the exact bounds.
 * Small, and no two slices are alike.
 */
const bytesOf = (camera: string, { fromMs, toMs }: Interval, salt: number): Uint8Array => {
  const parts = [Buffer.from(`${fromMs}-${toMs}-${salt}`)];
  for (let second = Math.floor(fromMs / SECOND_MS); second * SECOND_MS < toMs; second += 1) {
    parts.push(createHash('sha256').update(`${camera}@${second}`).digest());
  }
  return Buffer.concat(parts);
};
