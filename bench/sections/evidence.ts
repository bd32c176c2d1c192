import { addDays } from '../../shared/domain/civil-day.ts';
import { HOUR_MS } from '../../shared/domain/time.ts';
import { sealFacility } from '../../shared/use-cases/seal/seal-facility.ts';
import { sealRegion } from '../../shared/use-cases/seal/seal-region.ts';
import { benchAnswers } from '../evidence/answers.ts';
import { type Call, isOfDigest, isWrite, keptOf, type Run, unitsByKind, unitsOf } from '../evidence/calls.ts';
import { printCost, type Traffic } from '../evidence/cost.ts';
import { benchDivision } from '../evidence/division.ts';
import { keepDays, repeatEvidence, settledMs } from '../evidence/history.ts';
import { drawLastDay, filmLastDay, learnKeys } from '../evidence/live-day.ts';
import { metered } from '../evidence/requests.ts';
import { beatOn, liveRest, repeatRest } from '../evidence/rest-of-day.ts';
import { sweepShare } from '../evidence/sweep-share.ts';
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
import { keptBytes, type LiveDay, printYear, type Year } from '../evidence/year.ts';
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
  progress('sends its coverage, checks and logs');
  await liveRest(world, nursery);
  const rest = world.taken();
  progress('draws and answers the challenges of the day');
  const { asked, drawMs, calls } = await drawLastDay(world, nursery, monthKeys);
  return { reports, rest, challenges: calls, asked, drawMs };
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
    await metered(world, 'seal', () => sealFacility(deps, FACILITY, day, Number.POSITIVE_INFINITY));
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

/** What comes to a box and its facility on one day. The runs of recordings tell how they were sent. */
const trafficsOf = (runs: readonly Run[], { challenges, seal }: Year): readonly Traffic[] => {
  const named = (name: string, of: Run['of'], more: Partial<Traffic> = {}): Traffic => {
    const some = runs.filter((run) => run.of === of);
    return { name, runs: some, perDay: some.length, isRequest: true, ...more };
  };
  const recordings = runs.filter(({ of }) => of === 'receive-recordings').length;
  return [
    named('beats', 'receive-heartbeats', { perDay: 1_440 }),
    // So many for an hour, or one an hour of a whole day.
    named('recordings', 'receive-recordings', {
      perDay: recordings === HOURS.length ? recordings : recordings * HOURS.length,
    }),
    named('digests', 'receive-digests', { perDay: HOURS.length }),
    named('coverage', 'receive-coverage'),
    named('checks', 'receive-checks'),
    named('logs', 'receive-logs'),
    named('challenges answered', 'receive-challenges', { callsOfDay: [] }),
    named('challenges', 'draw-challenges', { perDay: 1, isRequest: false, callsOfDay: challenges }),
    named('seal', 'seal', { perDay: 1, isRequest: false, callsOfDay: seal }),
  ];
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
    await repeatRest(world);
    const seal = await sealDays(world, options);
    world.taken();
    const inOne = world.runs.splice(0);
    await filmLastDay(world, nursery, { hours: [24], inOne: false });
    const singly = world.runs.splice(0);
    const oneByOne = world.taken().filter((one) => !isOfDigest(one));
    world.clock.nowMs = settledMs(LAST_DAY) + 2 * HOUR_MS;
    const puts = [...day.reports, ...day.rest, ...day.challenges, ...seal].filter(isWrite);
    const year = {
      ...day,
      seal,
      oneByOne,
      kept: keptOf(puts, midnight(LAST_DAY)),
      objects: underLock(world),
      days: options.sealedDays + 1,
    };
    printYear(year);
    await benchAnswers(world, options.sealedDays);
    await beatOn(world, nursery);
    const runs = [...inOne, ...world.runs.splice(0)];
    const share = await sweepShare(world);
    printCost('all cameras in one request an hour', trafficsOf(runs, year), share, keptBytes(year));
    const ofRecordings = ({ of }: Run): boolean => of === 'receive-recordings';
    const each = [...runs.filter((one) => !ofRecordings(one)), ...singly.filter(ofRecordings)];
    printCost('each camera in a request of its own', trafficsOf(each, year), share, keptBytes(year));
  } finally {
    await world.stop();
  }
  await benchDivision(options);
};
