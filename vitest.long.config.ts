import { defineConfig } from 'vitest/config';

/** The longer runs: more kills, more generated days. Everything here also has a short form in `npm test`. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
});
