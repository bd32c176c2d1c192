import { addDays } from '../../shared/domain/civil-day.ts';
import { HOUR_MS } from '../../shared/domain/time.ts';
import { sealFacility } from '../../shared/use-cases/seal/seal-facility.ts';
import { sealRegion } from '../../shared/use-cases/seal/seal-region.ts';
import { benchAnswers } from '../evidence/answers.ts';
import { type Call, isOfDigest, isWrite, keptOf, unitsByKind, unitsOf } from '../evidence/calls.ts';
import { benchDivision } from '../evidence/division.ts';
import { keepDays, repeatEvidence, settledMs } from '../evidence/history.ts';
import { drawLastDay, filmLastDay, learnKeys } from '../evidence/live-day.ts';
import { latencyOf, progress } from '../evidence/timed.ts';
import {
  type BenchNursery,
  benchWorld,
  FACILITY,
  KEPT_DAYS,
  LAST_DAY,
  midnight,
  monthKeysOf,
  openNursery,
  sealDeps,
  type World,
} from '../evidence/world.ts';
import { type LiveDay, printYear } from '../evidence/year.ts';
import { print } from '../stats.ts';

export interface EvidenceOptions {
  /** Days before the last that are sealed one after another, and bundled. */
  readonly sealedDays: number;
  readonly facilities: number;
  readonly notShown: readonly number[];
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** The last day as it comes: its reports by the receivers, then the draw, then the seal, each with what it cost. */
const liveDay = async (world: World, nursery: BenchNursery): Promise<LiveDay> => {
  const monthKeys = await monthKeysOf(world, 120);
  await learnKeys(world);
  world.taken();
  progress('sends the reports of a whole day, hour by hour');
  const { tookMs } = await filmLastDay(world, nursery, { hours: HOURS, inOne: true });
  const reports = world.taken();
  const hourly = unitsOf(reports.filter((one) => !isOfDigest(one)));
  print({
    bench: 'evidence',
    part: 'hour',
    receivedMs: latencyOf(tookMs),
    perRequest: {
      readUnits: Math.round(hourly.reads / HOURS.length),
      writeUnits: Math.round(hourly.writes / HOURS.length),
    },
    note: 'one request with the hour of sixteen cameras through receive-recordings',
  });
  progress('draws and answers the challenges of the day');
  const { asked, drawMs, calls } = await drawLastDay(world, nursery, monthKeys);
  return { reports, challenges: calls, asked, drawMs };
};

const sealDays = async (world: World, options: EvidenceOptions): Promise<readonly Call[]> => {
  const tookMs: number[] = [];
  const deps = sealDeps(world);
  let last: readonly Call[] = [];
  world.clock.nowMs = settledMs(LAST_DAY) + 40 * 60_000;
  for (let back = options.sealedDays; back >= 0; back -= 1) {
    const day = addDays(LAST_DAY, -back);
    if (back % 10 === 0) progress(`seals ${day}`);
    const startMs = performance.now();
    await sealFacility(deps, FACILITY, day, Number.POSITIVE_INFINITY);
    tookMs.push(performance.now() - startMs);
    last = world.taken();
  }
  print({
    bench: 'evidence',
    part: 'seal',
    tookMs: latencyOf(tookMs),
    cameras: 16,
    storeCalls: last.length,
    ...unitsOf(last),
    byKind: unitsByKind(last),
    putsUnderLock: 3,
    note: 'one day of one facility through sealFacility; engine in another process, objects and signature in this one',
  });
  progress('seals the region');
  await sealRegion(deps, LAST_DAY, Number.POSITIVE_INFINITY);
  return [...last, ...world.taken()];
};

const underLock = (world: World): { readonly objects: number; readonly bytes: number } => {
  const sizes = [...world.objects.kept.values()].map(({ length }) => length);
  return { objects: sizes.length, bytes: sizes.reduce((sum, one) => sum + one, 0) };
};

/**
 * What evidence costs and how long its answers take: real use cases over the adapters of DynamoDB, on dynalite in a
 * process of its own. Objects under lock are in memory, and a key of this process signs in place of KMS.
 */
export const benchEvidence = async (options: EvidenceOptions): Promise<void> => {
  const world = await benchWorld();
  try {
    const nursery = await openNursery(world, options.sealedDays);
    // Each sealed day speaks of the ninety before it.
    await keepDays(world, options.sealedDays + KEPT_DAYS + 2);
    const day = await liveDay(world, nursery);
    await repeatEvidence(world, options.sealedDays);
    world.taken();
    const seal = await sealDays(world, options);
    world.taken();
    await filmLastDay(world, nursery, { hours: [24], inOne: false });
    const oneByOne = world.taken().filter((one) => !isOfDigest(one));
    world.clock.nowMs = settledMs(LAST_DAY) + 2 * HOUR_MS;
    const puts = [...day.reports, ...day.challenges, ...seal].filter(isWrite);
    printYear({
      ...day,
      seal,
      oneByOne,
      kept: keptOf(puts, midnight(LAST_DAY)),
      objects: underLock(world),
      days: options.sealedDays + 1,
    });
    await benchAnswers(world, options.sealedDays);
  } finally {
    await world.stop();
  }
  await benchDivision(options);
};
