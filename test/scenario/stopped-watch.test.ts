import { describe, expect, it } from 'vitest';
import { at, scenario } from '../support/timeline.ts';

const MINUTE_MS = 60_000;

describe('the watch stands still for 1,000 minutes and then runs once', () => {
  it(
    'every silent nursery has one incident at its exact instant, also those that came back meanwhile',
    scenario('06:00:00', async (day) => {
      const names = Array.from({ length: 12 }, (_, n) => `n${String(n).padStart(2, '0')}`);
      for (const name of names) await day.register(name);
      for (const name of names) await day.beat(name);
      await day.sweep();
      const startMs = day.nowMs;
      const lastBeat = new Map<string, number>();
      const returned = new Map<string, number>();
      for (let minute = 1; minute <= 1000; minute += 1) {
        day.nowMs = startMs + minute * MINUTE_MS;
        for (const [n, name] of names.entries()) {
          // n00 … n03 never fall silent; n04 … n07 do at a minute of their own and stay so; the others come back.
          const silentFrom = n < 4 ? Number.POSITIVE_INFINITY : 100 + n * 50;
          const backAt = n < 8 ? Number.POSITIVE_INFINITY : silentFrom + 20 + n;
          if (minute < silentFrom) lastBeat.set(name, day.nowMs);
          if (minute === backAt) returned.set(name, day.nowMs);
          if (minute < silentFrom || minute >= backAt) await day.beat(name);
        }
      }
      await day.sweep();
      day.expectTold();
      const seen = day.incidents().map(({ facilityId, sinceMs, endedAtMs, state, closeReason }) => ({
        facilityId,
        sinceMs,
        endedAtMs,
        state,
        closeReason,
      }));
      expect(seen).toEqual(
        names.slice(4).map((facilityId) => ({
          facilityId,
          sinceMs: (lastBeat.get(facilityId) ?? 0) + 3 * MINUTE_MS,
          endedAtMs: returned.get(facilityId),
          state: returned.has(facilityId) ? 'closed' : 'open',
          closeReason: returned.has(facilityId) ? 'ended-before-seen' : undefined,
        })),
      );
      // Once more, and once more by another instance: nothing is found twice.
      await day.sweep();
      expect(day.incidents()).toHaveLength(8);
      expect([...day.kept.vitals.rows.boxes.values()].filter((row) => row.judgeFromMs !== undefined)).toEqual([]);
      day.expectTold();
    }),
  );

  it(
    'two silences of one nursery, far apart: two incidents; close together: one',
    scenario('06:00:00', async (day) => {
      for (const id of ['apart', 'close']) {
        await day.register(id);
        await day.beat(id);
      }
      await day.sweep();
      day.moveTo('06:10:00');
      await day.beat('close');
      await day.beat('apart');
      day.moveTo('06:17:00');
      await day.beat('close');
      for (let minute = 12; minute <= 30; minute += 2) {
        day.moveTo(`06:${minute}:00`);
        await day.beat('apart');
      }
      day.moveTo('08:00:00');
      await day.beat('apart');
      await day.sweep();
      const of = (id: string) =>
        day
          .incidents()
          .filter((incident) => incident.facilityId === id)
          .map(({ sinceMs, endedAtMs, state }) => [sinceMs, endedAtMs, state]);
      expect(of('close')).toEqual([[at('06:03:00'), undefined, 'open']]);
      expect(of('apart')).toEqual([
        [at('06:03:00'), at('06:10:00'), 'closed'],
        [at('06:33:00'), at('08:00:00'), 'closed'],
      ]);
    }),
  );
});
