import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../shared/domain/time.ts';
import { noWindows } from '../../shared/domain/windows/window-list.ts';
import type { FacilityWindows } from '../../shared/domain/windows/windows.ts';
import type { WindowStore } from '../../shared/ports/window-store.ts';
import { NOON_MS } from './samples.ts';
import { onEveryStore } from './stores.ts';

const drill = {
  id: '019cac2e-8b80-7000-8000-000000000001',
  fromMs: NOON_MS,
  toMs: NOON_MS + HOUR_MS,
  by: 'https://id.example|wang',
  registeredAtMs: NOON_MS - HOUR_MS,
  reason: 'fire-drill',
};
const mute = {
  id: '019cac2e-8b80-7000-8000-000000000002',
  is: 'maintenance',
  rules: ['monitoring-running'],
  fromMs: NOON_MS,
  toMs: NOON_MS + HOUR_MS,
  by: 'https://id.example|head',
  atMs: NOON_MS - HOUR_MS,
  reason: 'box-replaced',
} as const;
const windows = (revision: number): FacilityWindows => ({
  facilityId: 'sunshine',
  drills: [drill],
  mutes: [mute],
  revision,
});

onEveryStore((make) => {
  describe('window store', () => {
    let store: WindowStore;
    beforeEach(async () => {
      ({ windows: store } = await make());
    });

    it('has none of a facility until some are saved, and then what was saved', async () => {
      expect(await store.read('sunshine')).toBeUndefined();
      expect(await store.save(windows(1))).toBe(true);
      expect(await store.read('sunshine')).toEqual(windows(1));
      expect(await store.read('moonlight')).toBeUndefined();
    });

    it('saves by compare-and-set: who read an older revision saves nothing', async () => {
      await store.save(windows(1));
      expect(await store.save(windows(1))).toBe(false);
      expect(await store.save(windows(3))).toBe(false);
      const next = { ...windows(2), mutes: [{ ...mute, allowedBy: 'https://id.example|li' }] };
      expect(await store.save(next)).toBe(true);
      expect(await store.read('sunshine')).toEqual(next);
      expect(await store.save({ ...noWindows('sunshine'), revision: 2 })).toBe(false);
    });

    it('keeps what was trimmed, once, the latest end first', async () => {
      const older = { ...drill, id: 'older', toMs: NOON_MS };
      const past = { drills: [drill, older], mutes: [mute] };
      await store.keepPast('sunshine', past);
      await store.keepPast('sunshine', { drills: [older], mutes: [] });
      expect(await store.past('sunshine', 10)).toEqual(past);
      expect(await store.past('sunshine', 2)).toEqual({ drills: [drill], mutes: [mute] });
      expect(await store.past('moonlight', 10)).toEqual({ drills: [], mutes: [] });
      // They count for nothing.
      expect(await store.read('sunshine')).toBeUndefined();
    });

    it('lets one of two win who save at once', async () => {
      const saved = await Promise.all([store.save(windows(1)), store.save(windows(1))]);
      expect(saved.sort()).toEqual([false, true]);
      expect(await store.save({ ...windows(2), facilityId: 'moonlight' })).toBe(false);
    });
  });
});
