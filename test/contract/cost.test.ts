import { beforeEach, describe, expect, it } from 'vitest';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import type { VitalsStore } from '../../shared/ports/vitals-store.ts';
import { type Spent, watchSpending } from '../support/spent.ts';
import { KEY, NOON_MS, OTHER_KEY } from './samples.ts';
import { onEachEngine } from './stores.ts';

onEachEngine((engine) => {
  describe('what an hour of film reads on the engine', () => {
    it('is half a unit for its day at a first look, for its report and for a day to draw from, and one for what is judged', async () => {
      const table = (await engine().tables()).records;
      const client = engine().connect();
      const records = makeRecordStore(client, table);
      const day = { camera: 'cam-1', day: '2026-11-21', recorded: [], reportedAtMs: NOON_MS, revision: 1 };
      await records.saveHeldDay('sunshine', day, undefined);
      const report = { id: 'r1', timeMs: NOON_MS, camera: 'cam-1', hourMs: NOON_MS, recorded: [] };
      await records.putRecording('sunshine', 'gate', { report, digest: 'd', receivedMs: NOON_MS, key: KEY });
      const { spent } = watchSpending(client);
      await records.readHeldDay('sunshine', 'cam-1', '2026-11-21', 'eventually');
      await records.readRecording('sunshine', 'gate', 'r1');
      await records.heldDays('sunshine', 'cam-1', '2026-11-20', '2026-11-21', 'eventually');
      await records.readHeldDay('sunshine', 'cam-1', '2026-11-21');
      await records.heldDays('sunshine', 'cam-1', '2026-11-20', '2026-11-21');
      client.destroy();
      expect(spent.map(({ units }) => units)).toEqual([0.5, 0.5, 0.5, 1, 1]);
    });
  });

  describe('what a heartbeat costs on the engine', () => {
    let table: string;
    const facts = 'y|y|64|64|ok|20500';
    const beat = (seq: number, over: object = {}) => ({
      facilityId: 'sunshine',
      box: 'gate',
      key: KEY,
      seq,
      nowMs: NOON_MS + seq * 60_000,
      facts,
      offsetMs: 0,
      ...over,
    });

    const spending = async (work: (vitals: VitalsStore) => Promise<unknown>): Promise<readonly Spent[]> => {
      // A client that has seen nothing yet, as in a worker that just started.
      const client = engine().connect();
      const watched = watchSpending(client);
      try {
        await work(makeVitalsStore(client, table));
        return watched.spent;
      } finally {
        client.destroy();
      }
    };

    beforeEach(async () => {
      table = (await engine().tables()).vitals;
      const vitals = makeVitalsStore(engine().client, table);
      await vitals.announceBox('sunshine', 'gate', 180_000, 0);
      await vitals.admitKey('sunshine', 'gate', KEY);
      const row = await vitals.readBox('sunshine', 'gate');
      if (!row) throw new Error('no row');
      const first = {
        beatAtMs: NOON_MS,
        silentAtMs: NOON_MS + 180_000,
        facts,
        offsetMs: 0,
        factsAtMs: NOON_MS,
        lastSilenceFromMs: NOON_MS,
        lastSilenceToMs: NOON_MS,
        monitoringSinceMs: NOON_MS,
        alarmSystemSinceMs: NOON_MS,
        monitoringDownAtMs: NOON_MS,
        alarmSystemDownAtMs: NOON_MS,
        judgeFromMs: NOON_MS,
        offsetCandidateMs: -NOON_MS,
      };
      await vitals.patchBox(row, first, { key: KEY, seq: 0 });
    });

    it('is one write unit and no read for a box that this worker never saw', async () => {
      expect(await spending((vitals) => vitals.beat(beat(1)))).toEqual([{ command: 'UpdateItem', units: 1 }]);
    });

    it('is the same while two keys overlap, with every attribute of the row set', async () => {
      await makeVitalsStore(engine().client, table).admitKey('sunshine', 'gate', OTHER_KEY);
      const spent = await spending(async (vitals) => {
        expect(await vitals.beat(beat(1))).toEqual({ silentAfterMs: 180_000 });
        expect(await vitals.beat(beat(0, { key: OTHER_KEY }))).toEqual({ silentAfterMs: 180_000 });
        expect(await vitals.beat(beat(2))).toEqual({ silentAfterMs: 180_000 });
      });
      expect(spent).toEqual([1, 2, 3].map(() => ({ command: 'UpdateItem', units: 1 })));
    });

    it('is the same with the receipts of two alarms in the row, which it brings along', async () => {
      const vitals = makeVitalsStore(engine().client, table);
      for (const n of [1, 2]) {
        await vitals.noteReceipt('sunshine', 'gate', {
          reportId: `0195000${n}-8a00-7000-8000-0123456789ab`,
          openedAtMs: NOON_MS + n,
          revision: 7,
          state: 'answered',
          published: 5,
          delivered: 4,
          seenBy: ['public-security', 'fire-rescue', 'facility'].map((department) => ({ department, atMs: NOON_MS })),
        });
      }
      const spent = await spending(async (fresh) =>
        expect((await fresh.beat(beat(1)))?.receipts?.map(({ delivered }) => delivered)).toEqual([4, 4]),
      );
      expect(spent).toEqual([{ command: 'UpdateItem', units: 1 }]);
    });

    it('asks once and reads nothing when its condition does not hold', async () => {
      const spent = await spending(async (vitals) => expect(await vitals.beat(beat(0))).toBeUndefined());
      expect(spent.map(({ command }) => command)).toEqual(['UpdateItem']);
    });
  });
});
