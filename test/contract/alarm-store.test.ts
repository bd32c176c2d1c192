import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmReport } from '../../shared/domain/reports.ts';
import type { AlarmStore } from '../../shared/ports/alarm-store.ts';
import type { KeptReport } from '../../shared/ports/record-store.ts';
import { KEY, NOON_MS, OTHER_KEY } from './samples.ts';
import { onEveryStore } from './stores.ts';

const alarm = (digest = 'd1'): KeptReport<AlarmReport> => ({
  report: {
    id: '0193-alarm',
    timeMs: NOON_MS,
    ageMs: 0,
    kind: 'panic',
    area: 'playroom',
    confirmed: 'unknown',
    drill: false,
  },
  digest,
  receivedMs: NOON_MS,
  key: KEY,
});

onEveryStore((make) => {
  describe('alarm store', () => {
    let alarms: AlarmStore;
    beforeEach(async () => {
      ({ alarms } = await make());
    });

    it('keeps an alarm once; another one under its id is told apart', async () => {
      expect(await alarms.put('sunshine', 'gate', alarm())).toBe('put');
      expect(await alarms.put('sunshine', 'gate', alarm())).toBe('same');
      expect(await alarms.put('sunshine', 'gate', alarm('d2'))).toBe('id-reused');
      expect(await alarms.put('sunshine', 'hall', alarm('d2'))).toBe('put');
      expect(await alarms.read('sunshine', 'gate', '0193-alarm')).toEqual(alarm());
      expect(await alarms.read('moonlight', 'gate', '0193-alarm')).toBeUndefined();
    });

    it('puts once when two put at once', async () => {
      const outcomes = await Promise.all([alarm(), alarm()].map((one) => alarms.put('sunshine', 'gate', one)));
      expect(outcomes.sort()).toEqual(['put', 'same']);
    });

    it('knows a key from its putting to its removal, for its own box', async () => {
      await alarms.putKey('sunshine', 'gate', KEY);
      expect(await alarms.isKeyLive('sunshine', 'gate', KEY)).toBe(true);
      expect(await alarms.isKeyLive('sunshine', 'gate', OTHER_KEY)).toBe(false);
      expect(await alarms.isKeyLive('sunshine', 'hall', KEY)).toBe(false);
      await alarms.removeKey('sunshine', 'gate', KEY);
      await alarms.removeKey('sunshine', 'gate', KEY);
      expect(await alarms.isKeyLive('sunshine', 'gate', KEY)).toBe(false);
    });
  });
});
