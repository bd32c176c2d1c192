import type { RecordingWire } from '../shared/contracts/reports/recording.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../shared/domain/time.ts';
import { leafHash, treeOf } from '../shared/evidence/merkle.ts';
import type { Recorder, StoredSegment } from './recorder.ts';
import { onWire } from './streams.ts';

/** An hour is told so long after its end: by then its last file is closed, and its last beat answered. */
export const SETTLED_MS = MINUTE_MS;
/** A box without a battery begins in 1970, until it is told the time: no hour of film is of then. */
const CLOCK_IS_SET_MS = Date.UTC(2024, 0, 1);
/** A clock that was ahead for longer is an installer's errand. */
const TOLD_AGAIN_MS = 7 * DAY_MS;
/** Film is kept 90 days; and a report per camera and hour must leave room in the queue. */
const LONGEST_CATCH_UP_HOURS = 90 * 24;
const MOST_CAUGHT_UP = 10_000;

export const isClockSet = (nowMs: number): boolean => nowMs >= CLOCK_IS_SET_MS;

/** The last hour that ended at least a minute ago. */
export const lastFullHourMs = (nowMs: number): number => Math.floor((nowMs - SETTLED_MS) / HOUR_MS) * HOUR_MS - HOUR_MS;

/**
 * The hour of film to be told now, after the one that was told last; absent = none is due. A new box begins with the last
 * full one, so that it is soon known; hours that ended while it was off are on the recorder all the same, and come first.
 */
export const nextHourMs = (doneMs: number | undefined, nowMs: number, cameras: number): number | undefined => {
  if (!isClockSet(nowMs)) return undefined;
  const lastMs = lastFullHourMs(nowMs);
  if (doneMs === undefined) return lastMs;
  // The clock was ahead, and hours that had not come were told: those that have come since are told anew.
  if (doneMs > lastMs + HOUR_MS) return lastMs - TOLD_AGAIN_MS;
  const most = Math.min(LONGEST_CATCH_UP_HOURS, Math.floor(MOST_CAUGHT_UP / Math.max(1, cameras)));
  const hourMs = Math.max(doneMs + HOUR_MS, lastMs - most * HOUR_MS);
  return hourMs > lastMs ? undefined : hourMs;
};

/** What the report of an hour says of one camera. */
export const recordingOf = (
  recorder: Recorder,
  camera: string,
  hourMs: number,
): Omit<RecordingWire, 'id' | 'time' | 'ageMs'> => {
  const oldestMs = recorder.oldestRetrievableAtMs(camera);
  const hour = hourFrom(hourMs);
  const intervals = recorder.recorded(camera, hour);
  return {
    camera,
    hour: onWire(hourMs),
    recorded: intervals.map(({ fromMs, toMs }) => ({ from: onWire(fromMs), to: onWire(toMs) })),
    ...(oldestMs === undefined ? {} : { oldestRetrievableAt: onWire(oldestMs) }),
    ...commitmentOf(recorder.segments?.(camera, hour)),
  };
};

/** What was stored of the hour, by one hash: whoever has the files later can show that they are these. */
const commitmentOf = (
  stored: readonly StoredSegment[] | undefined,
): Pick<RecordingWire, 'segments' | 'bytes' | 'segmentRoot'> =>
  stored === undefined
    ? {}
    : {
        segments: stored.length,
        bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0),
        segmentRoot: Buffer.from(treeOf(stored.map(({ sha256 }) => leafHash(sha256))).root()).toString('hex'),
      };
