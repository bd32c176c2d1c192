import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { putInPlace, writeAll } from './put-in-place.ts';

/** An append-only file of JSON lines. */
export interface Journal<Line> {
  /**
   * On disk when it returns: a power cut after it loses nothing, one before it leaves no trace. Throws if the disk does not
   * take it (full, read-only), and then leaves no half of it.
   */
  readonly append: (line: Line) => void;
  /** Rewrites the file from `snapshot` when most of its lines are history. A disk that does not take it keeps the old one. */
  readonly compactIfLong: (live: number, snapshot: () => readonly Line[]) => void;
  readonly close: () => void;
}

/** History below this many lines is not worth a rewrite. */
const SHORT_HISTORY = 1_000;

/**
 * Opens a journal and replays it. A last line without its newline is a write that a kill cut short: nobody was told
 * that it was safe, so it is cut off. A damaged line in the middle (a bad sector) is skipped, also one that still is JSON
 * and that `replay` therefore cannot read; its neighbours count.
 */
export const openJournal = <Line>(path: string, replay: (line: Line) => void): Journal<Line> => {
  const read = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const whole = read.subarray(0, read.lastIndexOf(0x0a) + 1);
  let lines = replayAll(whole.toString('utf8'), replay);
  let file = openSync(path, 'a', 0o600);
  if (whole.length < read.length) ftruncateSync(file, whole.length);
  let bytes = whole.length;

  const compact = (snapshot: readonly Line[]): void => {
    try {
      // Killed before the rename: the old file stands. After it: the new one, which says the same.
      putInPlace(path, snapshot.map(toLine).join(''));
      lines = snapshot.length;
    } catch {
      // Tried again after as many lines.
      lines -= SHORT_HISTORY;
    }
    // Whichever stands now: what is written to a file that was replaced is lost.
    closeSync(file);
    file = openSync(path, 'a', 0o600);
    bytes = fstatSync(file).size;
  };

  return {
    append: (line) => {
      const text = toLine(line);
      try {
        writeAll(file, text);
        fdatasyncSync(file);
      } catch (cause) {
        // Half a line would take the next one with it.
        ftruncateSync(file, bytes);
        throw cause;
      }
      lines += 1;
      bytes += Buffer.byteLength(text);
    },
    compactIfLong: (live, snapshot) => {
      if (lines > SHORT_HISTORY + 2 * live) compact(snapshot());
    },
    close: () => closeSync(file),
  };
};

const toLine = (line: unknown): string => `${JSON.stringify(line)}\n`;

const replayAll = <Line>(text: string, replay: (line: Line) => void): number => {
  const lines = text.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    try {
      replay(JSON.parse(line) as Line);
    } catch {}
  }
  return lines.length;
};
