import { describe, expect, it } from 'vitest';
import { makeCloseDay } from '../../../functions/close-day/close-day.ts';
import { makeHandler } from '../../../functions/close-day/handler.ts';
import type { DayWork, SealWork } from '../../../shared/contracts/day-work.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/time.ts';
import { rangeOf } from '../../../shared/evidence/compact-range.ts';
import type { WorkQueue } from '../../../shared/ports/work-queue.ts';
import { sealFacility } from '../../../shared/use-cases/seal/seal-facility.ts';
import { sealRegion } from '../../../shared/use-cases/seal/seal-region.ts';
import { logged } from '../../support/memory/calls.ts';
import { type FailurePlan, failAt, failing, memorySystemBeats, type RunningPlan } from '../../support/memory-stores.ts';
import { at, LOG, REGION, SealWorld, sealedNursery, ZONE } from '../../support/seal-world.ts';

const DAY = '2026-11-03';
const NEVER: FailurePlan = { at: Number.POSITIVE_INFINITY, when: 'before', dies: true, reads: true };

/** A queue that keeps what it was sent, in order. */
const memoryQueue = <Piece extends object>() => {
  const waiting: Piece[] = [];
  const queue: WorkQueue<Piece> = logged({
    send: async (pieces: readonly Piece[]) => {
      waiting.push(...structuredClone(pieces));
    },
  });
  return { queue, waiting };
};

/** A stack at night: what `close-day` is given, and who works off its queue. */
class Night {
  readonly world = new SealWorld();
  readonly beats = memorySystemBeats();
  readonly seal = memoryQueue<SealWork>();
  readonly draw = memoryQueue<DayWork>();
  readonly purge = memoryQueue<DayWork>();

  constructor() {
    this.world.nowMs = at('2026-11-04') + 15 * MINUTE_MS;
  }

  look(running: RunningPlan = failAt(NEVER)) {
    const { world } = this;
    const dying = <T extends object>(store: T): T => failing(store, running);
    return makeCloseDay({
      registry: dying(world.registry),
      logs: dying(world.logs),
      beats: dying(this.beats),
      sealQueue: dying(this.seal.queue),
      drawQueue: dying(this.draw.queue),
      purgeQueue: dying(this.purge.queue),
      packFor: () => world.pack,
      logName: LOG,
      region: REGION,
      zone: ZONE,
      clock: () => world.nowMs,
    })();
  }

  /** The next look, a quarter of an hour later. */
  async next() {
    this.world.nowMs += 15 * MINUTE_MS;
    return this.look();
  }

  /** Works off the seal queue but for these facilities, which fail. */
  async work(failingOnes: readonly string[] = []): Promise<void> {
    for (const piece of this.seal.waiting.splice(0)) {
      if ('region' in piece) await sealRegion(this.world.deps(), piece.day, Number.POSITIVE_INFINITY);
      else if (!failingOnes.includes(piece.facility)) {
        await sealFacility(this.world.deps(), piece.facility, piece.day, Number.POSITIVE_INFINITY);
      }
    }
  }
}

/** The hashes from which this log goes on are not what was kept. */
const unreadableFor =
  (facility: string, readHead: SealWorld['logs']['readHead']): SealWorld['logs']['readHead'] =>
  async (origin) => {
    if (origin === `${LOG}/f/${facility}`) rangeOf(3, []);
    return readHead(origin);
  };

const twoNurseries = async (): Promise<Night> => {
  const night = new Night();
  for (const [id, division] of [
    ['sunshine', '321202001'],
    ['acorn', '321203001'],
  ] as const) {
    await night.world.register(sealedNursery(id, { division, cameras: [] }));
  }
  return night;
};

describe('the closing of a day', () => {
  it('asks for every facility, then for the region, and is done when the region has the day', async () => {
    const night = await twoNurseries();
    expect(await night.look()).toEqual({ day: DAY, step: 'sealing', behind: 0 });
    const both = [
      { facility: 'sunshine', day: DAY },
      { facility: 'acorn', day: DAY },
    ];
    for (const { waiting } of [night.seal, night.draw, night.purge]) expect(waiting).toEqual(both);
    await night.work();
    expect(await night.next()).toMatchObject({ step: 'sealing' });
    expect(night.seal.waiting).toEqual([{ region: REGION, day: DAY }]);
    await night.work();
    expect(await night.next()).toMatchObject({ step: 'sealed', behind: 0 });
    expect(await night.next()).toMatchObject({ step: 'sealed', behind: 0 });
    expect(night.seal.waiting).toEqual([]);
    expect(night.draw.waiting).toEqual(both);
    expect(await night.world.logs.readRun(DAY)).toMatchObject({ step: 'sealed', asked: 2 });
    expect(await night.world.logs.regionalLeaves(REGION, 0, 10)).toHaveLength(2);
  });

  it('begins a quarter of an hour after midnight, with the day that ended', async () => {
    const night = await twoNurseries();
    night.world.nowMs -= 1;
    expect(await night.look()).toMatchObject({ day: '2026-11-02' });
    night.world.nowMs += 1;
    expect(await night.look()).toMatchObject({ day: DAY });
  });

  it('asks whoever is behind again after an hour, and tells of it after two', async () => {
    const night = await twoNurseries();
    await night.look();
    const reports: number[] = [];
    const asked: number[] = [];
    for (let look = 1; look <= 8; look += 1) {
      await night.work(['acorn']);
      reports.push((await night.next()).behind);
      if (night.seal.waiting.length > 0) {
        expect(night.seal.waiting).toEqual([{ facility: 'acorn', day: DAY }]);
        asked.push(look);
      }
    }
    // The fourth look is an hour after the asking; the seventh two hours after midnight.
    expect(asked).toEqual([4, 8]);
    expect(reports).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
    expect(await night.world.logs.readHead(`${LOG}/region/${REGION}`)).toBeUndefined();
  });

  it('lets the region go on after six hours, and lists who is not sealed; the next day makes it up', async () => {
    const night = await twoNurseries();
    await night.look();
    await night.work(['acorn']);
    night.world.nowMs = at('2026-11-04', 6);
    expect(await night.look()).toMatchObject({ step: 'sealing', behind: 1 });
    await night.work(['acorn']);
    expect(await night.next()).toMatchObject({ step: 'sealed', behind: 1 });
    const listed = await night.world.logs.listNotShown('321203', DAY);
    expect(listed).toEqual([
      { facility: 'acorn', division: '321203001', day: DAY, state: 'unknown', reason: 'not-sealed' },
    ]);
    night.world.nowMs = at('2026-11-05', 1);
    await night.look();
    await night.work();
    await night.next();
    await night.work();
    expect(await night.next()).toMatchObject({ day: '2026-11-04', step: 'sealed', behind: 0 });
    const leaves = await night.world.logs.regionalLeaves(REGION, 0, 10);
    expect(leaves.map(({ facility, size, day }) => [facility, size, day])).toEqual([
      ['sunshine', 3, DAY],
      ['acorn', 4, '2026-11-04'],
      ['sunshine', 4, '2026-11-04'],
    ]);
    const [now] = await night.world.logs.listNotShown('321203', DAY);
    expect(now).toMatchObject({ reason: 'no-cameras' });
  });

  it('counts one whose log cannot be read as behind, and closes the day of all others', async () => {
    const night = await twoNurseries();
    await night.look();
    await night.work(['acorn']);
    night.world.logs.readHead = unreadableFor('acorn', night.world.logs.readHead);
    expect(await night.next()).toMatchObject({ step: 'sealing' });
    night.world.nowMs = at('2026-11-04', 6);
    expect(await night.look()).toMatchObject({ step: 'sealing', behind: 1 });
    await night.work(['acorn']);
    expect(await night.next()).toMatchObject({ step: 'sealed', behind: 1 });
    const leaves = await night.world.logs.regionalLeaves(REGION, 0, 10);
    expect(leaves.map(({ facility }) => facility)).toEqual(['sunshine']);
    expect(night.world.told).toContain('checkpoint-refused acorn');
  });

  it('asks of one that owes nothing any more only that what is old is removed', async () => {
    const night = await twoNurseries();
    await night.world.register(
      sealedNursery('gone', {
        registeredAtMs: at('2026-01-01'),
        state: { is: 'closed', sinceMs: at('2026-10-01') },
      }),
    );
    await night.look();
    expect(night.seal.waiting.map((one) => 'facility' in one && one.facility)).toEqual(['sunshine', 'acorn']);
    expect(night.purge.waiting.map(({ facility }) => facility)).toContain('gone');
    await night.work();
    await night.next();
    await night.work();
    expect(await night.next()).toMatchObject({ step: 'sealed' });
  });

  it('keeps how far it came: killed at any call, the next looks ask for all, and for nobody too seldom', async () => {
    const asked = (night: Night) => new Set(night.seal.waiting.map((one) => JSON.stringify(one)));
    const calm = failAt(NEVER);
    const untouched = await twoNurseries();
    await untouched.look(calm);
    expect(calm.seen).toBeGreaterThan(8);
    for (let step = 1; step <= calm.seen; step += 1) {
      for (const when of ['before', 'after'] as const) {
        const night = await twoNurseries();
        const running = failAt({ ...NEVER, at: step, when });
        await expect(night.look(running)).rejects.toThrow(UnavailableError);
        await night.next();
        expect(asked(night)).toEqual(asked(untouched));
        await night.work();
        await night.next();
        await night.work();
        expect(await night.next()).toMatchObject({ step: 'sealed' });
      }
    }
  });

  it('goes on at its cursor, and stops by its own budget', async () => {
    const night = await twoNurseries();
    const { clock } = { clock: () => night.world.nowMs };
    const slow: typeof night.seal.queue = {
      send: async (pieces) => {
        night.world.nowMs = clock() + 4 * MINUTE_MS;
        await night.seal.queue.send(pieces);
      },
    };
    const look = () =>
      makeCloseDay({
        registry: night.world.registry,
        logs: night.world.logs,
        beats: night.beats,
        sealQueue: slow,
        drawQueue: night.draw.queue,
        purgeQueue: night.purge.queue,
        packFor: () => night.world.pack,
        logName: LOG,
        region: REGION,
        zone: ZONE,
        clock,
      })();
    expect(await look()).toMatchObject({ step: 'asking' });
    expect(night.seal.waiting).toEqual([{ facility: 'sunshine', day: DAY }]);
    expect(await look()).toMatchObject({ step: 'sealing' });
    expect(night.seal.waiting).toHaveLength(2);
  });

  it('leaves the run to somebody else who moved it meanwhile', async () => {
    const night = await twoNurseries();
    await Promise.all([night.look(), night.look()]);
    expect(await night.world.logs.readRun(DAY)).toMatchObject({ step: 'sealing', asked: 2 });
    expect(new Set(night.seal.waiting.map((one) => JSON.stringify(one))).size).toBe(2);
  });

  it('closes the day of a stack without a facility', async () => {
    const night = new Night();
    await night.look();
    await night.next();
    await night.work();
    expect(await night.next()).toMatchObject({ step: 'sealed' });
  });
});

describe('the verifier is watched', () => {
  const closed = async (): Promise<Night> => {
    const night = await twoNurseries();
    await night.look();
    await night.work();
    await night.next();
    await night.work();
    await night.next();
    return night;
  };

  it('and missed once a day is older than the last, never before', async () => {
    const night = await closed();
    expect((await night.next()).verifier).toBeUndefined();
    night.world.nowMs = at('2026-11-05', 1);
    expect((await night.next()).verifier).toBe('verifier-never-ran');
    await night.beats.beat('evidence-verified', night.world.nowMs);
    expect((await night.next()).verifier).toBeUndefined();
  });

  it('and has stopped after 26 hours, not a millisecond before', async () => {
    const night = await closed();
    await night.beats.beat('evidence-verified', night.world.nowMs);
    night.world.nowMs += 26 * HOUR_MS - 1;
    expect((await night.look()).verifier).toBeUndefined();
    night.world.nowMs += 1;
    expect((await night.look()).verifier).toBe('verifier-stopped');
  });
});

describe('the handler of close-day', () => {
  const counted = async (report: Awaited<ReturnType<Night['look']>>) => {
    const metrics: [string, number][] = [];
    const handler = makeHandler(async () => report, {
      logger: { info: () => undefined },
      metrics: {
        addMetric: (name, _unit, value) => metrics.push([name, value]),
        publishStoredMetrics: () => undefined,
      },
    });
    await handler();
    return metrics;
  };

  it('counts a closed day at each look, who is behind, and what is wrong with the verifier', async () => {
    expect(await counted({ day: DAY, step: 'sealed', behind: 0 })).toEqual([
      ['day-closed', 1],
      ['facilities-not-sealed', 0],
    ]);
    expect(await counted({ day: DAY, step: 'sealing', behind: 3, verifier: 'verifier-stopped' })).toEqual([
      ['facilities-not-sealed', 3],
      ['verifier-stopped', 1],
    ]);
  });
});
