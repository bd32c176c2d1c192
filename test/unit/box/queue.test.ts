import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueue } from '../../../box/queue.ts';

const born = { boot: 'boot-1', monotonicMs: 5 };
const report = (id: string) => ({ id, time: '2026-11-21T08:30:00.000Z' });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'box-queue-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const idsOf = (queue: ReturnType<typeof openQueue>, stream: 'alarms' | 'heartbeats' | 'checks' = 'heartbeats') =>
  queue.oldest(stream, 1_000).map((entry) => entry.report.id);

describe('the queue of a box', () => {
  test('gives back, after a restart, what was put and not settled, in order and with its numbers', () => {
    const before = openQueue(directory);
    for (const id of ['a', 'b', 'c']) before.put('heartbeats', report(id), born);
    before.settle('heartbeats', ['a']);
    before.close();

    const after = openQueue(directory);
    expect(after.oldest('heartbeats', 10).map((e) => [e.report.id, e.report.seq])).toEqual([
      ['b', 1],
      ['c', 2],
    ]);
    expect(after.put('heartbeats', report('d'), born).seq).toBe(3);
  });

  test('goes on with its sequence after a restart though nothing waits', () => {
    const before = openQueue(directory);
    before.put('heartbeats', report('a'), born);
    before.settle('heartbeats', ['a']);
    before.close();
    expect(openQueue(directory).put('heartbeats', report('b'), born).seq).toBe(1);
  });

  test('numbers heartbeats and coverage apart, and gives alarms no number', () => {
    const queue = openQueue(directory);
    expect(queue.put('heartbeats', report('a'), born).seq).toBe(0);
    expect(queue.put('coverage', report('b'), born).seq).toBe(0);
    expect(queue.put('alarms', report('c'), born).seq).toBeUndefined();
  });

  test('numbers what waits above the last sequence that the server has seen, also after a restart', () => {
    const before = openQueue(directory);
    for (const id of ['a', 'b']) before.put('heartbeats', report(id), born);
    before.raise('heartbeats', 70);
    before.close();
    const after = openQueue(directory);
    expect(after.oldest('heartbeats', 10).map((e) => e.report.seq)).toEqual([71, 72]);
    expect(after.put('heartbeats', report('c'), born).seq).toBe(73);
  });

  test('leaves numbers alone that are already above', () => {
    const queue = openQueue(directory);
    for (const id of ['a', 'b', 'c']) queue.put('heartbeats', report(id), born);
    queue.settle('heartbeats', ['a']);
    queue.raise('heartbeats', 0);
    expect(queue.oldest('heartbeats', 10).map((e) => e.report.seq)).toEqual([1, 2]);
  });

  test('keeps a rejected report aside, with the reason, over a restart', () => {
    const before = openQueue(directory);
    before.put('checks', report('a'), born);
    before.park('checks', 'a', 'unknown-class');
    before.close();
    const after = openQueue(directory);
    expect(after.waiting()).toBe(0);
    expect(after.parked()).toEqual([{ stream: 'checks', report: report('a'), reason: 'unknown-class' }]);
  });

  test('is bounded: the oldest beat of a full lane is parked, alarms keep their own room', () => {
    const queue = openQueue(directory, 3);
    queue.put('alarms', report('panic'), born);
    for (const id of ['a', 'b', 'c', 'd']) queue.put('heartbeats', report(id), born);
    expect(idsOf(queue)).toEqual(['b', 'c', 'd']);
    expect(idsOf(queue, 'alarms')).toEqual(['panic']);
    expect(queue.parked()[0]).toMatchObject({ reason: 'queue-full', report: { id: 'a' } });
  });

  test('cuts off a last line that a kill left half written, and takes new reports after it', () => {
    const before = openQueue(directory);
    before.put('heartbeats', report('a'), born);
    before.close();
    appendFileSync(join(directory, 'heartbeats.jsonl'), '{"op":"put","entry":{"report":{"id":"to');
    const after = openQueue(directory);
    after.put('heartbeats', report('b'), born);
    after.close();
    expect(idsOf(openQueue(directory))).toEqual(['a', 'b']);
  });

  test('forgets its history when there is much of it, and nothing else', () => {
    const queue = openQueue(directory);
    for (let n = 0; n < 700; n += 1) {
      queue.put('checks', report(`c${n}`), born);
      if (n >= 2) queue.settle('checks', [`c${n}`]);
    }
    queue.park('checks', 'c0', 'unknown-class');
    queue.close();
    expect(readFileSync(join(directory, 'checks.jsonl'), 'utf8').split('\n').length).toBeLessThan(1_010);
    const after = openQueue(directory);
    expect(idsOf(after, 'checks')).toEqual(['c1']);
    expect(after.parked().map((p) => p.report.id)).toEqual(['c0']);
  });

  test('has, after SIGKILL in the middle of a burst, every report that put had returned', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'burst.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.split('\n').length > 60) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const acknowledged = said.split('\n').slice(0, -1);
    const kept = openQueue(directory);
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(idsOf(kept)).toEqual(expect.arrayContaining(acknowledged));
    expect(kept.oldest('heartbeats', 1_000).map((e) => e.report.seq)).toEqual(idsOf(kept).map((_, n) => n));
  });
});
