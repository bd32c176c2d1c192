import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, openJournal } from './journal.ts';
import { isSequenced, type Stream, streams, type WireReport } from './streams.ts';

/** Where a report's age is counted from: the monotonic clock of one run of the box. */
export interface Born {
  readonly boot: string;
  readonly monotonicMs: number;
}

export interface QueuedReport {
  readonly report: WireReport;
  readonly born: Born;
}

/** A report that will not be sent again: the server refused it for good, or the queue was full. */
export interface ParkedReport {
  readonly stream: Stream;
  readonly report: WireReport;
  readonly reason: string;
}

/**
 * Store and forward on disk. A report is safe when `put` returns, and leaves only when the server has said what became
 * of it. A disk that takes nothing more (full, read-only) silences no box: the report is sent all the same, and only a
 * restart would lose it. Each stream is a lane of its own, so nothing waits behind a lane that is stuck: an alarm
 * overtakes ten thousand beats.
 */
export interface ReportQueue {
  /** Gives a sequenced report the next number of its stream. */
  readonly put: (stream: Stream, report: WireReport, born: Born) => WireReport;
  /** The oldest waiting reports of a stream, in order. */
  readonly oldest: (stream: Stream, limit: number) => readonly QueuedReport[];
  readonly settle: (stream: Stream, ids: readonly string[]) => void;
  readonly park: (stream: Stream, id: string, reason: string) => void;
  /** The server has already seen `lastSeq`: everything waiting, and everything to come, is numbered above it. */
  readonly raise: (stream: Stream, lastSeq: number) => void;
  readonly waiting: (stream?: Stream) => number;
  /** Why the last change of a stream is not on disk; absent = it is. */
  readonly diskFault: (stream: Stream) => string | undefined;
  /** The newest parked reports; at most `KEPT_PARKED`. */
  readonly parked: () => readonly ParkedReport[];
  readonly close: () => void;
}

/** Two weeks of beats at one a minute; alarms are never so many. The oldest of a full lane is parked. */
export const LONGEST_LANE = 20_000;
export const KEPT_PARKED = 200;

type Line =
  | { readonly op: 'put'; readonly entry: QueuedReport }
  | { readonly op: 'settle'; readonly ids: readonly string[] }
  | { readonly op: 'park'; readonly id: string; readonly reason: string }
  | { readonly op: 'parked'; readonly parked: ParkedReport }
  | { readonly op: 'raise'; readonly lastSeq: number };

interface Lane {
  readonly stream: Stream;
  readonly waiting: Map<string, QueuedReport>;
  parked: ParkedReport[];
  lastSeq: number;
}

const renumbered = (entry: QueuedReport, seq: number): QueuedReport => ({
  ...entry,
  report: { ...entry.report, seq },
});

/** Every change of a lane is one of these lines, applied the same way when it happens and when it is read back. */
const apply = (lane: Lane, line: Line): void => {
  switch (line.op) {
    case 'put':
      lane.waiting.set(line.entry.report.id, line.entry);
      lane.lastSeq = Math.max(lane.lastSeq, line.entry.report.seq ?? -1);
      return;
    case 'settle':
      for (const id of line.ids) lane.waiting.delete(id);
      return;
    case 'park': {
      const entry = lane.waiting.get(line.id);
      if (entry === undefined) return;
      lane.waiting.delete(line.id);
      keepParked(lane, { stream: lane.stream, report: entry.report, reason: line.reason });
      return;
    }
    case 'parked':
      keepParked(lane, line.parked);
      return;
    case 'raise':
      raiseAbove(lane, line.lastSeq);
  }
};

const keepParked = (lane: Lane, parked: ParkedReport): void => {
  lane.parked = [...lane.parked, parked].slice(-KEPT_PARKED);
};

const raiseAbove = (lane: Lane, lastSeq: number): void => {
  lane.lastSeq = Math.max(lane.lastSeq, lastSeq);
  const first = lane.waiting.values().next().value;
  if (first === undefined || (first.report.seq ?? -1) > lastSeq) return;
  for (const [id, entry] of lane.waiting) {
    lane.lastSeq += 1;
    lane.waiting.set(id, renumbered(entry, lane.lastSeq));
  }
};

const snapshotOf = (lane: Lane): Line[] => [
  { op: 'raise', lastSeq: lane.lastSeq },
  ...lane.parked.map((parked): Line => ({ op: 'parked', parked })),
  ...[...lane.waiting.values()].map((entry): Line => ({ op: 'put', entry })),
];

const openLane = (directory: string, stream: Stream, longest: number) => {
  const lane: Lane = { stream, waiting: new Map(), parked: [], lastSeq: -1 };
  const journal: Journal<Line> = openJournal<Line>(join(directory, `${stream}.jsonl`), (line) => apply(lane, line));
  let diskFault: string | undefined;
  const write = (line: Line): void => {
    try {
      journal.append(line);
      diskFault = undefined;
    } catch (cause) {
      diskFault = String(cause);
    }
    apply(lane, line);
    journal.compactIfLong(lane.waiting.size + lane.parked.length, () => snapshotOf(lane));
  };
  return {
    lane,
    diskFault: () => diskFault,
    write,
    put: (report: WireReport, born: Born): WireReport => {
      const numbered = isSequenced(stream) ? { ...report, seq: lane.lastSeq + 1 } : report;
      const oldest = lane.waiting.keys().next().value;
      if (lane.waiting.size >= longest && oldest !== undefined) write({ op: 'park', id: oldest, reason: 'queue-full' });
      write({ op: 'put', entry: { report: numbered, born } });
      return numbered;
    },
    close: journal.close,
  };
};

/** Without touching the rest: a lane may hold two weeks of beats. */
const firstOf = <T>(values: Iterator<T>, limit: number): readonly T[] => {
  const taken: T[] = [];
  for (let next = values.next(); taken.length < limit && next.done !== true; next = values.next())
    taken.push(next.value);
  return taken;
};

/** Opens (or creates) the queue in a folder of its own. Only one process may have it open. */
export const openQueue = (directory: string, longestLane = LONGEST_LANE): ReportQueue => {
  mkdirSync(directory, { recursive: true });
  const lanes = Object.fromEntries(
    streams.map((stream) => [stream, openLane(directory, stream, longestLane)]),
  ) as Record<Stream, ReturnType<typeof openLane>>;
  const waiting = (stream: Stream): number => lanes[stream].lane.waiting.size;
  return {
    put: (stream, report, born) => lanes[stream].put(report, born),
    oldest: (stream, limit) => firstOf(lanes[stream].lane.waiting.values(), limit),
    settle: (stream, ids) => {
      const known = ids.filter((id) => lanes[stream].lane.waiting.has(id));
      if (known.length > 0) lanes[stream].write({ op: 'settle', ids: known });
    },
    park: (stream, id, reason) => lanes[stream].write({ op: 'park', id, reason }),
    raise: (stream, lastSeq) => lanes[stream].write({ op: 'raise', lastSeq }),
    waiting: (stream) =>
      stream === undefined ? streams.reduce((sum, each) => sum + waiting(each), 0) : waiting(stream),
    diskFault: (stream) => lanes[stream].diskFault(),
    parked: () => streams.flatMap((stream) => lanes[stream].lane.parked),
    close: () => {
      for (const stream of streams) lanes[stream].close();
    },
  };
};
