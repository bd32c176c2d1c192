import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { facilityBodyOf, nurseries } from '../../box/fleet/nurseries.ts';
import { openQueue, type ReportQueue } from '../../box/queue.ts';
import { type Reporter, startReporter } from '../../box/reporter.ts';
import { boxIdentity, newPrivateKeyPem, readPrivateKeyPem } from '../../box/signer.ts';
import { simulateRecorder } from '../../box/simulated-recorder.ts';
import { makeHandler } from '../../functions/receive-heartbeats/handler.ts';
import { makeReceiveHeartbeat } from '../../functions/receive-heartbeats/receive-heartbeats.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { packById } from '../../shared/rule-packs/index.ts';
import { type Engine, startDynalite } from '../support/dynalite.ts';
import { postEvent } from '../support/http-event.ts';
import { type Spent, watchSpending } from '../support/spent.ts';

/** The boxes' sleeping, moved by hand: each waits in here until the clock has come so far. */
const clock = vi.hoisted(() => {
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  let nowMs = Date.parse('2026-03-02T09:00:00+08:00');
  const sleep = (ms: number, _value: unknown, { signal }: { signal: AbortSignal }): Promise<void> =>
    new Promise((resolve) => {
      const sleeper = { atMs: nowMs + ms, wake: resolve };
      sleepers.add(sleeper);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
  const step = (): void => {
    nowMs = Math.max(nowMs, Math.min(...[...sleepers].map(({ atMs }) => atMs)));
    for (const sleeper of [...sleepers]) {
      if (sleeper.atMs > nowMs) continue;
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };
  return { now: () => nowMs, sleep, step };
});
vi.mock('node:timers/promises', () => ({ setTimeout: clock.sleep }));

const API = new URL('https://api.example.com');
/** How long a request is on its way: never the same, never long. */
const wayMs = (n: number): number => (n * 37) % 250;

let engine: Engine;
let directory: string;
const boxes: Reporter[] = [];
const queues: ReportQueue[] = [];
beforeEach(async () => {
  engine = await startDynalite();
  directory = mkdtempSync(join(tmpdir(), 'fast-path-'));
});
afterEach(async () => {
  await Promise.all(boxes.map((box) => box.stop()));
  for (const queue of queues) queue.close();
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The function as it is deployed, on the engine, one request after another: what each cost is known. */
const startApi = async () => {
  const tables = await engine.tables();
  const client = engine.connect();
  const vitals = makeVitalsStore(engine.client, tables.vitals);
  const watched = watchSpending(client);
  const costs: (readonly Spent[])[] = [];
  let requests = 0;
  const receive = makeHandler({
    verify: makeVerifyRequest([API.host]),
    take: makeReceiveHeartbeat({
      vitals: makeVitalsStore(client, tables.vitals),
      records: makeRecordStore(client, tables.records),
    }),
    clock: () => clock.now() + wayMs(requests),
  });
  const answerOf = async (path: string, init: { headers: Record<string, string>; body: Buffer }) => {
    if (path !== '/v1/heartbeats') {
      const reports = JSON.parse(init.body.toString('utf8')) as { id: string }[];
      return { results: reports.map(({ id }) => ({ id, result: 'accepted' })) };
    }
    requests += 1;
    watched.spent.length = 0;
    const headers = Object.fromEntries(
      Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const { body } = await receive(postEvent(path, { host: API.host, ...headers }, init.body));
    costs.push([...watched.spent]);
    return JSON.parse(String(body));
  };
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const post = async (url: URL, init: never): Promise<Response> => {
    waiting += 1;
    const answer = turn.then(() => answerOf(url.pathname, init));
    turn = answer.catch(() => undefined);
    return Response.json(await answer.finally(() => (waiting -= 1)));
  };
  return {
    vitals,
    costs,
    post: post as unknown as typeof fetch,
    isQuiet: () => waiting === 0,
    close: () => client.destroy(),
  };
};

it('the boxes of the demo fleet take the fast path with 99 of 100 ordinary beats, their first ones included', async () => {
  const silentAfterMs = packById('demo@1')?.thresholds.silentAfterMs.value;
  if (silentAfterMs === undefined) throw new Error('no demo pack');
  const api = await startApi();
  let rotate = (): void => {
    throw new Error('nobody rotates its key');
  };
  for (const nursery of nurseries) {
    const isClockOff = nursery.part === 'clock-is-off';
    const nowMs = (): number => clock.now() - (isClockOff ? 600_000 : 0);
    const keys = [1, 2].map(() => boxIdentity(nursery.id, 'box-1', readPrivateKeyPem(newPrivateKeyPem())));
    await api.vitals.announceBox(nursery.id, 'box-1', silentAfterMs, clock.now());
    for (const { key } of keys) await api.vitals.admitKey(nursery.id, 'box-1', key);
    const [identity, next] = keys;
    if (identity === undefined || next === undefined) throw new Error('no keys');
    const cameras = facilityBodyOf(nursery, '12:30', clock.now()).cameras.map(({ id, installedAt }) => ({
      id,
      installedAtMs: Date.parse(installedAt),
    }));
    const queue = openQueue(join(directory, nursery.id));
    queues.push(queue);
    boxes.push(
      startReporter({
        api: API,
        identity,
        queue,
        recorder: simulateRecorder({ cameras, keepsMs: 95 * 86_400_000, nowMs, inputs: ['panic-button', 'smoke'] }),
        clock: { nowMs, monotonicMs: () => clock.now() },
        fetch: api.post,
      }),
    );
    if (nursery.part === 'rotates-its-key') rotate = () => boxes[nurseries.indexOf(nursery)]?.useIdentity(next);
  }
  const enough = nurseries.length * 120;
  while (api.costs.length < enough) {
    // Every report that was due now is answered, before the clock moves on.
    do await new Promise((resolve) => setImmediate(resolve));
    while (!api.isQuiet() || queues.some((queue) => queue.waiting() > 0));
    // Halfway through, one of them signs with its second key: no beat of its is any less ordinary for that.
    if (api.costs.length > enough / 2) rotate();
    clock.step();
  }
  api.close();

  const fast = api.costs.filter((cost) => cost.length === 1 && cost[0]?.command === 'UpdateItem');
  expect(fast.length / api.costs.length).toBeGreaterThanOrEqual(0.99);
  expect(fast.every((cost) => cost[0]?.units === 1)).toBe(true);
}, 60_000);
