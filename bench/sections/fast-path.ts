import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../processes.ts';
import { print } from '../stats.ts';

const SETTLE_MS = 15_000;
/** Its box loses power in the demo: that beat is not an ordinary one. */
const LOSES_POWER = 'willow';

interface Beats {
  readonly beatsAnswered: number;
  readonly revisions: Readonly<Record<string, number>>;
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
    const answered = after.beatsAnswered - before.beatsAnswered;
    const raised = Object.entries(after.revisions)
      .filter(([facility]) => facility !== LOSES_POWER)
      .map(([facility, revision]) => [facility, revision - (before.revisions[facility] ?? 0)] as const);
    const slow = raised.reduce((sum, [, by]) => sum + by, 0);
    print({
      bench: 'fast-path-share',
      n: answered,
      windowSeconds: options.seconds,
      share: Number((1 - slow / answered).toFixed(4)),
      leftFastPath: Object.fromEntries(raised.filter(([, by]) => by > 0)),
      budget: 'at least 0.99 of ordinary beats',
      note: 'a row’s revision rises with every beat off the fast path (and with a mark that the sweep removes): a lower bound',
    });
  } finally {
    fleet.kill('SIGTERM');
    await once(fleet, 'exit');
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};
