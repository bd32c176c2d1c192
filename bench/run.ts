import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAlarms } from './sections/alarms.ts';
import { benchBundles } from './sections/bundles.ts';
import { benchEvidence } from './sections/evidence.ts';
import { benchFastPath } from './sections/fast-path.ts';
import { benchHeartbeats } from './sections/heartbeats.ts';
import { benchSweep } from './sections/sweep.ts';
import { print } from './stats.ts';

/*
 * `npm run bench`: prints figures as JSON lines, and judges none of them. Each is from this run, on this machine, with
 * its n and its spread over the rounds.
 *
 *   npm run bench -- --only heartbeats|alarms|sweep|fast-path|bundles|evidence   --rounds 5   --long
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    /** 100,000 rows of vitals, a year under seal, and longer windows. */
    long: { type: 'boolean', default: false },
  },
});

const rounds = Math.max(1, Number.parseInt(values.rounds, 10) || 5);
const { long } = values;

const sections: Readonly<Record<string, () => Promise<void> | void>> = {
  bundles: () => benchBundles({ rounds: 3 * rounds }),
  heartbeats: () => benchHeartbeats({ rounds }),
  alarms: () => benchAlarms({ seconds: long ? 120 : 40 }),
  sweep: () => benchSweep({ rounds, sizes: long ? [1_000, 10_000, 100_000] : [1_000, 10_000] }),
  'fast-path': () => benchFastPath({ seconds: long ? 300 : 60 }),
  evidence: () =>
    benchEvidence({
      sealedDays: long ? 364 : 89,
      facilities: 10_000,
      notShown: [10, 100, 1_000],
    }),
};

const main = async (): Promise<void> => {
  const chosen = values.only === undefined ? Object.keys(sections) : [values.only];
  print({
    bench: 'machine',
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    platform: `${process.platform} ${process.arch}`,
    at: new Date().toISOString(),
  });
  for (const name of chosen) {
    const section = sections[name];
    if (section === undefined) throw new Error(`there is no section ${name}: ${Object.keys(sections).join(', ')}`);
    await section();
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`the bench broke off: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
