import { boxIdentity, newPrivateKeyPem, readPrivateKeyPem } from '../../box/signer.ts';
import { simulateRecorder } from '../../box/simulated-recorder.ts';
import { makeMonthKeys } from '../../functions/draw-challenges/month-keys.ts';
import { nameOf } from '../../functions/seal/name-of-pack.ts';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { queryAll } from '../../shared/adapters/dynamodb/engine.ts';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { usualPolicy } from '../../shared/domain/challenges/policy.ts';
import { addDays, civilDayInterval } from '../../shared/domain/civil-day.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { HeldDay } from '../../shared/domain/held-day.ts';
import { DAY_MS, HOUR_MS, hourFrom, MINUTE_MS } from '../../shared/domain/time.ts';
import { longestRetentionDays, packFor } from '../../shared/rule-packs/index.ts';
import type { BundleReads } from '../../shared/use-cases/bundle/stores.ts';
import type { SealDeps } from '../../shared/use-cases/seal/dependencies.ts';
import { itemBytes } from '../../test/support/item-size.ts';
import { memoryChallengeKeys } from '../../test/support/memory/challenges.ts';
import { memoryLogKeys } from '../../test/support/memory/log-keys.ts';
import { memorySealedObjects } from '../../test/support/memory/sealed-objects.ts';
import { nursery } from '../../test/support/nursery.ts';
import { type BenchTables, startTables } from '../servers/tables.ts';
import { type Run, watchCalls } from './calls.ts';

export const ZONE = 'Asia/Shanghai';
export const FACILITY = 'hailing-sunshine';
export const BOX = 'box-1';
export const LOG = 'cradlewatch-bench';
export const REGION = '3212';
/** The day that is filmed hour by hour; the days before it are put as they would have been left. */
export const LAST_DAY = '2026-11-21';
export const KEPT_DAYS = 90;
export const CLASSES: readonly string[] = ['acorns', 'daisies', 'ducklings', 'sunflowers'];
export const CAMERAS: readonly string[] = Array.from({ length: 16 }, (_, n) => `cam-${String(n + 1).padStart(2, '0')}`);

export const midnight = (day: string): number => civilDayInterval(day, ZONE).fromMs;
const chance = (keyId: string): Uint8Array => new Uint8Array(32).fill(keyId.charCodeAt(6) + 1);

const facilityOf = (sealedDays: number): Facility => {
  const installedAtMs = midnight(addDays(LAST_DAY, -2 * 365));
  const registeredAtMs = midnight(addDays(LAST_DAY, -sealedDays)) + 9 * HOUR_MS;
  return nursery(FACILITY, {
    registeredAtMs,
    state: { is: 'in-service', sinceMs: registeredAtMs },
    areas: Array.from({ length: 6 }, (_, n) => ({
      id: `room-${n + 1}`,
      name: { zh: `${n + 1}号活动室`, en: `Room ${n + 1}` },
      floor: 1,
      activity: true,
    })),
    classes: CLASSES.map((id) => ({ id, children: 18 })),
    cameras: CAMERAS.map((id, n) => ({ id, box: BOX, areas: [`room-${(n % 6) + 1}`], installedAtMs })),
  });
};

/** All stores of the stack over one engine, and the clock that the bench moves by hand. */
export const benchWorld = async () => {
  const tables: BenchTables = await startTables();
  const { client, names } = tables;
  const watched = watchCalls(client);
  const clock = { nowMs: midnight(LAST_DAY) };
  const objects = memorySealedObjects();
  const logKeys = memoryLogKeys(LOG);
  return {
    ...tables,
    taken: watched.taken,
    noted: watched.noted,
    /** What each run of a function cost, in their order. */
    runs: [] as Run[],
    clock,
    objects,
    logKeys,
    vitals: makeVitalsStore(client, names.vitals),
    /** Bytes of each row that the vitals have of a facility. */
    rowsOf: async (facility: string): Promise<readonly number[]> => {
      const of = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': facility } };
      return (await queryAll(client, { TableName: names.vitals, ...of })).map(itemBytes);
    },
    records: makeRecordStore(client, names.records),
    registry: makeRegistryStore(client, names.registry),
    evidence: makeEvidenceStore(client, names.evidence),
    challenges: makeChallengeStore(client, names.challenges, longestRetentionDays),
    logs: makeLogStore(client, names.logs),
    incidents: makeIncidentStore(client, names.incidents),
  };
};
export type World = Awaited<ReturnType<typeof benchWorld>>;

export const sealDeps = (world: World): SealDeps => ({
  ...world,
  keys: async () => world.logKeys,
  packFor,
  nameOf,
  logName: LOG,
  region: REGION,
  zone: ZONE,
  clock: () => world.clock.nowMs,
  tell: (what, about, cause) => {
    throw new Error(`${what} ${about}`, { cause });
  },
});

export const bundleReads = (world: World): BundleReads => ({
  logs: world.logs,
  sealed: world.objects,
  evidence: world.evidence,
  logKeys: async () => world.logKeys.keys,
  logName: LOG,
  region: REGION,
});

/** A nursery whose sixteen cameras film without a pause; registered so many days before the last. */
export const openNursery = async (world: World, sealedDays: number) => {
  const { vitals, registry, clock } = world;
  const facility = facilityOf(sealedDays);
  const identity = boxIdentity(FACILITY, BOX, readPrivateKeyPem(newPrivateKeyPem()));
  const connectedAtMs = facility.registeredAtMs;
  await vitals.announceFacility(FACILITY, 1, 0);
  await vitals.announceBox(FACILITY, BOX, 3 * MINUTE_MS, connectedAtMs);
  await vitals.admitKey(FACILITY, BOX, identity.key);
  await registry.putFacility(facility);
  await registry.putBox({ facilityId: FACILITY, id: BOX, enrolledAtMs: connectedAtMs, liveKeys: [identity.key] });
  await registry.putKey(FACILITY, BOX, identity.key);
  const row = await vitals.readBox(FACILITY, BOX);
  if (row === undefined) throw new Error('no row');
  const beatAtMs = midnight(LAST_DAY) + 2 * DAY_MS;
  const first = { connectedAtMs, beatAtMs, silentAtMs: beatAtMs + 3 * MINUTE_MS, facts: 'y|y|16|16|ok|20500' };
  if (!(await vitals.patchBox(row, first, { key: identity.key, seq: 0 }))) throw new Error('the box did not connect');
  const recorder = simulateRecorder({
    cameras: facility.cameras,
    keepsMs: 95 * DAY_MS,
    nowMs: () => clock.nowMs,
  });
  return { facility, identity, recorder };
};
export type BenchNursery = Awaited<ReturnType<typeof openNursery>>;

/** The keys of the months, those of the hours before the bench began too. */
export const monthKeysOf = async (world: World, days: number) => {
  const keys = memoryChallengeKeys(chance);
  const policy = usualPolicy(longestRetentionDays);
  const make = () => makeMonthKeys({ keys, challenges: world.challenges, policy, lost: () => undefined });
  for (let back = days; back > 0; back -= 28) await make().keep(world.clock.nowMs - back * DAY_MS);
  await make().keep(world.clock.nowMs);
  return make();
};

/** A day as the reports of its hours leave it, each a minute after its hour. */
export const wholeDay = (camera: string, day: string, keptDays: number): HeldDay => {
  const fromMs = midnight(day);
  const hours = Array.from({ length: 24 }, (_, hour) => fromMs + hour * HOUR_MS);
  const lastMs = fromMs + 23 * HOUR_MS;
  return {
    camera,
    day,
    recorded: [{ fromMs, toMs: fromMs + DAY_MS }],
    reported: [{ fromMs, toMs: fromMs + DAY_MS }],
    oldestRetrievableAtMs: lastMs - keptDays * DAY_MS,
    claimHourMs: lastMs,
    claimTimeMs: lastMs + HOUR_MS + MINUTE_MS,
    claimReceivedAtMs: lastMs + HOUR_MS + MINUTE_MS + 250,
    reportedAtMs: lastMs + HOUR_MS + MINUTE_MS + 250,
    receptions: hours.map((hourMs) => ({
      hourMs,
      receivedAtMs: hourMs + HOUR_MS + MINUTE_MS + 250,
      recorded: [hourFrom(hourMs)],
    })),
    seals: hours.map((hourMs) => ({ hourMs, stability: 'byte-stable' as const })),
    revision: 24,
  };
};
