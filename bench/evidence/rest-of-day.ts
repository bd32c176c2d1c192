import { addDays } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { base, receiversOf, send } from './requests.ts';
import { progress } from './timed.ts';
import { type BenchNursery, CAMERAS, CLASSES, FACILITY, LAST_DAY, midnight, type World } from './world.ts';

/*
 * What a nursery sends on an operating day beside its film: the cameras once and as one of them fails and is back, a
 * morning and a noon check of each class one by one, one of them with a finding, and the logs of two guard shifts, a
 * disinfection and the closing. A year is counted as 365 such days: it has some 250.
 */

const WARM = 200;
const MEASURED = 200;
/** How long checks and logs are kept, so that what reads them all reads as much as it ever will. */
const [CHECK_DAYS, LOG_DAYS] = [400, 1_096];
const AT_ONCE = 16;

const atHour = (hour: number): number => midnight(LAST_DAY) + hour * HOUR_MS;
const beijing = (atMs: number): string => new Date(atMs + 8 * HOUR_MS).toISOString().replace('Z', '+08:00');

const coverageReport = (nowMs: number, seq: number, failing?: string): object => ({
  id: base(nowMs).id,
  time: base(nowMs).time,
  seq,
  cameras: CAMERAS.map((camera) => ({
    camera,
    online: 'yes',
    recording: 'yes',
    picture: camera === failing ? 'no' : 'yes',
  })),
});

const checkReport = (nowMs: number, of: string, session: 'morning' | 'noon', hasFinding: boolean): object => ({
  ...base(nowMs),
  class: of,
  session,
  day: LAST_DAY,
  present: 16,
  absent: 2,
  checked: 16,
  findings: hasFinding ? [{ code: 'fever', childRef: '5f2b9c0e4d7a1836', action: 'guardian-told' }] : [],
});

const logs: readonly (readonly [hour: number, kind: string, counts: object])[] = [
  [7, 'guard-shift', { minutes: 360, guards: 1 }],
  [13, 'guard-shift', { minutes: 330, guards: 1 }],
  [17, 'disinfection', { areas: 6 }],
  [18, 'closing', { childrenIn: 64, childrenOut: 64 }],
];

/** The last day again, for what is no film. */
export const liveRest = async (world: World, nursery: BenchNursery): Promise<void> => {
  const receivers = receiversOf(world);
  const at = (atMs: number): number => {
    world.clock.nowMs = atMs;
    return atMs;
  };
  for (const [n, [hour, failing]] of ([[8], [10, CAMERAS[3]], [11]] as const).entries()) {
    const nowMs = at(atHour(hour));
    await send(world, nursery, receivers, 'coverage', [coverageReport(nowMs, n + 1, failing)]);
  }
  for (const [session, hour] of [
    ['morning', 8],
    ['noon', 12],
  ] as const) {
    for (const [n, of] of CLASSES.entries()) {
      const nowMs = at(atHour(hour) + n * MINUTE_MS);
      await send(world, nursery, receivers, 'checks', [checkReport(nowMs, of, session, session === 'noon' && n === 0)]);
    }
  }
  for (const [hour, kind, counts] of logs) {
    const nowMs = at(atHour(hour) + 50 * MINUTE_MS);
    await send(world, nursery, receivers, 'logs', [
      { ...base(nowMs), kind, doneAt: beijing(kind === 'guard-shift' ? atHour(hour) : nowMs - MINUTE_MS), counts },
    ]);
  }
};

/** The minute of the day in which the facility is assessed as a whole; the last beat comes right with it. */
export const sweptAtMs = Math.floor(midnight(addDays(LAST_DAY, 3)) / DAY_MS) * DAY_MS;

/** Beats a minute apart. The first ones are not measured: they move the row out of what it was, and warm the engine up. */
export const beatOn = async (world: World, nursery: BenchNursery): Promise<void> => {
  const receivers = receiversOf(world);
  for (let n = 1; n <= WARM + MEASURED; n += 1) {
    if (n === WARM + 1)
      world.runs.splice(0, world.runs.length, ...world.runs.filter(({ of }) => of !== 'receive-heartbeats'));
    world.clock.nowMs = sweptAtMs - (WARM + MEASURED - n) * MINUTE_MS;
    const { nowMs } = world.clock;
    await send(world, nursery, receivers, 'heartbeats', [
      {
        ...base(nowMs),
        seq: n,
        monitoring: 'yes',
        alarmSystem: 'yes',
        camerasOnline: 16,
        camerasRecording: 16,
        diskUsedPercent: 61,
        queueLength: 0,
        selfTests: [{ input: 'panic-button', testedAt: beijing(midnight(addDays(LAST_DAY, 1))) }],
        software: 'bench-1',
      },
    ]);
  }
  world.taken();
};

/** The checks and logs of the days before, as many as are ever kept. */
export const repeatRest = async ({ records, taken }: World): Promise<void> => {
  const [checks, kept] = await Promise.all([records.checksSince(FACILITY, 0), records.logsSince(FACILITY, 0)]);
  const daysBefore = (days: number): readonly number[] => Array.from({ length: days - 1 }, (_, n) => n + 1);
  const idOf = (id: string, back: number): string => `${id.slice(0, -4)}${back.toString(16).padStart(4, '0')}`;
  progress(`puts checks of ${CHECK_DAYS} and logs of ${LOG_DAYS} days`);
  await inParallel(daysBefore(CHECK_DAYS), AT_ONCE, async (back) => {
    for (const one of checks) {
      const { id, day } = one.report;
      const report = { ...one.report, id: idOf(id, back), day: addDays(day, -back) };
      await records.putCheck(FACILITY, 'box-1', { ...one, report, receivedMs: one.receivedMs - back * DAY_MS });
    }
  });
  await inParallel(daysBefore(LOG_DAYS), AT_ONCE, async (back) => {
    for (const one of kept) {
      const { id, doneAtMs } = one.report;
      const report = { ...one.report, id: idOf(id, back), doneAtMs: doneAtMs - back * DAY_MS };
      await records.putLog(FACILITY, 'box-1', { ...one, report, receivedMs: one.receivedMs - back * DAY_MS });
    }
  });
  taken();
};
