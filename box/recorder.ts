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
}
