import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../infra/local/stack.ts';
import type { FunctionName } from '../../shared/contracts/routes.ts';
import { startTestStack } from '../support/local-stack.ts';

const MINUTE_MS = 60_000;
const startMs = Date.parse('2026-11-23T10:00:00+08:00');

let stack: LocalStack;
let server: Server;
let fed = 0;
let minute = 0;

/** The outside: counts how often it was fed. */
const startWatchdog = async (): Promise<string> => {
  server = createServer((_request, response) => {
    fed += 1;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

beforeAll(async () => {
  const WatchdogUrl = await startWatchdog();
  stack = await startTestStack({ clock: { atMs: startMs, rate: 0 }, parameters: { WatchdogUrl } });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  server?.close().closeAllConnections();
});

/** One minute as the schedules and queues would play it, without the parts that are dead. Answers whether it fed. */
const play = async (dead: ReadonlySet<FunctionName>): Promise<boolean> => {
  stack.setClock({ atMs: startMs + minute * MINUTE_MS, rate: 0 });
  const fire = async (name: FunctionName) => {
    if (!dead.has(name)) await stack.fire(name);
  };
  if (minute % 5 === 0) await fire('ring-canary');
  for (const name of ['deliver-notices', 'keep-ledger'] as const) if (!dead.has(name)) await stack.drain(name);
  await fire('watch');
  const before = fed;
  await fire('audit-escalation');
  minute += 1;
  return fed > before;
};

/** For so many minutes: in which of them it fed the watchdog. */
const minutes = async (count: number, ...dead: readonly FunctionName[]): Promise<readonly boolean[]> => {
  const feeds: boolean[] = [];
  for (let played = 0; played < count; played += 1) feeds.push(await play(new Set(dead)));
  return feeds;
};

const always = (count: number, value: boolean): readonly boolean[] => Array.from({ length: count }, () => value);

describe('the watchdog outside', () => {
  it('is fed each minute while every part does its work', async () => {
    expect(await minutes(11)).toEqual(always(11, true));
  });

  it('is not fed by an auditor that is dead', async () => {
    expect(await minutes(2, 'audit-escalation')).toEqual(always(2, false));
    expect(await minutes(2)).toEqual(always(2, true));
  });

  it('is not fed from the fourth minute on in which no sweep completed, until one does', async () => {
    const feeds = await minutes(6, 'watch');
    expect(feeds).toEqual([true, true, true, false, false, false]);
    expect(await minutes(3)).toEqual(always(3, true));
  });

  it('is not fed once a canary was not delivered in its time, until one is', async () => {
    while (minute % 5 !== 0) expect(await minutes(1)).toEqual([true]);
    const feeds = await minutes(8, 'deliver-notices');
    expect(feeds.slice(0, 2)).toEqual([true, true]);
    expect(feeds.slice(3)).toEqual(always(5, false));
    // What waited in the queue is delivered, and the way is open again.
    while (minute % 5 !== 0) await minutes(1);
    expect(await minutes(3)).toEqual(always(3, true));
  });

  it('is not fed when nobody rings the canary for more than two times', async () => {
    while (minute % 5 !== 1) await minutes(1);
    const feeds = await minutes(13, 'ring-canary');
    expect(feeds.slice(0, 11)).toEqual(always(11, true));
    expect(feeds.slice(11)).toEqual(always(2, false));
  });

  it('is not fed when the ledger hears nothing of what was published', async () => {
    while (minute % 5 !== 0) await minutes(1);
    expect((await minutes(2)).every(Boolean)).toBe(true);
    while (minute % 5 !== 0) await minutes(1);
    const feeds = await minutes(5, 'keep-ledger');
    expect(feeds.at(-1)).toBe(false);
    expect(await minutes(1)).toEqual([true]);
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');

  it.each(['sweep-missing', 'escalation-audited', 'canary-late', 'escalation-late', 'watchdog-refused'])(
    'says under %s what it means and what to do',
    (heading) => {
      const [, section] =
        new RegExp(`^#+ \`?${heading}\`?\\n+([\\s\\S]*?)(?=^#+ |(?![\\s\\S]))`, 'm').exec(runbook) ?? [];
      expect(section?.trim().length ?? 0).toBeGreaterThan(100);
    },
  );
});
