import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory, everyEdge, everyMinute } from '../support/camera-days-checks.ts';
import { aHistory, edgyHistory, type History, instantsIn, moved } from '../support/camera-histories.ts';
import { judge, localDay, sources, states } from '../support/camera-oracle.ts';

/** A failure prints its seed, its path and the smallest history; `SEED=<n>` repeats the run. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

describe(`random histories of an area (seed ${seed})`, () => {
  it('are judged as a brute-force bitmap of minutes judges them', () => {
    fc.assert(
      fc.property(aHistory, (history) => checkHistory(history, everyMinute(history))),
      { seed, numRuns: 2_000 },
    );
  });

  it('are judged to the millisecond, where every instant is moved by one or by none', () => {
    const moves = fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(aHistory, moves, (history, by) => {
        const shaken = moved(history, (n) => by[n % by.length] ?? 0);
        checkHistory(shaken, everyEdge(shaken));
      }),
      { seed, numRuns: 300 },
    );
  });

  it('hold every state and every source often enough to tell', () => {
    const seen = new Map<string, number>();
    const count = (word: string): unknown => seen.set(word, (seen.get(word) ?? 0) + 1);
    for (const history of fc.sample(aHistory, { seed: 1, numRuns: 200 })) {
      const { instants } = everyMinute(history);
      for (const camera of history.cameras) {
        const judged = judge(history, camera, instants);
        for (const state of new Set(judged.states)) count(states[state] ?? '');
        for (const source of new Set(instants.map((_, at) => judged.sourceOf(at)))) {
          if (source !== undefined) count(sources[source] ?? '');
        }
      }
    }
    for (const word of [...states, 'inTimeMs', 'undatedMs', 'lateMs']) expect(seen.get(word), word).toBeGreaterThan(10);
  });
});

describe('a history with every edge on its limit', () => {
  const hoursOn = (history: History): readonly number[] => {
    const { instants } = everyMinute(history);
    return history.days.map((day) => instants.filter((ms) => localDay(ms, history.zone) === day).length / 60);
  };

  it('has a day of 25 hours', () => {
    expect(hoursOn(edgyHistory)).toEqual([24, 24, 25, 24]);
  });

  it('is judged to the millisecond, and so with each of its instants a millisecond earlier or later', () => {
    checkHistory(edgyHistory, everyEdge(edgyHistory));
    const count = instantsIn(edgyHistory);
    expect(count).toBeGreaterThan(70);
    for (let n = 0; n < count; n += 1) {
      for (const by of [-1, 1]) {
        const shifted = moved(edgyHistory, (at) => (at === n ? by : 0));
        checkHistory(shifted, everyEdge(shifted));
      }
    }
  });
});
