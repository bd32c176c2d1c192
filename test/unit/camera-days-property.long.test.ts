import fc from 'fast-check';
import { it } from 'vitest';
import { checkHistory, everyMinute } from '../support/camera-days-checks.ts';
import { aHistory } from '../support/camera-histories.ts';

/** A failure prints its seed, its path and the smallest history; `SEED=<n>` repeats the run. */
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

it(`judges 100,000 random histories as a brute-force bitmap of minutes does (seed ${seed})`, () => {
  fc.assert(
    fc.property(aHistory, (history) => checkHistory(history, everyMinute(history))),
    { seed, numRuns: 100_000 },
  );
});
