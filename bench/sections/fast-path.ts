import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../processes.ts';
import { print } from '../stats.ts';

/** The first sweep after the boxes connected has judged their first beats by then. */
const SETTLE_MS = 75_000;
/** What the script does to these is no ordinary beat: a power cut, another camera count, another key. */
const NOT_ORDINARY: ReadonlySet<string> = new Set(['willow', 'paper-boat', 'harbour', 'riverbank', 'swallow']);

interface Beats {
  readonly rows: Readonly<Record<string, { readonly revision: number; readonly seq: number }>>;
}

const inService = async (fleet: ChildProcess): Promise<void> => {
  if (fleet.stdout === null) throw new Error('the fleet has no output');
  for await (const line of createInterface({ input: fleet.stdout })) {
    if (line.includes('in service')) return;
  }
  throw new Error('the fleet ended before it was in service');
};

/** Share of the demo fleet's beats that took the one-write path, over a window in which the script plays. */
export const benchFastPath = async (options: { readonly seconds: number }): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'bench-fleet-'));
  const stack = await startServer('stack', { SCHEDULES: 'running' });
  const { token } = await stack.ask<{ token: string }>({ ask: 'registrar' });
  const args = ['--api', `http://127.0.0.1:${stack.port}`, '--registrar-token', token, '--data', directory];
  const script = join(import.meta.dirname, '..', '..', 'box', 'fleet.ts');
  const fleet = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await inService(fleet);
    fleet.stdout?.resume();
    await sleep(SETTLE_MS);
    const before = await stack.ask<Beats>({ ask: 'beats' });
    await sleep(options.seconds * 1000);
    const after = await stack.ask<Beats>({ ask: 'beats' });
    const ordinary = Object.keys(after.rows).filter((facility) => !NOT_ORDINARY.has(facility));
    const grown = (facility: string, field: 'revision' | 'seq'): number =>
      (after.rows[facility]?.[field] ?? Number.NaN) - (before.rows[facility]?.[field] ?? Number.NaN);
    const sum = (field: 'revision' | 'seq'): number =>
      ordinary.reduce((total, facility) => total + grown(facility, field), 0);
    print({
      bench: 'fast-path-share',
      n: sum('seq'),
      boxes: ordinary.length,
      windowSeconds: options.seconds,
      share: Number((1 - sum('revision') / sum('seq')).toFixed(4)),
      leftFastPath: Object.fromEntries(
        ordinary.map((facility) => [facility, grown(facility, 'revision')]).filter(([, by]) => by !== 0),
      ),
      budget: 'at least 0.99 of ordinary beats',
      note: 'beats by sequence; each beat off the fast path raises its row’s revision, as does the sweep when it removes a mark: a lower bound',
    });
  } finally {
    fleet.kill('SIGTERM');
    await once(fleet, 'exit');
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};
