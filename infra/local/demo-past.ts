import { identityIn } from '../../box/fleet/demo-box.ts';
import type { Nursery } from '../../box/fleet/nurseries.ts';
import type { BoxIdentity } from '../../box/signer.ts';
import { addDays } from '../../shared/domain/civil-day.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { askForFilm, makeMonthKeys } from './demo-past/asking.ts';
import { isSealed, putFilm, putTokens, recorderThen } from './demo-past/film.ts';
import { hasLongLog, keepPlan, nurseriesWithPast, type Plan, planAt, readPlan } from './demo-past/plan.ts';
import { beatUntil, dutiesDone, facilityOf, register, retentionFolded } from './demo-past/registered.ts';
import { storesOf } from './demo-past/stores.ts';
import { invokeWith } from './demo-past/work.ts';
import type { BeforeItRuns } from './stack.ts';

/*
 * Ninety days cannot be waited for: the demo's past is made up, by the code that would have made it. Simulated recorders
 * of then tell each hour, which is merged as `receive-recordings` merges it; the functions of the template draw, hear and
 * seal by clocks that show then. It is written before any rule fires, so that nothing meets half of it.
 */

export interface DemoPastOptions {
  readonly dataDir: string;
  /** Where the boxes of the fleet keep their keys. */
  readonly fleetDir: string;
  readonly say: (line: string) => void;
}

type Person = { readonly nursery: Nursery; readonly facility: Facility; readonly identity: BoxIdentity };

const sealFacilities = ({ functionNamed }: BeforeItRuns, people: readonly Person[], day: string): Promise<void> =>
  invokeWith(
    functionNamed('seal'),
    people.map(({ facility }) => ({ facility: facility.id, day })),
  );

/** Gives the region its days, has a log verified, and lets the last day be closed: it asks, then finds that all have it. */
const closeDays = async ({ functionNamed }: BeforeItRuns, { firstDay, lastDay }: Plan): Promise<void> => {
  const sealing = functionNamed('seal');
  const region = sealing.spec.environment.LOG_REGION;
  for (const day of [firstDay, lastDay]) await invokeWith(sealing, [{ region, day }]);
  await functionNamed('verify-evidence').invoke({});
  for (let look = 0; look < 2; look += 1) await functionNamed('close-day').invoke({});
};

/**
 * Writes the past of the four nurseries that an auditor has to tell apart, once for a data folder. Killed in it: the next
 * start goes on, for everything is put once or decided once.
 */
export const writeDemoPast =
  ({ dataDir, fleetDir, say }: DemoPastOptions) =>
  async (before: BeforeItRuns): Promise<void> => {
    const stores = storesOf(before);
    const kept = readPlan(dataDir);
    if (kept?.done === true) return;
    // Who has been filed by an earlier fleet has lived its own past.
    if (kept === undefined && (await isFiled(stores))) return;
    const startedAt = performance.now();
    const plan = kept ?? planAt(before.now());
    keepPlan(dataDir, plan);
    say(`正在补写四家机构的${plan.firstDay}至${plan.lastDay} · making up the past of four nurseries, by the same code`);
    const people = nurseriesWithPast.map((nursery) => ({
      nursery,
      facility: facilityOf(nursery, plan),
      identity: identityIn(fleetDir, nursery),
    }));
    const [asked, others] = [
      people.filter((one) => isSealed(one.nursery)),
      people.filter((one) => !isSealed(one.nursery)),
    ];
    const draw = before.copyWithClock('draw-challenges', plan.filmFromMs);
    try {
      await makeMonthKeys(draw, plan);
      for (const { facility, identity } of people) await register(stores, facility, identity.key, before.now());
      await Promise.all(people.map(({ nursery, facility }) => putFilm(stores, nursery, facility, plan)));
      const askAndSeal = async (): Promise<void> => {
        for (const { nursery, facility, identity } of asked) {
          await putTokens(stores, nursery, facility, plan);
          const then = recorderThen(nursery, facility, plan.filmFromMs);
          await askForFilm(before, stores, draw, { nursery, identity, then }, plan);
        }
        await sealFacilities(before, asked, plan.lastDay);
      };
      // The long log grows meanwhile, up to the first day on which something is asked.
      const sealOthers = async (): Promise<void> => {
        const long = asked.filter((one) => hasLongLog(one.nursery));
        await Promise.all([
          sealFacilities(before, others, plan.lastDay),
          sealFacilities(before, long, addDays(plan.askedDays[0] ?? plan.lastDay, -1)),
        ]);
      };
      await Promise.all([askAndSeal(), sealOthers()]);
      await closeDays(before, plan);
    } finally {
      await draw.stop();
    }
    for (const { facility } of people) {
      await retentionFolded(stores, facility, [plan.filmFromMs + 2 * DAY_MS, before.now()]);
      await dutiesDone(stores, facility, before.now());
    }
    for (const { facility } of people) await beatUntil(stores, facility, before.now());
    keepPlan(dataDir, { ...plan, done: true });
    say(
      `过去已补写 · their past is there, sealed and signed (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`,
    );
  };

const isFiled = async ({ registry }: ReturnType<typeof storesOf>): Promise<boolean> =>
  (await Promise.all(nurseriesWithPast.map(({ id }) => registry.readFacility(id)))).some((one) => one !== undefined);
