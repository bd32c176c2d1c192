import { describe, expect, it } from 'vitest';
import type { Facility } from '../../shared/domain/facility.ts';
import { originOfRegion } from '../../shared/evidence/regional.ts';
import { EVERY_DIVISION } from '../../shared/use-cases/audit/own-records.ts';
import type { SealDeps } from '../../shared/use-cases/seal/dependencies.ts';
import { type FailurePlan, failAt, failing, memoryRegistryStore, type RunningPlan } from '../support/memory-stores.ts';
import { at, LOG, REGION, SealWorld, sealedNursery } from '../support/seal-world.ts';
import { Turns } from '../support/turns.ts';

const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before', dies: true, reads: true };

/** The same doubles, each call of which goes through `around`: whatever sealing comes to call is covered by itself. */
const through = (world: SealWorld, around: <T extends object>(store: T) => T): Partial<SealDeps> => {
  const signer = around(world.signer);
  return {
    logs: around(world.logs),
    objects: around(world.objects),
    evidence: around(world.evidence),
    records: around(world.records),
    registry: around(world.registry),
    vitals: around(world.vitals),
    challenges: around(world.challenges),
    keys: async () => ({
      ...world.logKeys,
      signer: { ...world.logKeys.signer, sign: (bytes) => signer.sign(bytes) },
    }),
  };
};

const dying = (world: SealWorld, plan: RunningPlan) => through(world, (store) => failing(store, plan));

const oneCamera = { cameras: sealedNursery('any').cameras.slice(1) };

/** A facility whose days lack from the second on, one without cameras that lacks all, and the region over both; somebody asked about all. */
const twoFacilities = async (): Promise<SealWorld> => {
  const world = new SealWorld();
  await world.usual('sunshine', oneCamera);
  await world.usual('acorn', { cameras: [] });
  for (const day of ['2026-11-02', '2026-11-03']) {
    const asked = { facility: EVERY_DIVISION, kind: 'access', id: day, receivedAtMs: at(day, 9) } as const;
    await world.keepOwn({ ...asked, body: {} });
  }
  world.nowMs = at('2026-11-03', 1);
  await world.seal('sunshine', '2026-11-01');
  world.nowMs = at('2026-11-04', 1);
  return world;
};

/** A run of the queue's messages; `over` is by what it works. */
const closing = async (world: SealWorld, over: Partial<SealDeps>): Promise<void> => {
  await world.seal('sunshine', '2026-11-03', over);
  await world.seal('acorn', '2026-11-02', over);
  await world.region('2026-11-02', over);
  await world.seal('acorn', '2026-11-03', over);
  await world.region('2026-11-03', over);
};

const calmly = async () => {
  const world = await twoFacilities();
  const running = failAt(NEVER);
  await closing(world, dying(world, running));
  return { world, running };
};

const killed = async (plan: FailurePlan, meanwhile?: (world: SealWorld) => Promise<void>) => {
  const world = await twoFacilities();
  const running = failAt(plan);
  await closing(world, dying(world, running)).catch(() => undefined);
  running.restart();
  await meanwhile?.(world);
  return { world, running };
};

describe('a seal that is killed', () => {
  it('before or after any call that it makes, ends when it is run again in the same log and the same bytes', async () => {
    const calm = await calmly();
    const expected = calm.world.outcome();
    expect(expected.days).toHaveLength(2 * 3 + 2);
    expect(expected.checkpoints).toHaveLength(2 * 3 + 2);
    expect(expected.notShown.length).toBeGreaterThan(2);
    const calls = calm.running.seen;
    expect(calls).toBeGreaterThan(100);
    const writes = (await killed({ ...NEVER, reads: false })).running.seen;
    expect(writes).toBeGreaterThan(30);
    const plans: FailurePlan[] = [
      ...Array.from({ length: calls }, (_, n) => ({ ...NEVER, at: n + 1 })),
      // Dying after a read is dying before the next call.
      ...Array.from({ length: writes }, (_, n) => ({ ...NEVER, at: n + 1, reads: false, when: 'after' as const })),
    ];
    for (const plan of plans) {
      const { world, running } = await killed(plan);
      expect(running.fired, JSON.stringify(plan)).toBe(true);
      await closing(world, {});
      expect({ plan, ...world.outcome() }).toEqual({ plan, ...expected });
    }
    calm.world.expectOneLog('sunshine');
    calm.world.expectOneLog('acorn');
  });

  it('twice, at any two of its writes, ends in the same', async () => {
    const expected = (await calmly()).world.outcome();
    const writes = { dies: true, at: Number.POSITIVE_INFINITY, when: 'before' } as const;
    const counted = failAt(writes);
    const counting = await twoFacilities();
    await closing(counting, dying(counting, counted));
    expect(counted.seen).toBeGreaterThan(30);
    for (let first = 1; first <= counted.seen; first += 1) {
      const { world } = await killed({ ...writes, at: first, when: 'after' });
      const again = failAt({ ...writes, at: 1 + (first % 7), when: first % 2 === 0 ? 'before' : 'after' });
      await closing(world, dying(world, again)).catch(() => undefined);
      again.restart();
      await closing(world, {});
      expect({ first, ...world.outcome() }).toEqual({ first, ...expected });
    }
  });

  it('leaves nothing of a decided day to a registry that is edited before the next run', async () => {
    const calm = await calmly();
    const renovated = async (world: SealWorld): Promise<void> => {
      const read = (await world.registry.readFacility('sunshine')) as Facility;
      const cameras = read.cameras.map((camera) => ({ ...camera, areas: ['hall'] })).slice(0, 1);
      await world.registry.putFacility({ ...read, version: 2, division: '321203001', cameras });
    };
    let changed = 0;
    for (let step = 1; step <= calm.running.seen; step += 3) {
      const { world } = await killed({ ...NEVER, at: step, when: 'after' }, renovated);
      const decided = [...world.logs.kept.days];
      const notes = [...world.logs.kept.checkpoints];
      await closing(world, {});
      for (const [key, day] of decided) expect(world.logs.kept.days.get(key)).toEqual(day);
      for (const [key, note] of notes) expect(world.logs.kept.checkpoints.get(key)).toEqual(note);
      world.expectOneLog('sunshine');
      world.expectOneLog('acorn');
      // What the list says of a day is of the day as it was decided.
      for (const { facility, day, division } of world.logs.kept.notShown.values()) {
        expect(world.logs.kept.days.get(`${facility}#${day}`)?.notShown?.division).toBe(division);
      }
      const [last] = [...world.logs.kept.days.values()].filter(
        ({ day, facility }) => day === '2026-11-03' && facility === 'sunshine',
      );
      if (last?.statement !== calm.world.logs.kept.days.get('sunshine#2026-11-03')?.statement) changed += 1;
    }
    // The edit did change what was not decided yet.
    expect(changed).toBeGreaterThan(5);
  });
});

/** Two facilities were sealed up to the second day: a run has the third day of one, then the region. */
const oneDayLeft = async (): Promise<SealWorld> => {
  const world = new SealWorld();
  await world.usual('sunshine', oneCamera);
  await world.register(sealedNursery('acorn', { cameras: [] }));
  for (const day of ['2026-11-01', '2026-11-02']) {
    await world.seal('sunshine', day);
    await world.seal('acorn', day);
  }
  await world.region('2026-11-02');
  await world.seal('acorn', '2026-11-03');
  return world;
};

const day = async (world: SealWorld, over: Partial<SealDeps>): Promise<void> => {
  await world.seal('sunshine', '2026-11-03', over);
  await world.region('2026-11-03', over);
};

const together = async (order: Iterator<string>) => {
  const world = await oneDayLeft();
  const turns = new Turns();
  const run = (name: string) => () =>
    day(
      world,
      through(world, (store) => turns.of(name, store)),
    );
  await turns.drive({ a: run('a'), b: run('b') }, order);
  return { world, turns };
};

/** So many calls of one run, then of the other, by turns; then the first to its end. */
const legs = function* (...lengths: readonly number[]): Generator<string> {
  for (const [leg, length] of lengths.entries()) for (let n = 0; n < length; n += 1) yield leg % 2 === 0 ? 'a' : 'b';
  for (;;) yield lengths.length % 2 === 0 ? 'a' : 'b';
};

/** A coin from a seed. */
const coins = function* (seed: number): Generator<string> {
  for (let state = seed * 2_654_435_761 + 1; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 31 === 0 ? 'a' : 'b';
  }
};

describe('two seals at once', () => {
  it('interleaved at every call, end in the same log and the same bytes', async () => {
    const calm = await oneDayLeft();
    await day(calm, {});
    const expected = calm.outcome();
    const alone = (await together(legs(Number.POSITIVE_INFINITY))).turns.made.get('a') ?? 0;
    expect(alone).toBeGreaterThan(25);
    const orders: [string, Iterator<string>][] = [];
    for (let first = 0; first <= alone; first += 1) {
      orders.push([`a ${first}, then b`, legs(first, Number.POSITIVE_INFINITY)]);
      for (const second of [1 + (first % 11), 12 + (first % 13)])
        orders.push([`a ${first}, b ${second}, a`, legs(first, second)]);
    }
    for (let seed = 1; seed <= 20; seed += 1) orders.push([`coin ${seed}`, coins(seed)]);
    for (const [name, order] of orders) {
      const { world } = await together(order);
      expect({ name, ...world.outcome() }).toEqual({ name, ...expected });
    }
    calm.expectOneLog('sunshine');
  });

  it('that see other facts, end in one log all the same', async () => {
    const stated = new Set<string | undefined>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = await oneDayLeft();
      const edited = memoryRegistryStore();
      const read = (await world.registry.readFacility('sunshine')) as Facility;
      await edited.putFacility({ ...read, version: 1, cameras: [] });
      await edited.putFacility((await world.registry.readFacility('acorn')) as Facility);
      const turns = new Turns();
      const run = (name: string, registry: SealDeps['registry']) => () =>
        day(world, { ...through(world, (store) => turns.of(name, store)), registry: turns.of(name, registry) });
      await turns.drive({ a: run('a', world.registry), b: run('b', edited) }, coins(seed));
      world.expectOneLog('sunshine');
      stated.add(world.logs.kept.days.get('sunshine#2026-11-03')?.statement);
      const region = world.logs.kept.heads.get(originOfRegion(LOG, REGION));
      expect(region).toMatchObject({ lastDay: '2026-11-03', range: { size: 4 } });
    }
    // Now the one, now the other was first.
    expect(stated.size).toBe(2);
  });
});
