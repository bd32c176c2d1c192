import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory, everyMinute } from '../support/camera-days-checks.ts';
import { aHistory } from '../support/camera-histories.ts';

/** A failure prints its seed, its path and the smallest history; `SEED=<n>` repeats the run. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

describe(`random histories of an area, minute by minute (seed ${seed})`, () => {
  it('are judged as a brute-force bitmap of minutes judges them', () => {
    expect(() =>
      fc.assert(
        fc.property(aHistory, (history) => checkHistory(history, everyMinute(history))),
        { seed, numRuns: 2_000 },
      ),
    ).not.toThrow();
  });
});
