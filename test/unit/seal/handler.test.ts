import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../../functions/seal/handler.ts';
import { nameOf } from '../../../functions/seal/name-of-pack.ts';
import { makeSeal } from '../../../functions/seal/seal.ts';
import type { SealWork } from '../../../shared/contracts/day-work.ts';
import { packs } from '../../../shared/rule-packs/index.ts';
import { REGION, SealWorld } from '../../support/seal-world.ts';

const DAY = '2026-11-03';
const eventOf = (...bodies: readonly unknown[]): SQSEvent =>
  ({
    Records: bodies.map((body, n) => ({
      messageId: `m${n}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  }) as unknown as SQSEvent;

const sealing = (world: SealWorld, budgetMs = 60_000) => {
  const again: SealWork[] = [];
  const told: string[] = [];
  const queue = {
    send: async (pieces: readonly SealWork[]) => {
      again.push(...pieces);
    },
  };
  const seal = makeSeal({ ...world.deps(), queue });
  const clock = () => world.nowMs;
  const handler = makeHandler(seal, { clock, budgetMs, tell: (what, about) => told.push(`${what}: ${about}`) });
  return { handler, again, told };
};

const failed = (reply: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  reply.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('the handler of seal', () => {
  it('seals each facility of a batch and the region, and nobody waits for one in trouble', async () => {
    const world = new SealWorld();
    await world.usual('sunshine');
    await world.usual('acorn');
    // What lies under the name of its statement is not what was decided on.
    await world.logs.decideDay({
      facility: 'acorn',
      day: '2026-11-01',
      number: 0,
      statement: 'ab'.repeat(32),
      leafHash: 'ab'.repeat(32),
    });
    const { handler, told } = sealing(world);
    const reply = await handler(
      eventOf({ facility: 'acorn', day: DAY }, { facility: 'sunshine', day: DAY }, 'no JSON', {
        facility: 'sunshine',
        day: DAY,
        more: 1,
      }),
    );
    expect(failed(reply).sort()).toEqual(['m0', 'm2', 'm3']);
    expect(told.sort()).toEqual([
      expect.stringContaining('message refused: m2'),
      expect.stringContaining('message refused: m3'),
      expect.stringContaining('not sealed: {"facility":"acorn"'),
    ]);
    world.expectOneLog('sunshine');
    expect(failed(await handler(eventOf({ region: REGION, day: DAY })))).toEqual([]);
    expect(await world.logs.regionalLeaves(REGION, 0, 9)).toHaveLength(1);
  });

  it('puts back what it had no time for, after one day at least', async () => {
    const world = new SealWorld();
    await world.usual();
    const { handler, again } = sealing(world, 0);
    const work = { facility: 'sunshine', day: DAY };
    for (const days of [1, 2, 3]) {
      expect(failed(await handler(eventOf(work)))).toEqual([]);
      expect(await world.statements()).toHaveLength(days);
    }
    expect(again).toEqual([work, work]);
  });

  it('gives a message back whose rest could not be put back', async () => {
    const world = new SealWorld();
    await world.usual();
    const deps = { ...world.deps(), queue: { send: () => Promise.reject(new Error('the queue is away')) } };
    const tell = () => undefined;
    const handler = makeHandler(makeSeal(deps), { clock: () => world.nowMs, budgetMs: 0, tell });
    expect(failed(await handler(eventOf({ facility: 'sunshine', day: DAY })))).toEqual(['m0']);
  });
});

describe('the pack of a statement', () => {
  it('is named by its version and the digest of the text that was published', () => {
    const names = packs.map(nameOf);
    expect(new Set(names.map(({ id }) => id)).size).toBe(packs.length);
    expect(new Set(names.map(({ digest }) => digest)).size).toBe(packs.length);
    const [pack] = packs;
    if (pack === undefined) throw new Error('there is no pack');
    expect(() => nameOf({ ...pack, version: '99' })).toThrow('has no text');
  });
});
