import type { AlarmNews, ReportResult, SendOutcome } from './client.ts';
import type { QueuedReport, ReportQueue } from './queue.ts';
import type { Stream, WireReport } from './streams.ts';

/** What a box's screen shows about its reports. */
export type LaneEvent =
  | { readonly is: 'answered'; readonly stream: Stream; readonly results: readonly ReportResult[] }
  /** Reports wait; nothing is lost. */
  | { readonly is: 'waiting'; readonly stream: Stream; readonly why: string; readonly retryInMs: number }
  /** Final: the report is kept aside and a person should look. */
  | { readonly is: 'parked'; readonly stream: Stream; readonly id: string; readonly reason: string }
  | { readonly is: 'superseded'; readonly stream: Stream; readonly lastSeq: number }
  /** It is sent, and a restart before that loses it: the disk takes nothing. */
  | { readonly is: 'not-on-disk'; readonly stream: Stream; readonly why: string }
  /** What the answer to a heartbeat said of this box's latest alarms; each time, changed or not. */
  | { readonly is: 'alarm-news'; readonly alarms: readonly AlarmNews[] };

export interface LaneOptions {
  readonly stream: Stream;
  readonly queue: ReportQueue;
  /** Sends with the age of each report at this moment. */
  readonly send: (batch: readonly QueuedReport[]) => Promise<SendOutcome>;
  readonly onAnswer?: (outcome: Extract<SendOutcome, { is: 'answered' }>) => void;
  readonly onEvent: (event: LaneEvent) => void;
  /** Longest wait between two tries. */
  readonly longestBackoffMs: () => number;
  /** In [0, 1): spreads the boxes of a city after an outage. */
  readonly random?: () => number;
}

export interface Lane {
  /** Something was queued: send now, unless a wait is running. */
  readonly wake: () => void;
  /** Finishes the request in flight and stops; what waits stays on disk. */
  readonly stop: () => Promise<void>;
}

/** The API's limits are 100 reports and 262,144 bytes. */
export const LARGEST_BATCH = 100;
const LARGEST_BATCH_BYTES = 200_000;
const FIRST_BACKOFF_MS = 1_000;
/** Asked to wait longer than this, a box tries all the same: a wrong header must not silence a nursery for a day. */
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** How long to wait after the n-th failure in a row: doubling, spread over its upper half. */
export const backoffMs = (failures: number, longestMs: number, random: number): number => {
  const full = Math.min(longestMs, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (0.5 + random / 2));
};

/** The longest prefix of the batch that fits a request. */
export const fitting = (batch: readonly QueuedReport[]): readonly QueuedReport[] => {
  let bytes = 0;
  const over = batch.findIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry.report)) + 40;
    return bytes > LARGEST_BATCH_BYTES;
  });
  return over < 0 ? batch : batch.slice(0, Math.max(1, over));
};

/** Sends one stream of the queue, oldest first, until it is stopped. */
export const startLane = (options: LaneOptions): Lane => {
  const { stream, queue, onEvent, random = Math.random } = options;
  let stopped = false;
  let failures = 0;
  let batchSize = LARGEST_BATCH;
  const bell = createBell();

  const waitAfter = (outcome: Exclude<SendOutcome, { is: 'answered' | 'refused' }>): number => {
    failures += 1;
    const ownMs = backoffMs(failures, options.longestBackoffMs(), random());
    const askedMs = outcome.is === 'try-later' ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) : 0;
    const retryInMs = Math.max(ownMs, askedMs);
    const why = outcome.is === 'not-trusted' ? `${outcome.code}: ${outcome.why}` : outcome.why;
    onEvent({ is: 'waiting', stream, why, retryInMs });
    return retryInMs;
  };

  const park = (id: string, reason: string): void => {
    queue.park(stream, id, reason);
    onEvent({ is: 'parked', stream, id, reason });
  };

  /** The request as a whole was at fault: halve it until the one report that spoils it is alone, and park that. */
  const isolate = (batch: readonly QueuedReport[], code: string): void => {
    const only = batch.length === 1 ? batch[0] : undefined;
    if (only === undefined) batchSize = Math.ceil(batch.length / 2);
    else park(only.report.id, code);
  };

  const take = (outcome: Extract<SendOutcome, { is: 'answered' }>, sent: readonly QueuedReport[]): number => {
    failures = 0;
    batchSize = LARGEST_BATCH;
    const wasSent = new Set(sent.map((entry) => entry.report.id));
    const results = outcome.results.filter((result) => wasSent.has(result.id));
    queue.settle(
      stream,
      results.filter((result) => result.result !== 'rejected').map((result) => result.id),
    );
    for (const result of results) if (result.result === 'rejected') park(result.id, result.reason ?? 'rejected');
    goOnAbove(results);
    options.onAnswer?.(outcome);
    onEvent({ is: 'answered', stream, results });
    // An answer that names none of ours would make us spin: treat the silence as a failure to answer.
    return results.length === 0 ? waitAfter({ is: 'try-later', why: 'the API answered without our results' }) : 0;
  };

  const goOnAbove = (results: readonly ReportResult[]): void => {
    const seen = results.filter((result) => result.result === 'superseded').map((result) => result.lastSeq ?? -1);
    if (seen.length === 0) return;
    const lastSeq = Math.max(...seen);
    queue.raise(stream, lastSeq);
    onEvent({ is: 'superseded', stream, lastSeq });
  };

  /** Sends one batch; answers how long to wait before the next. */
  const sendOnce = async (): Promise<number> => {
    const batch = fitting(queue.oldest(stream, batchSize));
    const outcome = await options.send(batch);
    if (outcome.is === 'answered') return take(outcome, batch);
    if (outcome.is !== 'refused') return waitAfter(outcome);
    isolate(batch, outcome.code);
    return 0;
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      if (queue.waiting(stream) === 0) {
        await bell.rung();
        continue;
      }
      const waitMs = await sendOnce();
      if (waitMs > 0) await bell.stopOrAfter(waitMs);
    }
  };
  const done = run();

  return {
    wake: bell.ring,
    stop: async () => {
      stopped = true;
      bell.stop();
      await done;
    },
  };
};

/** Lets the loop sleep until something is queued, or until a wait is over; `stop` ends both. */
const createBell = () => {
  let wake: (() => void) | undefined;
  let isRung = false;
  const end = new AbortController();
  return {
    ring: (): void => {
      isRung = true;
      wake?.();
    },
    stop: (): void => {
      end.abort();
      wake?.();
    },
    rung: async (): Promise<void> => {
      if (!isRung && !end.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      isRung = false;
      wake = undefined;
    },
    stopOrAfter: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (end.signal.aborted) return resolve();
        const timer = setTimeout(finish, ms);
        end.signal.addEventListener('abort', finish, { once: true });
        function finish(): void {
          clearTimeout(timer);
          end.signal.removeEventListener('abort', finish);
          resolve();
        }
      }),
  };
};

/** A queued report as it leaves: with its monotonic age, if it was born in this run of the box. */
export const withAge = (entry: QueuedReport, boot: string, monotonicMs: number): WireReport =>
  entry.born.boot === boot
    ? { ...entry.report, ageMs: Math.max(0, Math.round(monotonicMs - entry.born.monotonicMs)) }
    : entry.report;
