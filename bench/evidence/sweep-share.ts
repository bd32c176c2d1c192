import { makeWatch } from '../../functions/watch/watch.ts';
import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makePersonSalt } from '../../shared/adapters/dynamodb/person-salt.ts';
import { makeReachStore } from '../../shared/adapters/dynamodb/reach-store.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { packFor, packSet } from '../../shared/rule-packs/index.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makeKeepIncident } from '../../shared/use-cases/keep-incident.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import type { Call } from './calls.ts';
import { metered } from './requests.ts';
import { sweptAtMs } from './rest-of-day.ts';
import { progress } from './timed.ts';
import { FACILITY, type World } from './world.ts';

const sweepOf = ({ client, names, clock, ...stores }: World) => {
  const keepEvidence = makeKeepEvidence({ putEvidence: stores.evidence.put, freshSalt });
  return makeWatch({
    ...stores,
    alarms: makeAlarmStore(client, names.alarms),
    windows: makeWindowStore(client, names.deliveries),
    rosters: makeRosterStore(client, names.registry),
    reach: makeReachStore(client, names.deliveries),
    keepIncident: makeKeepIncident(keepEvidence, makePersonId(makePersonSalt(client, names.evidence), freshSalt)),
    publisher: { publish: async () => undefined },
    packFor,
    packSet,
    clock: () => clock.nowMs,
    tell: (what, about, cause) => {
      throw new Error(`${what} ${about}`, { cause });
    },
  });
};

/** What the sweep asks about this facility, and not about the city: in no table of rows, and of no other partition. */
const isOfFacility = ({ command, table }: Call): boolean =>
  command !== 'Scan' && (table === 'vitals' || table === 'records' || table === 'registry');

export interface SweepShare {
  /** Of the rows of the facility, which every sweep reads. */
  readonly rowBytes: number;
  readonly rows: number;
  /** The assessment of the whole facility, once a day, and what it asked. */
  readonly daily: readonly Call[];
}

/** What the sweeps of a day cost for one facility in which nothing happens. */
export const sweepShare = async (world: World): Promise<SweepShare> => {
  progress('sweeps, and assesses the facility as once a day');
  const sweep = sweepOf(world);
  // What is new to it is told by the sweeps before.
  for (const before of [3, 2, 1]) {
    world.clock.nowMs = sweptAtMs - before * MINUTE_MS;
    await sweep();
  }
  world.taken();
  world.clock.nowMs = sweptAtMs;
  await metered(world, 'watch', sweep);
  const daily = world.taken().filter(isOfFacility);
  const row = await world.rowsOf(FACILITY);
  return { rowBytes: row.reduce((sum, bytes) => sum + bytes, 0), rows: row.length, daily };
};
