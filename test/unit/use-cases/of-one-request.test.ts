import { describe, expect, it } from 'vitest';
import { facilityRowOfRequest, registryOfRequest } from '../../../shared/use-cases/of-one-request.ts';
import { memoryRegistryStore } from '../../support/memory-stores.ts';
import { aWorld } from '../../support/receiver-world.ts';
import { aFacility, KEY } from '../../support/rows.ts';

/** Counts what is asked, and fails as often as it is told to. */
const counted = <A extends readonly string[], T>(ask: (...about: A) => Promise<T>, failures = 0) => {
  const asked: string[] = [];
  const through = async (...about: A): Promise<T> => {
    asked.push(about.join('/'));
    if (asked.length <= failures) throw new Error('away');
    return ask(...about);
  };
  return { asked, through };
};

const kept = async () => {
  const registry = memoryRegistryStore();
  await registry.putFacility({ ...aFacility(), version: 1 });
  await registry.putKey('f1', 'b1', KEY);
  return registry;
};

describe('the registry of one request', () => {
  it('is asked once for each key and each facility', async () => {
    const registry = await kept();
    const [keys, facilities] = [counted(registry.isKeyLive), counted(registry.readFacility)];
    const seen = registryOfRequest({ isKeyLive: keys.through, readFacility: facilities.through });
    for (const key of [KEY, KEY, 'another', KEY]) expect(await seen.isKeyLive('f1', 'b1', key)).toBe(key === KEY);
    for (const id of ['f1', 'f1', 'f2']) expect((await seen.readFacility(id))?.id).toBe(id === 'f1' ? id : undefined);
    expect(keys.asked).toEqual([`f1/b1/${KEY}`, 'f1/b1/another']);
    expect(facilities.asked).toEqual(['f1', 'f2']);
  });

  it('is asked again where it could not answer', async () => {
    const registry = await kept();
    const keys = counted(registry.isKeyLive, 1);
    const seen = registryOfRequest({ ...registry, isKeyLive: keys.through });
    await expect(seen.isKeyLive('f1', 'b1', KEY)).rejects.toThrow('away');
    expect(await seen.isKeyLive('f1', 'b1', KEY)).toBe(true);
  });

  it('of the next request knows that the key was revoked', async () => {
    const registry = await kept();
    expect(await registryOfRequest(registry).isKeyLive('f1', 'b1', KEY)).toBe(true);
    await registry.removeKey('f1', 'b1', KEY);
    expect(await registryOfRequest(registry).isKeyLive('f1', 'b1', KEY)).toBe(false);
  });
});

describe('the row of a facility in one request', () => {
  it('is read once until somebody moves it, and then as it was left', async () => {
    const { vitals } = await aWorld();
    const rows = counted(vitals.readFacility);
    const seen = facilityRowOfRequest({ ...vitals, readFacility: rows.through });
    const read = async () => {
      const row = await seen.readFacility('f1');
      if (row === undefined) throw new Error('no row');
      return row;
    };
    await read();
    const first = await read();
    expect(rows.asked).toHaveLength(1);
    expect(await seen.patchFacility(first, { recordedAtMs: 5 })).toBe(true);
    expect((await read()).recordedAtMs).toBe(5);
    expect(rows.asked).toHaveLength(2);
  });

  it('that another request moved is read anew after the patch that lost to it', async () => {
    const { vitals } = await aWorld();
    const seen = facilityRowOfRequest(vitals);
    const [row, other] = [await seen.readFacility('f1'), await vitals.readFacility('f1')];
    if (row === undefined || other === undefined) throw new Error('no row');
    await vitals.patchFacility(other, { recordedAtMs: 7 });
    expect(await seen.patchFacility(row, { recordedAtMs: 8 })).toBe(false);
    expect((await seen.readFacility('f1'))?.recordedAtMs).toBe(7);
  });
});
