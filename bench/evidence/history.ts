import { addDays } from '../../shared/domain/civil-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import type { RecordContent } from '../../shared/evidence/leaf.ts';
import { inParallel } from '../../shared/use-cases/in-parallel.ts';
import { progress } from './timed.ts';
import { CAMERAS, FACILITY, LAST_DAY, midnight, type World, wholeDay } from './world.ts';

const AT_ONCE = 16;

/** Keeps for each camera so many days before the last, as their hours would have left them. */
export const keepDays = async (world: World, days: number): Promise<void> => {
  const places = Array.from({ length: days }, (_, n) => addDays(LAST_DAY, n - days)).flatMap((day) =>
    CAMERAS.map((camera) => ({ camera, day })),
  );
  progress(`puts ${places.length} days of cameras`);
  await inParallel(places, AT_ONCE, async ({ camera, day }) => {
    if (!(await world.records.saveHeldDay(FACILITY, wholeDay(camera, day, 95), undefined)))
      throw new Error('kept before');
  });
};

/** Records of the days before, as large as those of the last day. */
export const repeatEvidence = async (world: World, days: number): Promise<void> => {
  const lastMs = midnight(LAST_DAY);
  const kept = await world.evidence.within(FACILITY, { fromMs: lastMs, toMs: lastMs + DAY_MS + HOUR_MS });
  const ofBox = kept.filter(({ kind }) => ['recordings', 'digests', 'checks', 'logs'].includes(kind));
  const copies = Array.from({ length: days }, (_, n) => n + 1).flatMap((back) =>
    ofBox.map((record) => ({
      ...record,
      content: record.content as RecordContent,
      id: `${record.id.slice(0, -3)}${String(back).padStart(3, '0')}`,
      receivedAtMs: record.receivedAtMs - back * DAY_MS,
    })),
  );
  progress(`puts ${copies.length} records of the days before, each as large as its model`);
  await inParallel(copies, AT_ONCE, (record) => world.evidence.put(record));
};

export const settledMs = (day: string): number => midnight(day) + DAY_MS + 20 * MINUTE_MS;
