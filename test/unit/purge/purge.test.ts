import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/purge/handler.ts';
import { makePurge } from '../../../functions/purge/purge.ts';
import type { DayWork } from '../../../shared/contracts/day-work.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import { DAY_MS } from '../../../shared/domain/time.ts';
import { memoryEvidenceStore, memoryRegistryStore } from '../../support/memory-stores.ts';
import { nursery } from '../../support/nursery.ts';

const TODAY = '2026-03-02';
/** 400 days before, in Shanghai: what was received before its end goes. */
const LAST_TO_GO_MS = Date.parse('2025-01-27T00:00:00+08:00');
const work: DayWork = { facility: 'sun', day: TODAY };

const world = async (over: Partial<Facility> = {}, lastDay: string | undefined = TODAY) => {
  const evidence = memoryEvidenceStore();
  const registry = memoryRegistryStore();
  await registry.putFacility(nursery('sun', over));
  const sent: DayWork[] = [];
  const told: string[] = [];
  const clock = { nowMs: 0 };
  const deps = {
    evidence,
    registry,
    logs: { readHead: async () => lastDay && ({ lastDay } as never) } as never,
    queue: { send: async (pieces: readonly DayWork[]) => void sent.push(...pieces) },
    logName: 'city',
    clock: () => clock.nowMs,
    tell: (what: string) => void told.push(what),
  };
  const put = (receivedAtMs: number, id = 'a', facility = 'sun') =>
    evidence.put({ facility, kind: 'logs', id, receivedAtMs, digest: 'd', content: {} });
  const instants = () => [...evidence.kept.values()].map(({ receivedAtMs }) => receivedAtMs);
  return { deps, evidence, put, instants, sent, told, clock, purge: makePurge(deps) };
};

describe('purge', () => {
  it('removes whole local days that ended 400 days ago, and not a millisecond more', async () => {
    const { purge, put, instants, told } = await world();
    const edge = LAST_TO_GO_MS;
    for (const ms of [edge - 300 * DAY_MS, edge - 1, edge, edge + DAY_MS]) await put(ms);
    await put(edge - 1, 'a', 'moon');
    await purge(work, 1);
    expect(instants()).toEqual([edge, edge + DAY_MS, edge - 1]);
    expect(told).toEqual([]);
  });

  it('removes them from the lists of objections and of who looked as well', async () => {
    const { purge, put, instants } = await world();
    for (const list of ['objection~sun', 'access~sun', 'access~moon']) await put(LAST_TO_GO_MS - 1, list, list);
    await put(LAST_TO_GO_MS, 'kept', 'access~sun');
    await purge(work, 1);
    expect(instants()).toEqual([LAST_TO_GO_MS - 1, LAST_TO_GO_MS]);
  });

  it('removes nothing of a day that is not sealed, and says so', async () => {
    const { purge, put, instants, told } = await world({ registeredAtMs: 0 }, '2025-01-20');
    const sealedEnd = Date.parse('2025-01-21T00:00:00+08:00');
    await put(sealedEnd - 1);
    await put(sealedEnd);
    await purge(work, 1);
    expect(instants()).toEqual([sealedEnd]);
    expect(told).toHaveLength(1);
  });

  it('of a facility without a log removes nothing; of a closed one it waits for no log', async () => {
    const { purge, put, instants } = await world();
    const none = await world();
    const noLog = makePurge({ ...none.deps, logs: { readHead: async () => undefined } });
    await none.put(0);
    await noLog(work, 1);
    expect(none.instants()).toEqual([0]);
    const closed = await world({ state: { is: 'closed', sinceMs: 0 } });
    await closed.put(0);
    await makePurge({ ...closed.deps, logs: { readHead: async () => undefined } })(work, 1);
    expect(closed.instants()).toEqual([]);
    await put(0);
    await purge({ ...work, facility: 'nobody' }, 1);
    expect(instants()).toEqual([0]);
  });

  it('removes what auditors asked of the divisions around it, and of every division', async () => {
    const { deps, put, evidence } = await world({ division: '321202001' });
    const places = ['32', '3212', '321202', '321202001', 'every', '3213', '321203'].map(
      (prefix) => `division~${prefix}`,
    );
    for (const place of places) for (const ms of [LAST_TO_GO_MS - 1, LAST_TO_GO_MS]) await put(ms, 'a', place);
    await makePurge({ ...deps, logs: { readHead: async () => undefined } })(work, 1);
    const left = [...evidence.kept.values()].filter(({ receivedAtMs }) => receivedAtMs < LAST_TO_GO_MS);
    expect(left.map(({ facility }) => facility)).toEqual(['division~3213', 'division~321203']);
    expect(evidence.kept.size).toBe(9);
  });

  it('goes on in another run when its time is up', async () => {
    const { purge, put, instants, sent, clock } = await world();
    for (let n = 0; n < 201; n += 1) await put(n);
    clock.nowMs = 10;
    await purge(work, 10);
    expect(sent).toEqual([work]);
    expect(instants()).toHaveLength(201);
    await purge(work, 11);
    expect(instants()).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

describe('the messages of purge', () => {
  const event = (...bodies: readonly string[]) =>
    ({ Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) }) as unknown as SQSEvent;
  const observers = { clock: () => 0, budgetMs: 1, tell: () => undefined };

  it('come again one by one when they failed or are none', async () => {
    const handler = makeHandler(async ({ facility }) => {
      if (facility === 'moon') throw new UnavailableError('down');
    }, observers);
    const moon = JSON.stringify({ ...work, facility: 'moon' });
    const { batchItemFailures } = await handler(event(JSON.stringify(work), moon, '{"facility":"sun"}'));
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m1', 'm2']);
  });
});
