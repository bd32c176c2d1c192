import { addDays } from '../../shared/domain/civil-day.ts';
import { countyOf, type Facility } from '../../shared/domain/facility.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { listNotShown, type NotShownDeps } from '../../shared/use-cases/audit/not-shown.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { nursery } from '../../test/support/nursery.ts';
import { print } from '../stats.ts';
import { auditor } from './answers.ts';
import { unitsByKind, unitsOf } from './calls.ts';
import { latencyOf, progress } from './timed.ts';
import { benchWorld, LAST_DAY, midnight, REGION, type World, wholeDay, ZONE } from './world.ts';

const COUNTIES = ['321202', '321203', '321204', '321281', '321282', '321283'];
const AT_ONCE = 16;
/** A page of the list that a reader takes at once. */
const PAGE = 100;
/** A recorder that was put in so many days ago and reaches back no further: that cannot show ninety days. */
const RECORDED_DAYS = 30;

const idOf = (n: number): string => `nursery-${String(n).padStart(5, '0')}`;

const facilityOf = (n: number): Facility => {
  const installedAtMs = midnight(LAST_DAY) - 400 * DAY_MS;
  return nursery(idOf(n), {
    division: `${COUNTIES[n % COUNTIES.length]}001`,
    cameras: [{ id: 'cam-01', box: 'box-1', areas: ['play'], installedAtMs }],
    registeredAtMs: installedAtMs,
  });
};

const register = async ({ registry }: World, from: number, to: number): Promise<void> => {
  progress(`registers facilities ${from} to ${to}`);
  const numbers = Array.from({ length: to - from }, (_, n) => from + n);
  await inParallel(numbers, AT_ONCE, async (n) => {
    if (!(await registry.putFacility(facilityOf(n)))) throw new Error(`${idOf(n)} is there already`);
  });
};

/** Facilities that the last sealed day lists; each has the days that its young recorder can hold. */
const letFail = async ({ records, logs }: World, from: number, to: number): Promise<void> => {
  progress(`lets facilities ${from} to ${to} fail`);
  const numbers = Array.from({ length: to - from }, (_, n) => from + n);
  await inParallel(numbers, AT_ONCE, async (n) => {
    const { id: facility, division } = facilityOf(n);
    for (let back = 0; back < RECORDED_DAYS; back += 1) {
      await records.saveHeldDay(facility, wholeDay('cam-01', addDays(LAST_DAY, -back), RECORDED_DAYS), undefined);
    }
    await logs.putNotShown({ facility, division, day: LAST_DAY, state: 'short', reason: 'recorder-keeps-less' });
  });
};

const depsOf = ({ vitals, records, registry, challenges, logs, incidents, clock }: World): NotShownDeps => ({
  vitals,
  records,
  registry,
  challenges,
  logs,
  incidents,
  packFor,
  zone: ZONE,
  clock: () => clock.nowMs,
});

/** The whole list, page by page, and what each page took. */
const askAll = async (world: World): Promise<{ readonly found: number; readonly pagesMs: readonly number[] }> => {
  const deps = depsOf(world);
  const pagesMs: number[] = [];
  let found = 0;
  let cursor: string | undefined;
  do {
    const startMs = performance.now();
    const query = { division: REGION, show: 'not-shown', limit: PAGE, ...(cursor && { cursor }) };
    const page = await listNotShown(deps, auditor, query as Parameters<typeof listNotShown>[2]);
    pagesMs.push(performance.now() - startMs);
    found += page.items.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { found, pagesMs };
};

const printAsked = async (world: World, facilities: number, expected: number): Promise<void> => {
  progress(`asks the division with ${expected} of ${facilities} that cannot show their days`);
  // The first answer of a process is slow; a long list has asked long enough by itself.
  if (expected <= PAGE) await askAll(world);
  world.taken();
  const startMs = performance.now();
  const { found, pagesMs } = await askAll(world);
  const tookMs = performance.now() - startMs;
  const calls = world.taken();
  if (found !== expected) throw new Error(`${found} were found, ${expected} cannot show their days`);
  const { reads } = unitsOf(calls);
  print({
    bench: 'evidence',
    part: 'division',
    facilities,
    notShown: expected,
    counties: new Set(COUNTIES.map(countyOf)).size,
    pages: pagesMs.length,
    pageMs: latencyOf(pagesMs),
    wholeMs: Math.round(tookMs),
    readUnits: reads,
    storeCalls: calls.length,
    readUnitsEach: Number((reads / Math.max(1, expected)).toFixed(1)),
    byKind: unitsByKind(calls),
    note: `each has one camera with ${RECORDED_DAYS} days; the lists of the last sealed day and live incidents; the whole list in pages of ${PAGE}`,
  });
};

/** Which facilities of a division cannot show their days: what that reads, by their number and by that of all. */
export const benchDivision = async ({
  facilities,
  notShown,
}: {
  readonly facilities: number;
  readonly notShown: readonly number[];
}): Promise<void> => {
  const world = await benchWorld();
  try {
    world.clock.nowMs = midnight(LAST_DAY) + DAY_MS + HOUR_MS;
    await world.logs.saveRun({ day: LAST_DAY, asked: facilities, step: 'sealed', revision: 1 });
    const [least = 10] = notShown;
    const few = Math.max(least, Math.round(facilities / 10));
    await register(world, 0, few);
    await letFail(world, 0, least);
    await printAsked(world, few, least);
    await register(world, few, facilities);
    let failing = least;
    for (const count of notShown) {
      await letFail(world, failing, count);
      failing = count;
      await printAsked(world, facilities, count);
    }
  } finally {
    await world.stop();
  }
};
