import { existsSync, readFileSync } from 'node:fs';
import { HOUR_MS, MINUTE_MS } from '../shared/domain/time.ts';
import { noteInPlace } from './put-in-place.ts';

/** What stays of an hour of beats: in which of its minutes one was made that has been answered since. */
export interface HourOfBeats {
  readonly hourMs: number;
  /** Sixty bits in hexadecimal, minute 0 the highest. */
  readonly minutes: string;
  /** Of the answered beats; absent = none was. */
  readonly firstSeq?: number;
  readonly lastSeq?: number;
}

/** The hours in which this box made beats, until their digests are queued. All instants by its own clock. */
export interface BeatenHours {
  /** The hour is told of, though nobody may ever answer. */
  readonly made: (atMs: number) => void;
  /** An hour whose digest is queued already begins anew: its late minutes are told in another one. */
  readonly answered: (beats: readonly { readonly atMs: number; readonly seq: number }[]) => void;
  /** Hours that had ended at this instant, in order. */
  readonly endedAt: (nowMs: number) => readonly HourOfBeats[];
  readonly forget: (hourMs: number) => void;
}

const MINUTES = 60;
const NONE = '0'.repeat(MINUTES / 4);
/** Beats wait two weeks at most; a clock that was wrong may have left an hour or two besides. */
const MOST_HOURS = 400;

const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

const withMinute = (minutes: string, atMs: number): string => {
  const minute = Math.floor((atMs - hourOf(atMs)) / MINUTE_MS);
  const bits = BigInt(`0x${minutes}`) | (1n << BigInt(MINUTES - 1 - minute));
  return bits.toString(16).padStart(NONE.length, '0');
};

const withBeat = (hour: HourOfBeats, atMs: number, seq: number): HourOfBeats => ({
  hourMs: hour.hourMs,
  minutes: withMinute(hour.minutes, atMs),
  firstSeq: Math.min(hour.firstSeq ?? seq, seq),
  lastSeq: Math.max(hour.lastSeq ?? seq, seq),
});

/** A damaged file costs the hours that cannot be read in it; the next beat begins anew. */
const read = (path: string): readonly HourOfBeats[] => {
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as readonly HourOfBeats[]).filter(isHour);
  } catch {
    return [];
  }
};

const isHour = ({ hourMs, minutes }: HourOfBeats): boolean =>
  Number.isInteger(hourMs) && /^[0-9a-f]{15}$/.test(minutes);

/** Kept in a file: killed at any moment, all but the last change is there. No file: in memory. */
export const openBeatenHours = (path?: string): BeatenHours => {
  const hours = new Map((path === undefined ? [] : read(path)).map((hour) => [hour.hourMs, hour]));
  const at = (hourMs: number): HourOfBeats => hours.get(hourMs) ?? { hourMs, minutes: NONE };
  const write = (): void => {
    for (const oldest of [...hours.keys()].slice(0, -MOST_HOURS)) hours.delete(oldest);
    if (path === undefined) return;
    noteInPlace(path, JSON.stringify([...hours.values()]));
  };
  return {
    made: (atMs) => {
      const hourMs = hourOf(atMs);
      if (hours.has(hourMs)) return;
      hours.set(hourMs, at(hourMs));
      write();
    },
    answered: (beats) => {
      for (const { atMs, seq } of beats) hours.set(hourOf(atMs), withBeat(at(hourOf(atMs)), atMs, seq));
      if (beats.length > 0) write();
    },
    endedAt: (nowMs) =>
      [...hours.values()].filter(({ hourMs }) => hourMs + HOUR_MS <= nowMs).sort((a, b) => a.hourMs - b.hourMs),
    forget: (hourMs) => {
      if (hours.delete(hourMs)) write();
    },
  };
};
