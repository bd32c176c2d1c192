import type { Facility } from '../../shared/domain/facility.ts';
import type { Sender } from '../../shared/domain/sender.ts';
import type { TakenReport } from '../../shared/domain/taken-report.ts';
import type { BoxVitals, CoverageVitals, FacilityVitals } from '../../shared/domain/vitals.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import {
  type FailurePlan,
  failAt,
  failing,
  memoryChallengeStore,
  memoryRecordStore,
  memoryRegistryStore,
  memoryVitalsStore,
  type RunningPlan,
} from './memory-stores.ts';
import { aBox, aCoverage, aFacility, aFacilityRow, KEY } from './rows.ts';

/** What a nursery's stores hold before a report arrives. */
export interface Before {
  readonly facility?: Facility;
  readonly box?: BoxVitals;
  readonly coverage?: CoverageVitals;
  readonly row?: FacilityVitals;
}

/** One nursery with one box and one live key, all stores in memory. */
export const aWorld = async (before: Before = {}, plan?: RunningPlan) => {
  const vitals = memoryVitalsStore();
  const records = memoryRecordStore();
  const registry = memoryRegistryStore();
  const challenges = memoryChallengeStore();
  const facility = before.facility ?? aFacility();
  await registry.putFacility({ ...facility, version: 1 });
  await registry.putKey('f1', 'b1', KEY);
  vitals.rows.boxes.set('f1/b1', before.box ?? aBox());
  vitals.rows.coverage.set('f1/b1', before.coverage ?? aCoverage());
  vitals.rows.facilities.set('f1', before.row ?? aFacilityRow());
  const through = <T extends object>(store: T): T => (plan ? failing(store, plan) : store);
  return {
    vitals,
    records,
    registry,
    challenges,
    /** What the use case is given: the same stores, failing by the plan. */
    given: {
      vitals: through(vitals),
      records: through(records),
      registry: through(registry),
      challenges: through(challenges),
      packFor,
    },
  };
};

export type World = Awaited<ReturnType<typeof aWorld>>;
type Take = (world: World) => Promise<TakenReport>;

const withoutRevision = (_key: string, value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
  if (typeof value !== 'object' || value === null || !('revision' in value)) return value;
  const { revision: _raced, ...rest } = value;
  return rest;
};

/** All that is kept, comparable: how often a row was written does not count. */
export const keptIn = ({ vitals, records, challenges }: World): unknown =>
  JSON.parse(JSON.stringify({ rows: vitals.rows, kept: records.kept, asked: challenges.kept }, withoutRevision));

/** What one crash left behind, before and after the box sent the same request again. */
export interface Crash {
  readonly at: number;
  readonly when: FailurePlan['when'];
  readonly result: TakenReport;
  readonly kept: unknown;
}

/**
 * Lets the taking of one report die before and after each of its writes, and then sends the same report again, as a box
 * does that never heard an answer.
 */
export const crashAtEachWrite = async (before: Before, take: Take): Promise<readonly Crash[]> => {
  const counting = failAt({ at: Number.POSITIVE_INFINITY, when: 'before' });
  await take(await aWorld(before, counting));
  const crashes: Crash[] = [];
  for (let at = 1; at <= counting.seen; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const plan = failAt({ at, when, dies: true });
      const world = await aWorld(before, plan);
      await take(world).then(
        () => Promise.reject(new Error(`write ${at} did not die`)),
        () => plan.restart(),
      );
      const result = await take(world);
      crashes.push({ at, when, result, kept: keptIn(world) });
    }
  }
  return crashes;
};

/** The same request again, a moment later. */
export const again = (sender: Sender, laterMs = 1_000): Sender => ({
  ...sender,
  createdMs: sender.createdMs + laterMs,
  receivedMs: sender.receivedMs + laterMs,
});
