import { describe, expect, it } from 'vitest';
import { SealWorld } from '../../support/seal-world.ts';

describe('a facility is sealed', () => {
  it('day by day from its registration, each statement naming the one before it', async () => {
    const world = new SealWorld();
    await world.usual();
    expect(await world.seal()).toBe('done');
    world.expectOneLog();
    const statements = await world.statements();
    expect(statements.map(({ day, number }) => [day, number])).toEqual([
      ['2026-11-01', 0],
      ['2026-11-02', 1],
      ['2026-11-03', 2],
    ]);
    expect(statements.map(({ received }) => received.size)).toEqual([2, 2, 2]);
    const [, , last] = statements;
    // Installed at ten on the first day; the last two hours of the third may still be reported.
    expect(last?.cameras.map(({ camera, hours }) => [camera, hours])).toEqual([
      ['c1', 'n10h60n2'],
      ['c2', 'n10h17x1h42n2'],
    ]);
    expect(last?.uptime).toEqual({ requiredMs: 86_400_000, shownMs: 86_400_000, missingMs: 0, unknownMs: 0 });
  });

  it('once: sealing again changes nothing', async () => {
    const world = new SealWorld();
    await world.usual();
    await world.seal();
    const before = world.outcome();
    expect(await world.seal()).toBe('done');
    expect(world.outcome()).toEqual(before);
  });
});
