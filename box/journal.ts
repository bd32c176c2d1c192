import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines. */
export interface Journal<Line> {
  /** On disk when it returns: a power cut after it loses nothing, one before it leaves no trace. */
  readonly append: (line: Line) => void;
  /** Rewrites the file from `snapshot` when most of its lines are history. */
  readonly compactIfLong: (live: number, snapshot: () => readonly Line[]) => void;
  readonly close: () => void;
}

/** History below this many lines is not worth a rewrite. */
const SHORT_HISTORY = 1_000;

/**
 * Opens a journal and replays it. A last line without its newline is a write that a kill cut short: nobody was told
 * that it was safe, so it is cut off. A damaged line in the middle (a bad sector) is skipped; its neighbours count.
 */
export const openJournal = <Line>(path: string, replay: (line: Line) => void): Journal<Line> => {
  const read = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const whole = read.subarray(0, read.lastIndexOf(0x0a) + 1);
  let lines = replayAll(whole.toString('utf8'), replay);
  let file = openSync(path, 'a', 0o600);
  if (whole.length < read.length) ftruncateSync(file, whole.length);

  const compact = (snapshot: readonly Line[]): void => {
    const draft = `${path}.draft`;
    const target = openSync(draft, 'w', 0o600);
    writeAll(target, snapshot.map(toLine).join(''));
    fsyncSync(target);
    closeSync(target);
    // Killed before the rename: the old file stands. After it: the new one, which says the same.
    renameSync(draft, path);
    syncFolder(dirname(path));
    closeSync(file);
    file = openSync(path, 'a', 0o600);
    lines = snapshot.length;
  };

  return {
    append: (line) => {
      writeAll(file, toLine(line));
      fdatasyncSync(file);
      lines += 1;
    },
    compactIfLong: (live, snapshot) => {
      if (lines > SHORT_HISTORY + 2 * live) compact(snapshot());
    },
    close: () => closeSync(file),
  };
};

const toLine = (line: unknown): string => `${JSON.stringify(line)}\n`;

const writeAll = (file: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
};

/** A rename is on disk only when its folder is. Windows cannot open a folder, and does not need it. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
};

const replayAll = <Line>(text: string, replay: (line: Line) => void): number => {
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const parsed = parse<Line>(line);
    if (parsed !== undefined) replay(parsed);
  }
  return lines.length;
};

const parse = <Line>(line: string): Line | undefined => {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
};
