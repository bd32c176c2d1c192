import { describe, expect, it } from 'vitest';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { readRecorded } from '../../shared/adapters/dynamodb/recorded.ts';
import { aCheck, aRecording } from '../support/rows.ts';
import { incident } from './samples.ts';
import { onEachEngine } from './stores.ts';

onEachEngine((engine) => {
  describe('everything that is kept of a facility', () => {
    it('is read with its own decoding, each kind by itself, and nothing of another facility', async () => {
      const { records } = await engine().tables();
      const store = makeRecordStore(engine().client, records);
      const kept = <R>(report: R) => ({ report, digest: 'd', receivedMs: 5, key: 'k' });
      const log = { id: 'l', timeMs: 1, kind: 'drill', doneAtMs: 1, counts: { participants: 3 } } as const;
      const gap = {
        facilityId: 'f1',
        rule: 'noon-check',
        subject: 'class/bees',
        reason: 'r',
        fromMs: 1,
        toMs: 2,
      } as const;
      const [archived, live] = [incident({ id: 'f1~a', facilityId: 'f1' }), incident({ id: 'f1~b', facilityId: 'f1' })];
      await store.putCheck('f1', 'b1', kept(aCheck('c', '2026-03-02')));
      await store.putFindings('f1', kept(aCheck('c', '2026-03-02')));
      await store.putLog('f1', 'b1', kept(log));
      await store.putRecording('f1', 'b1', kept(aRecording('r', 0)));
      await store.putGap(gap);
      await store.archiveIncident(archived);
      await store.putCheck('f2', 'b1', kept(aCheck('other', '2026-03-02')));

      expect(await readRecorded(engine().client, records, 'f1', [live, archived])).toEqual({
        checks: [kept(aCheck('c', '2026-03-02'))],
        logs: [kept(log)],
        recordings: [kept(aRecording('r', 0))],
        gaps: [gap],
        incidents: [archived, live],
      });
    });
  });
});
