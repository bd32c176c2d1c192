import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openQueue } from '../../../box/queue.ts';

/** How many bytes the disk still takes; a write that finds less room writes what fits and fails, as a full disk does. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, takesDrafts: true }));

vi.mock('node:fs', async (load) => {
  const fs = await load<typeof import('node:fs')>();
  const writeSync = (file: number, bytes: Uint8Array, from: number): number => {
    const count = Math.min(disk.room, bytes.length - from);
    if (count <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    disk.room -= count;
    return fs.writeSync(file, bytes, from, count);
  };
  const openSync = (path: string, flags: string, mode?: number): number => {
    if (!disk.takesDrafts && path.endsWith('.draft')) throw new Error('ENOSPC: no space left on device');
    return fs.openSync(path, flags, mode);
  };
  return { ...fs, openSync, writeSync, fdatasyncSync: () => undefined };
});

const born = { boot: 'boot-1', monotonicMs: 5 };
const report = (id: string) => ({ id, time: '2026-11-21T08:30:00.000Z' });
const idsIn = (directory: string): readonly string[] =>
  openQueue(directory)
    .oldest('alarms', 9)
    .map((entry) => entry.report.id);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'box-journal-'));
  Object.assign(disk, { room: Number.POSITIVE_INFINITY, takesDrafts: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('a full disk keeps no alarm from being sent, and leaves no half line that would take the next one with it', () => {
  const queue = openQueue(directory);
  queue.put('alarms', report('a'), born);
  expect(queue.diskFault('alarms')).toBeUndefined();
  disk.room = 20;
  queue.put('alarms', report('b'), born);
  expect(queue.diskFault('alarms')).toContain('ENOSPC');
  expect(queue.oldest('alarms', 9).map((entry) => entry.report.id)).toEqual(['a', 'b']);
  disk.room = Number.POSITIVE_INFINITY;
  queue.put('alarms', report('c'), born);
  expect(queue.diskFault('alarms')).toBeUndefined();
  expect(idsIn(directory)).toEqual(['a', 'c']);
});

it('a full disk that does not take a shorter file keeps the long one, and goes on in it', () => {
  const queue = openQueue(directory);
  const turn = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) {
      queue.put('alarms', report(`a${n}`), born);
      queue.settle('alarms', [`a${n}`]);
    }
  };
  turn(0, 490);
  queue.put('alarms', report('waits'), born);
  disk.takesDrafts = false;
  turn(490, 520);
  disk.takesDrafts = true;
  queue.put('alarms', report('after'), born);
  expect(idsIn(directory)).toEqual(['waits', 'after']);
});

it('a damaged line that still is JSON is skipped, and the box starts', () => {
  const queue = openQueue(directory);
  queue.put('alarms', report('a'), born);
  queue.close();
  const file = join(directory, 'alarms.jsonl');
  const bent = readFileSync(file, 'utf8').replace('"entry"', '"entrx"');
  appendFileSync(file, `null\n${bent}`);
  const again = openQueue(directory);
  again.put('alarms', report('b'), born);
  expect(idsIn(directory)).toEqual(['a', 'b']);
});
