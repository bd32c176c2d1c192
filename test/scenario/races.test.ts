import { describe, expect, it } from 'vitest';
import { makeWatch } from '../../functions/watch/watch.ts';
import { interleave } from '../support/memory-stores.ts';
import { nursery } from '../support/nursery.ts';
import { at, scenario, type Timeline } from '../support/timeline.ts';

type Using = Parameters<Timeline['watching']>[0];

/** Runs another sweep on stores that let somebody else act in between. */
const slowSweep = (day: Timeline, using: Using) => makeWatch(day.watching(using))();

describe('two sweeps at once', () => {
  const places = [
    [
      'before the rows are read',
      (day: Timeline, meanwhile: () => unknown): Using => ({
        vitals: interleave(day.kept.vitals, { method: 'readRows', meanwhile }),
      }),
    ],
    [
      'before the incident is put',
      (day: Timeline, meanwhile: () => unknown): Using => ({
        incidents: interleave(day.kept.incidents, { method: 'putIfAbsent', meanwhile }),
      }),
    ],
    [
      'before the next look is dated',
      (day: Timeline, meanwhile: () => unknown): Using => ({
        vitals: interleave(day.kept.vitals, { method: 'patchFacility', meanwhile }),
      }),
    ],
  ] as const;

  it.each(places)('one slow, overtaken %s: one incident, told once', (_, using) =>
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      day.moveTo('10:03:00');
      await slowSweep(
        day,
        using(day, () => day.sweep()),
      );
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00') });
      await day.minutes(5);
      day.expectTold('sun: facility opened monitoring-running');
    })(),
  );

  it(
    'both find a notice due: one claims it, it is published once',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(7);
      day.nowMs += 60_000;
      const incidents = interleave(day.kept.incidents, { method: 'save', meanwhile: () => day.sweep() });
      await slowSweep(day, { incidents });
      day.expectTold('sun: facility opened monitoring-running');
    }),
  );

  it(
    'the slow one saw the silence, the quick one the return: nothing is opened again',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(8);
      day.expectTold('sun: facility opened monitoring-running');
      const meanwhile = async () => {
        day.nowMs += 20_000;
        await day.beat('sun');
        await day.sweep();
      };
      const registry = interleave(day.kept.registry, { method: 'readFacility', meanwhile });
      const vitals = { ...day.kept.vitals, readRows: day.kept.vitals.readRows };
      await slowSweep(day, { vitals, registry: { ...day.kept.registry, readFacility: registry.readFacility } });
      day.expectTold('sun: facility recovered monitoring-running');
      await day.minutes(1, ['sun']);
      expect(day.only()).toMatchObject({ state: 'closed', endedAtMs: at('10:08:20') });
    }),
  );

  it(
    'the slow one saw the nursery well, and closes nothing that was opened since',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.minutes(4);
      day.nowMs += 60_000;
      await day.beat('sun');
      const meanwhile = async () => {
        day.nowMs += 200_000;
        await day.sweep();
      };
      await slowSweep(day, { records: interleave(day.kept.records, { method: 'gapsFrom', meanwhile }) });
      expect(day.only()).toMatchObject({ state: 'open', sinceMs: at('10:03:00') });
    }),
  );
});

describe('the registry is edited between a sweep’s read and its write', () => {
  it(
    'the edit wins: the nursery is looked at again, as it is now',
    scenario('10:00:00', async (day) => {
      const { areas } = nursery('any');
      const facility = await day.register('sun');
      await day.beat('sun');
      const vitals = interleave(day.kept.vitals, {
        method: 'patchFacility',
        meanwhile: () => day.edit(facility, { areas }),
      });
      await slowSweep(day, { vitals });
      expect(day.kept.vitals.rows.facilities.get('sun')).toMatchObject({ dueAtMs: 0, registryVersion: 2 });
      expect(day.kept.vitals.rows.boxes.get('sun/b1')?.judgeFromMs).toBe(at('10:00:00'));
      expect(day.incidents()).toEqual([]);
      await day.minutes(20, ['sun']);
      expect(day.only()).toMatchObject({ rule: 'area-covered', reason: 'no-camera', sinceMs: at('10:10:00') });
      day.expectTold('sun: facility opened area-covered');
    }),
  );

  it(
    'announced and not yet put: nothing moves on until it is',
    scenario('10:00:00', async (day) => {
      const facility = await day.register('sun');
      await day.beat('sun');
      await day.kept.vitals.announceFacility('sun', 2, 1);
      await day.sweep();
      expect(day.kept.vitals.rows.facilities.get('sun')?.dueAtMs).toBe(0);
      await day.kept.registry.putFacility({ ...facility, version: 2 });
      await day.sweep();
      expect(day.kept.vitals.rows.facilities.get('sun')?.dueAtMs).toBeGreaterThan(day.nowMs);
    }),
  );
});

describe('a second gap while the first is being judged', () => {
  it(
    'keeps its mark, and the next sweep finds it',
    scenario('10:00:00', async (day) => {
      await day.register('sun');
      await day.beat('sun');
      await day.sweep();
      day.moveTo('10:05:00');
      await day.beat('sun');
      const meanwhile = async () => {
        for (const minute of ['07', '09', '11', '13', '15', '17', '30']) {
          day.moveTo(`10:${minute}:00`);
          await day.beat('sun');
        }
      };
      await slowSweep(day, { vitals: interleave(day.kept.vitals, { method: 'patchBox', meanwhile }) });
      expect(day.incidents()).toHaveLength(1);
      expect(day.kept.vitals.rows.boxes.get('sun/b1')?.judgeFromMs).toBe(at('10:00:00'));
      await day.minutes(1, ['sun']);
      expect(day.incidents().map(({ sinceMs, endedAtMs, state }) => [sinceMs, endedAtMs, state])).toEqual([
        [at('10:03:00'), at('10:05:00'), 'closed'],
        [at('10:20:00'), at('10:30:00'), 'closed'],
      ]);
      expect(day.kept.vitals.rows.boxes.get('sun/b1')?.judgeFromMs).toBeUndefined();
    }),
  );
});

describe('the sweep runs out of time', () => {
  it(
    'it is not called completed, and the next one resumes where it stopped',
    scenario(
      '10:00:00',
      async (day) => {
        for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await day.register(id);
        for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await day.beat(id);
        day.moveTo('10:03:00');
        let looks = 0;
        const vitals = {
          ...day.kept.vitals,
          readRows: async (id: string) => {
            looks += 1;
            if (looks <= 3) day.nowMs += 20_000;
            return day.kept.vitals.readRows(id);
          },
        };
        const sweep = makeWatch(day.watching({ vitals }));
        expect(await sweep()).toMatchObject({ completed: false, counts: { facilitiesJudged: 3 } });
        expect(day.incidents()).toHaveLength(3);
        expect(await sweep()).toMatchObject({ completed: true });
        expect(day.incidents()).toHaveLength(6);
      },
      { segments: 1, atOnce: 1 },
    ),
  );
});

describe('a storm of old incidents', () => {
  it(
    'comes first for half of the time at most: a new breach is found all the same, and each old one gets its turn',
    scenario(
      '10:00:00',
      async (day) => {
        const old = ['a', 'b', 'c', 'd', 'e', 'f'];
        for (const id of [...old, 'new']) await day.register(id);
        for (const id of [...old, 'new']) await day.beat(id);
        day.moveTo('10:02:00');
        await day.beat('new');
        day.moveTo('10:03:00');
        await day.sweep();
        expect(day.incidents()).toHaveLength(6);
        day.moveTo('10:05:00');
        const looks: string[] = [];
        const vitals = {
          ...day.kept.vitals,
          candidates: async function* () {
            yield ['new'];
          },
          readRows: async (id: string) => {
            looks.push(id);
            day.nowMs += 10_000;
            return day.kept.vitals.readRows(id);
          },
        };
        const sweep = makeWatch(day.watching({ vitals }));
        expect(await sweep()).toMatchObject({ completed: false });
        expect(looks).toEqual(['a', 'b', 'c', 'new', 'd']);
        expect(day.incidents()).toHaveLength(7);
        looks.length = 0;
        await sweep();
        expect(looks.slice(0, 3)).toEqual(['e', 'f', 'new']);
      },
      { segments: 1, atOnce: 1 },
    ),
  );
});

describe('a storm of silences that no sweep has the time to see whole', () => {
  it(
    'is found over the next sweeps, every nursery once: none is looked at again before all had their turn',
    scenario(
      '10:00:00',
      async (day) => {
        const all = Array.from({ length: 20 }, (_, n) => `n${String(n).padStart(2, '0')}`);
        for (const id of all) await day.register(id);
        for (const id of all) await day.beat(id);
        day.moveTo('10:03:00');
        const vitals = {
          ...day.kept.vitals,
          readRows: async (id: string) => {
            day.nowMs += 10_000;
            return day.kept.vitals.readRows(id);
          },
        };
        const sweep = makeWatch(day.watching({ vitals, publisher: { publish: async () => undefined } }));
        for (let run = 1; run <= 10; run += 1) await sweep();
        const found = day.incidents().filter(({ rule }) => rule !== 'storm');
        expect(found.map(({ facilityId }) => facilityId)).toEqual(all);
      },
      { segments: 1, atOnce: 1 },
    ),
  );
});

describe('one nursery in trouble', () => {
  it(
    'does not keep the others from being looked at: counted, told to the log, and the sweep completes',
    scenario('10:00:00', async (day) => {
      for (const id of ['a', 'b', 'c']) await day.register(id);
      for (const id of ['a', 'b', 'c']) await day.beat(id);
      day.moveTo('10:03:00');
      const vitals = {
        ...day.kept.vitals,
        readRows: async (id: string) => {
          if (id === 'b') throw new Error('planned');
          return day.kept.vitals.readRows(id);
        },
      };
      const report = await makeWatch(day.watching({ vitals }))();
      expect(report).toMatchObject({ completed: true, counts: { facilitiesJudged: 2, facilitiesFailed: 1 } });
      expect(day.troubles).toEqual(['facility-failed b: planned']);
      expect(day.incidents().map(({ facilityId }) => facilityId)).toEqual(['a', 'c']);
    }),
  );

  it(
    'if nothing could be looked at, the sweep has not completed',
    scenario('10:00:00', async (day) => {
      await day.register('a');
      const vitals = { ...day.kept.vitals, readRows: () => Promise.reject(new Error('planned')) };
      expect(await makeWatch(day.watching({ vitals }))()).toMatchObject({ completed: false });
    }),
  );
});
