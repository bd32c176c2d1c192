import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeChannelStateStore } from '../../shared/adapters/dynamodb/channel-state-store.ts';
import { documentsOf } from '../../shared/adapters/dynamodb/client.ts';
import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeLedgerStore } from '../../shared/adapters/dynamodb/ledger-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeNoticeFeed } from '../../shared/adapters/dynamodb/notice-feed.ts';
import { makeReachStore } from '../../shared/adapters/dynamodb/reach-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import type { AnswerLink, Delivery } from '../../shared/domain/delivery/delivery.ts';
import { alarmIncidentId } from '../../shared/domain/incident.ts';
import type { CheckReport, DigestReport, LogReport, RecordingReport } from '../../shared/domain/reports.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/time.ts';
import { longestRetentionDays } from '../../shared/rule-packs/index.ts';
import { gap, incident, KEY, NOON_MS, step } from './samples.ts';
import { onEachEngine } from './stores.ts';

const INCIDENT = alarmIncidentId('sunshine', 'gate', '0193');
/** A nursery may be called so. */
const LIKE_CANARY = alarmIncidentId('canary-song', 'gate', '0193');
const CANARYS = alarmIncidentId('canary', 'canary', '0193');
const noticeOf = (incidentId: string): string => `${incidentId}/0/facility/opened`;

/** Whole seconds, as the engine reads them: milliseconds would be the year 58000, and nothing would ever go. */
const secondsAfter = (ms: number, days: number): number => (ms + days * DAY_MS) / 1_000;

const errand = { post: 'facility~sunshine', contact: 'head', department: 'facility', duty: 'act', rung: 0 } as const;

const delivery = (incidentId: string): Delivery => ({
  ...errand,
  incidentId,
  noticeId: noticeOf(incidentId),
  lane: 'life-safety',
  kind: 'opened',
  state: 'owed',
  createdAtMs: NOON_MS,
  attempts: [],
  attemptCount: 0,
  dueAtMs: NOON_MS,
  revision: 1,
});

const link: AnswerLink = {
  ...errand,
  lookup: 'AbCdEfGhIj-',
  incidentId: INCIDENT,
  noticeId: noticeOf(INCIDENT),
  group: true,
  test: false,
  createdAtMs: NOON_MS,
  expiresAtMs: NOON_MS + DAY_MS,
};

onEachEngine((engine) => {
  describe('what the engine may delete, and when', () => {
    let tables: Awaited<ReturnType<ReturnType<typeof engine>['tables']>>;
    beforeEach(async () => {
      tables = await engine().tables();
    });

    /** `expiresAt` of every item of a table, by its key. */
    const expiring = async (table: string): Promise<Record<string, unknown>> => {
      const { Items = [] } = await documentsOf(engine().client).send(new ScanCommand({ TableName: table }));
      return Object.fromEntries(Items.map(({ pk, sk, expiresAt }) => [`${pk} ${sk}`, expiresAt]));
    };

    it('a delivery: 400 days after it was made, and so it stays when it is saved; the canary’s after two', async () => {
      const deliveries = makeDeliveryStore(engine().client, tables.deliveries);
      const all = [INCIDENT, LIKE_CANARY, CANARYS, 'test~facility~sunshine'];
      for (const id of all) await deliveries.putIfAbsent(delivery(id));
      const put = await expiring(tables.deliveries);
      for (const id of all) {
        expect(await deliveries.save({ ...delivery(id), dueAtMs: NOON_MS + HOUR_MS, revision: 2 })).toBe(true);
      }
      expect(put).toEqual(
        Object.fromEntries(
          all.map((id) => [`${id} delivery#${noticeOf(id)}#head`, secondsAfter(NOON_MS, id === CANARYS ? 2 : 400)]),
        ),
      );
      expect(await expiring(tables.deliveries)).toEqual(put);
    });

    it('what the ledger heard: 400 days after it heard it; of the canary after two', async () => {
      const ledger = makeLedgerStore(engine().client, tables.deliveries);
      for (const incidentId of [INCIDENT, CANARYS]) {
        const noticeId = noticeOf(incidentId);
        await ledger.keep({ incidentId, noticeId, topic: 'police', snsAtMs: 1, receivedAtMs: NOON_MS });
      }
      expect(await expiring(tables.deliveries)).toEqual({
        [`${INCIDENT} ledger#${noticeOf(INCIDENT)}`]: secondsAfter(NOON_MS, 400),
        [`${CANARYS} ledger#${noticeOf(CANARYS)}`]: secondsAfter(NOON_MS, 2),
      });
    });

    it('a notice of the feed and its mark: 400 days after it came', async () => {
      const feed = makeNoticeFeed(engine().client, tables.deliveries);
      const noticeId = noticeOf(INCIDENT);
      await feed.keep('police', { incidentId: INCIDENT, noticeId, division: '321202001', atMs: NOON_MS, data: {} });
      const expected = secondsAfter(NOON_MS, 400);
      expect(Object.values(await expiring(tables.deliveries))).toEqual([expected, expected]);
    });

    it('an answer link, and the name that was typed in it: 30 days after the link expired', async () => {
      const links = makeLinkStore(engine().client, tables.deliveries);
      await links.putIfAbsent(link);
      const expected = { [`link#${link.lookup} link`]: secondsAfter(link.expiresAtMs, 30) };
      expect(await expiring(tables.deliveries)).toEqual(expected);
      const use = { choice: 'take', atMs: NOON_MS + HOUR_MS, name: '王', unit: '城东所' } as const;
      expect(await links.use(link.lookup, use)).toBe(true);
      expect(await expiring(tables.deliveries)).toEqual(expected);
      expect(await links.read(link.lookup)).toEqual({ ...link, used: use });
    });

    it('what is known of an address: 30 days after the last instant that it speaks of', async () => {
      const states = makeChannelStateStore(engine().client, tables.deliveries);
      const first = { key: 'wecom~00ff', sentAtMs: [NOON_MS - 1_000, NOON_MS], failures: 0, revision: 1 };
      await states.save(first);
      expect(await expiring(tables.deliveries)).toEqual({ 'channel#wecom~00ff state': secondsAfter(NOON_MS, 30) });
      await states.save({ ...first, lockedUntilMs: NOON_MS + HOUR_MS, openUntilMs: NOON_MS + 1_000, revision: 2 });
      expect(await expiring(tables.deliveries)).toEqual({
        'channel#wecom~00ff state': secondsAfter(NOON_MS + HOUR_MS, 30),
      });
    });

    it('signs of life, windows past and present, and when a post last saw something: never', async () => {
      const { client } = engine();
      await makeSystemBeats(client, tables.deliveries).beat('canary-delivered', NOON_MS, 1_200);
      await makeReachStore(client, tables.deliveries).seen('facility~sunshine', NOON_MS);
      const windows = makeWindowStore(client, tables.deliveries);
      await windows.save({ facilityId: 'sunshine', drills: [], mutes: [], revision: 1 });
      const mute = {
        id: 'm1',
        is: 'mute',
        rules: [],
        fromMs: 0,
        toMs: NOON_MS,
        by: 'b',
        atMs: 0,
        reason: 'r',
      } as const;
      await windows.keepPast('sunshine', { drills: [], mutes: [mute] });
      const items = await expiring(tables.deliveries);
      expect(Object.keys(items)).toHaveLength(4);
      expect(Object.values(items).filter((at) => at !== undefined)).toEqual([]);
    });

    it('reports of a nursery and what is listed of them: 400 days after they came, recordings 120, logs three years', async () => {
      const records = makeRecordStore(engine().client, tables.records);
      const kept = <T>(report: T) => ({ report, digest: 'd1', receivedMs: NOON_MS, key: KEY });
      const check = kept({ id: '1', findings: [], day: '2026-11-21' } as unknown as CheckReport);
      await records.putCheck('sunshine', 'gate', check);
      await records.putFindings('sunshine', check);
      await records.putLog('sunshine', 'gate', kept({ id: '2' } as LogReport));
      await records.putRecording('sunshine', 'gate', kept({ id: '3' } as RecordingReport));
      await records.putDigest('sunshine', 'gate', kept({ id: '4', hourMs: NOON_MS } as DigestReport));
      const items = Object.entries(await expiring(tables.records));
      const of = (days: number) => items.filter(([, at]) => at === secondsAfter(NOON_MS, days)).map(([key]) => key);
      expect(of(1_096)).toEqual(['sunshine log#gate#2']);
      expect(
        of(400)
          .map((key) => key.split(/[ #]/)[1])
          .sort(),
      ).toEqual(['check', 'digest', 'finding', 'hour']);
      expect(of(120)).toEqual(['sunshine recording#gate#3']);
      // What is judged now can be judged anew from them, a month later too.
      expect(120).toBeGreaterThanOrEqual(longestRetentionDays + 30);
      expect(items).toHaveLength(6);
      expect(await records.readCheck('sunshine', 'gate', '1')).toEqual(check);
    });

    it('gaps and incidents that are over: three years after they ended; days of film: never', async () => {
      const records = makeRecordStore(engine().client, tables.records);
      const one = gap();
      await records.putGap(one);
      expect(Object.values(await expiring(tables.records))).toEqual([secondsAfter(one.fromMs, 1_096)]);
      const longer = { ...one, toMs: one.toMs + DAY_MS };
      await records.putGap(longer);
      const key = Object.keys(await expiring(tables.records))[0] ?? '';
      expect((await expiring(tables.records))[key]).toBe(secondsAfter(longer.toMs, 1_096));
      expect(await records.gapsFrom('sunshine', 0)).toEqual([longer]);
      const closed = incident({ state: 'closed', closedAtMs: NOON_MS });
      await records.archiveIncident(closed);
      await records.flushSteps('sunshine', closed.id, [step(1)]);
      await records.saveHeldDay(
        'sunshine',
        { camera: 'cam-1', day: '2026-11-21', recorded: [], reportedAtMs: NOON_MS, revision: 1 },
        undefined,
      );
      expect(await expiring(tables.records)).toEqual({
        [key]: secondsAfter(longer.toMs, 1_096),
        [`sunshine incident#${closed.id}`]: secondsAfter(NOON_MS, 1_096),
        [`sunshine step#${closed.id}#000001`]: Math.ceil(secondsAfter(NOON_MS + 1, 1_096)),
        'sunshine held#cam-1#2026-11-21': undefined,
      });
      expect(await records.readArchived('sunshine', closed.id)).toEqual(closed);
    });

    it('an alarm of the canary: two days after it came; its key, and whatever is a nursery’s: never', async () => {
      const alarms = makeAlarmStore(engine().client, tables.alarms);
      const report = {
        id: '0193',
        timeMs: NOON_MS,
        ageMs: 0,
        kind: 'test',
        area: 'none',
        confirmed: 'unknown',
        drill: false,
      } as const;
      const kept = { report, digest: 'd1', receivedMs: NOON_MS, key: KEY };
      for (const [facilityId, box] of [
        ['canary', 'canary'],
        ['sunshine', 'canary'],
      ] as const) {
        await alarms.putKey(facilityId, box, KEY);
        expect(await alarms.put(facilityId, box, kept)).toBe('put');
        expect(await alarms.put(facilityId, box, kept)).toBe('same');
        expect(await alarms.read(facilityId, box, '0193')).toEqual(kept);
      }
      expect(await expiring(tables.alarms)).toEqual({
        'canary/canary alarm#0193': secondsAfter(NOON_MS, 2),
        [`canary/canary key#${KEY}`]: undefined,
        'sunshine/canary alarm#0193': undefined,
        [`sunshine/canary key#${KEY}`]: undefined,
      });
    });
  });
});
