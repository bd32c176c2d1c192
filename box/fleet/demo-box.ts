import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FacilityBody } from '../../shared/contracts/registry.ts';
import { addDays, civilDayOf, instantOf } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '../../shared/domain/time.ts';
import { openBeatenHours } from '../beaten-hours.ts';
import type { LaneEvent } from '../lane.ts';
import { keyMarkAt, markAt } from '../mark.ts';
import { openQueue, type ReportQueue } from '../queue.ts';
import {
  type BoxClock,
  type CheckDone,
  type LogDone,
  machineClock,
  type Reporter,
  startReporter,
} from '../reporter.ts';
import { type BoxIdentity, boxIdentity, newPrivateKeyPem, readPrivateKeyPem } from '../signer.ts';
import { type SimulatedRecorder, simulateRecorder } from '../simulated-recorder.ts';
import { DEMO_BOX, DEMO_ZONE, demoDevices, type Nursery } from './nurseries.ts';

/** A simulated box: it can be unplugged and plugged in again, and keeps its key and its queue on disk like a real one. */
export interface DemoBox {
  readonly nursery: Nursery;
  readonly recorder: SimulatedRecorder;
  readonly identity: () => BoxIdentity;
  readonly plugIn: () => void;
  /** The power is gone: nothing is sent and nothing is queued until it is plugged in again. */
  readonly unplug: () => Promise<void>;
  readonly press: Reporter['press'];
  readonly logCheck: (check: CheckDone) => void;
  readonly log: (done: LogDone) => void;
  /** Everything that was logged so far has been answered. */
  readonly hasSentAll: () => boolean;
  /** Makes a second key; `adopt` signs with it from the next request on and forgets the first. */
  readonly makeNextKey: () => { readonly next: BoxIdentity; readonly adopt: () => void };
}

const KEPT_DAYS: Readonly<Partial<Record<Nursery['part'], number>>> = { 'keeps-35-days': 35 };
const USUAL_KEPT_DAYS = 95;
const CLOCK_OFF_MS: Readonly<Partial<Record<Nursery['part'], number>>> = { 'clock-is-off': -10 * MINUTE_MS };

/** Long enough to seal an hour honestly, and gone before anybody asks for it. */
const LOST_AFTER_MS = 3 * HOUR_MS;

/** Nothing is recorded from one to four in the morning. */
const NIGHT = ['01:00', '04:00'] as const;
const nightsOf = ({ fromMs, toMs }: Interval): readonly Interval[] => {
  const nights: Interval[] = [];
  const last = civilDayOf(toMs, DEMO_ZONE);
  for (let day = civilDayOf(fromMs, DEMO_ZONE); day <= last; day = addDays(day, 1)) {
    const [from, to] = NIGHT.map((time) => instantOf(day, time, DEMO_ZONE));
    if (from !== undefined && to !== undefined) nights.push({ fromMs: from, toMs: to });
  }
  return nights;
};

const clockOf = (nursery: Nursery): BoxClock => {
  const offMs = CLOCK_OFF_MS[nursery.part] ?? 0;
  return { ...machineClock, nowMs: () => machineClock.nowMs() + offMs };
};

/** The recorder of a nursery as it plays its part, by any clock: the demo's past is filmed by the same. */
export const recorderOf = (
  { part }: Nursery,
  cameras: readonly { readonly id: string; readonly installedAtMs: number }[],
  nowMs: () => number,
): SimulatedRecorder =>
  simulateRecorder({
    cameras,
    keepsMs: (KEPT_DAYS[part] ?? USUAL_KEPT_DAYS) * DAY_MS,
    nowMs,
    inputs: demoDevices.map(({ id }) => id),
    ...(part === 'box-that-lies' && { losesFilmAfterMs: LOST_AFTER_MS }),
    ...(part === 'nightly-gap' && { pausesIn: nightsOf }),
  });

/** Who a box of the demo is: its key is made once, and kept in the folder of the fleet. */
export const identityIn = (dataDir: string, nursery: Nursery): BoxIdentity => {
  mkdirSync(join(dataDir, nursery.id), { recursive: true });
  return boxIdentity(nursery.id, DEMO_BOX, readPrivateKeyPem(keyAt(join(dataDir, nursery.id, 'key.pem'))));
};

const keyAt = (file: string): string => {
  if (!existsSync(file)) writeFileSync(file, newPrivateKeyPem(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
};

export const createDemoBox = (
  nursery: Nursery,
  options: {
    readonly api: URL;
    readonly dataDir: string;
    /** As filed: what the recorder holds begins at their installation. */
    readonly cameras: FacilityBody['cameras'];
    readonly onEvent: (event: LaneEvent) => void;
  },
): DemoBox => {
  const directory = join(options.dataDir, nursery.id);
  mkdirSync(directory, { recursive: true });
  const keyFile = join(directory, 'key.pem');
  const clock = clockOf(nursery);
  let identity = identityIn(options.dataDir, nursery);
  let running: { readonly reporter: Reporter; readonly queue: ReportQueue } | undefined;

  const cameras = options.cameras.map(({ id, installedAt }) => ({ id, installedAtMs: Date.parse(installedAt) }));
  const recorder = recorderOf(nursery, cameras, clock.nowMs);

  const plugged = (): Reporter => {
    if (running === undefined) throw new Error(`${nursery.id} is not plugged in`);
    return running.reporter;
  };

  return {
    nursery,
    recorder,
    identity: () => identity,
    plugIn: () => {
      if (running !== undefined) return;
      const queue = openQueue(join(directory, 'queue'));
      const { api, onEvent } = options;
      const marks = {
        hourMark: markAt(join(directory, 'hour')),
        paceMark: markAt(join(directory, 'pace')),
        keyMark: keyMarkAt(join(directory, 'sealing-key')),
      };
      const devices = { recorder, slices: recorder, holder: recorder };
      const beatenHours = openBeatenHours(join(directory, 'beaten.json'));
      const reporter = startReporter({ api, identity, queue, ...devices, ...marks, beatenHours, clock, onEvent });
      running = { queue, reporter };
    },
    unplug: async () => {
      const stopped = running;
      running = undefined;
      await stopped?.reporter.stop();
      stopped?.queue.close();
    },
    press: (alarm) => plugged().press(alarm),
    logCheck: (check) => {
      running?.reporter.logCheck(check);
    },
    log: (done) => {
      running?.reporter.log(done);
    },
    hasSentAll: () => running?.queue.waiting() === 0,
    makeNextKey: () => {
      const pem = keyAt(join(directory, 'key-next.pem'));
      const next = boxIdentity(nursery.id, DEMO_BOX, readPrivateKeyPem(pem));
      const adopt = (): void => {
        // Killed before the rename: the box starts with the old key, which is still enrolled.
        renameSync(join(directory, 'key-next.pem'), keyFile);
        identity = next;
        running?.reporter.useIdentity(next);
      };
      return { next, adopt };
    },
  };
};
