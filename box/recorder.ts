import type { ByteStability } from '../shared/domain/challenges/challenge.ts';
import type { CameraCoverage, SelfTest, YesNoUnknown } from '../shared/domain/reports.ts';
import type { Interval } from '../shared/domain/time.ts';

/** What the box reads from the devices of its facility: a recorder, its cameras, the alarm system. */
export interface Recorder {
  /** Each camera as it is now. `recording` means fresh data on disk, not a configuration flag. */
  readonly cameras: () => readonly CameraCoverage[];
  readonly monitoring: () => YesNoUnknown;
  readonly alarmSystem: () => YesNoUnknown;
  readonly diskUsedPercent: () => number | 'unknown';
  readonly selfTests: () => readonly SelfTest[];
  /** What is on disk of one camera within `[fromMs, toMs)`. */
  readonly recorded: (camera: string, withinMs: Interval) => readonly Interval[];
  /** Oldest instant that can still be played; absent = the recorder cannot say. */
  readonly oldestRetrievableAtMs: (camera: string) => number | undefined;
  /** What it stored of one camera within `[fromMs, toMs)`, in order of time; absent = it does not give its files. */
  readonly segments?: (camera: string, withinMs: Interval) => readonly StoredSegment[];
}

/** A file or block of film as the recorder stores it. */
export interface StoredSegment {
  readonly bytes: number;
  readonly sha256: Uint8Array;
}

/** What a recorder gave when it was asked for a slice. `busy`: all its download sessions are taken; ask later. */
export type SliceRead =
  | { readonly is: 'read'; readonly bytes: Uint8Array }
  | { readonly is: 'not-found' }
  | { readonly is: 'busy' };

/** The part of a recorder's adapter that challenges need. */
export interface SliceReader {
  /**
   * `byte-stable` only if the recorder gives the very bytes that it stored (its own files, or the NAL units of the
   * stream). One that makes an export anew each time is `presence-only`.
   */
  readonly stability: ByteStability;
  /** All bytes of one camera in `[fromMs, toMs)`. `not-found` if any of it is gone; a failing connection is `busy`. */
  readonly readSlice: (camera: string, slice: Interval) => Promise<SliceRead>;
}

/** What an authority ordered to be kept, of one camera. */
export interface FilmToHold extends Interval {
  /** Id of the order. */
  readonly hold: string;
  readonly camera: string;
}

/** The part of a recorder's adapter that carries out orders to keep. */
export interface FilmHolder {
  /**
   * Protects the film of `[fromMs, toMs)` from being dropped with its days, what is still to be recorded too. True only if
   * it does; asking again for one that is held is harmless.
   */
  readonly holdFilm: (order: FilmToHold) => Promise<boolean>;
  /**
   * Orders whose film it protects now, those of before a restart of the box too: else nobody would end them. Not those of
   * another box that shares the recorder: whatever is here and not ordered of this box is released.
   */
  readonly heldFilm: () => Promise<readonly string[]>;
  /** The order is over: the film goes with its days again. */
  readonly releaseFilm: (hold: string) => Promise<void>;
}
