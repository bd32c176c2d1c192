import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReportResult, SendOutcome } from '../../../box/client.ts';
import { backoffMs, type Lane, type LaneEvent, startLane, withAge } from '../../../box/lane.ts';
import { openQueue, type QueuedReport, type ReportQueue } from '../../../box/queue.ts';
import type { Stream } from '../../../box/streams.ts';

const born = { boot: 'boot-1', monotonicMs: 1_000 };
const answered = (results: readonly ReportResult[]): SendOutcome => ({ is: 'answered', results });
const all = (batch: readonly QueuedReport[], result: ReportResult['result'] = 'accepted'): SendOutcome =>
  answered(batch.map((entry) => ({ id: entry.report.id, result })));

let directory: string;
let queue: ReportQueue;
let lanes: Lane[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  directory = mkdtempSync(join(tmpdir(), 'box-lane-'));
  queue = openQueue(directory);
  lanes = [];
});
afterEach(async () => {
  await Promise.all(lanes.map((lane) => lane.stop()));
  vi.useRealTimers();
  queue.close();
  rmSync(directory, { recursive: true, force: true });
});

const put = (stream: Stream, ...ids: string[]): void => {
  for (const id of ids) queue.put(stream, { id, time: '2026-11-21T08:30:00.000Z' }, born);
};

/** Runs a lane whose server answers as the script says, one entry per request. */
const laneWith = (stream: Stream, script: readonly ((batch: readonly QueuedReport[]) => SendOutcome)[]) => {
  const sent: string[][] = [];
  const events: LaneEvent[] = [];
  const lane = startLane({
    stream,
    queue,
    onEvent: (event) => events.push(event),
    longestBackoffMs: () => 60_000,
    random: () => 0,
    send: async (batch) => {
      const answer = script[Math.min(sent.length, script.length - 1)];
      sent.push(batch.map((entry) => `${entry.report.id}${entry.report.seq ?? ''}`));
      return answer?.(batch) ?? { is: 'try-later', why: 'no script' };
    },
  });
  lanes.push(lane);
  return { lane, sent, events };
};

const settled = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

describe('a lane', () => {
  test('sends what waits, oldest first, and forgets it only when it was answered', async () => {
    put('heartbeats', 'a', 'b');
    const { sent } = laneWith('heartbeats', [(batch) => all(batch)]);
    await settled();
    expect(sent).toEqual([['a0', 'b1']]);
    expect(queue.waiting()).toBe(0);
  });

  test('sends the very same again after a lost answer, and takes `duplicate` as done', async () => {
    put('checks', 'a');
    const { sent } = laneWith('checks', [
      () => ({ is: 'try-later', why: 'connection reset' }),
      (batch) => all(batch, 'duplicate'),
    ]);
    await vi.advanceTimersByTimeAsync(499);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([['a'], ['a']]);
    expect(queue.waiting()).toBe(0);
  });

  test('waits as long as Retry-After asks, though its own backoff is shorter', async () => {
    put('checks', 'a');
    const { sent, events } = laneWith('checks', [
      () => ({ is: 'try-later', why: 'unavailable', retryAfterMs: 7_000 }),
      (batch) => all(batch),
    ]);
    await vi.advanceTimersByTimeAsync(6_999);
    expect(sent).toHaveLength(1);
    expect(events).toEqual([{ is: 'waiting', stream: 'checks', why: 'unavailable', retryInMs: 7_000 }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
  });

  test('takes the rest when one of the batch is rejected, keeps that one aside and says so', async () => {
    put('checks', 'good', 'bad', 'fine');
    const { sent, events } = laneWith('checks', [
      () =>
        answered([
          { id: 'good', result: 'accepted' },
          { id: 'bad', result: 'rejected', reason: 'unknown-class' },
          { id: 'fine', result: 'accepted' },
        ]),
    ]);
    await settled();
    expect(sent).toHaveLength(1);
    expect(queue.parked().map((parked) => [parked.report.id, parked.reason])).toEqual([['bad', 'unknown-class']]);
    expect(events).toContainEqual({ is: 'parked', stream: 'checks', id: 'bad', reason: 'unknown-class' });
  });

  test('goes on above the last sequence when it was superseded', async () => {
    put('heartbeats', 'a');
    const { lane, sent } = laneWith('heartbeats', [
      () => answered([{ id: 'a', result: 'superseded', lastSeq: 41 }]),
      (batch) => all(batch),
    ]);
    await settled();
    put('heartbeats', 'b');
    lane.wake();
    await settled();
    expect(sent).toEqual([['a0'], ['b42']]);
  });

  test('keeps its reports while the server does not trust its key', async () => {
    put('heartbeats', 'a');
    const { sent } = laneWith('heartbeats', [
      () => ({ is: 'not-trusted', code: 'key-not-live', why: 'enrol it' }),
      (batch) => all(batch),
    ]);
    await settled();
    expect(queue.waiting()).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toHaveLength(2);
    expect(queue.waiting()).toBe(0);
  });

  test('halves a refused request until the report that spoils it stands alone, and loses no neighbour', async () => {
    put('checks', 'a', 'b', 'bad', 'd');
    const { sent } = laneWith('checks', [
      (batch) =>
        batch.some((entry) => entry.report.id === 'bad')
          ? { is: 'refused', code: 'report-invalid', why: 'no' }
          : all(batch),
    ]);
    await settled();
    expect(sent.flat()).toEqual(expect.arrayContaining(['a', 'b', 'd']));
    expect(queue.waiting()).toBe(0);
    expect(queue.parked().map((parked) => parked.report.id)).toEqual(['bad']);
  });

  test('does not spin on an answer that names none of its reports', async () => {
    put('checks', 'a');
    const { sent } = laneWith('checks', [() => answered([])]);
    await settled();
    expect(sent).toHaveLength(1);
    expect(queue.waiting()).toBe(1);
  });

  test('of alarms does not wait behind beats that nobody answers', async () => {
    put('heartbeats', ...Array.from({ length: 500 }, (_, n) => `beat-${n}`));
    const beats = laneWith('heartbeats', [() => ({ is: 'try-later', why: 'down', retryAfterMs: 60_000 })]);
    const alarms = laneWith('alarms', [(batch) => all(batch)]);
    await settled();
    put('alarms', 'panic');
    alarms.lane.wake();
    await settled();
    expect(alarms.sent).toEqual([['panic']]);
    expect(beats.sent).toHaveLength(1);
    expect(queue.waiting('alarms')).toBe(0);
  });

  test('puts at most 100 reports into a request', async () => {
    put('heartbeats', ...Array.from({ length: 101 }, (_, n) => `beat-${n}`));
    const { sent } = laneWith('heartbeats', [(batch) => all(batch)]);
    await settled();
    expect(sent.map((batch) => batch.length)).toEqual([100, 1]);
  });
});

test('backoff doubles from one second up to its limit, spread over its upper half', () => {
  expect([1, 2, 3, 7, 50].map((failures) => backoffMs(failures, 60_000, 1))).toEqual([
    1_000, 2_000, 4_000, 60_000, 60_000,
  ]);
  expect(backoffMs(3, 60_000, 0)).toBe(2_000);
});

test('a report leaves with its monotonic age, and without one after a restart', () => {
  const entry = { report: { id: 'a', time: 't' }, born };
  expect(withAge(entry, 'boot-1', 4_500.4)).toEqual({ id: 'a', time: 't', ageMs: 3_500 });
  expect(withAge(entry, 'boot-2', 4_500)).toEqual({ id: 'a', time: 't' });
});
