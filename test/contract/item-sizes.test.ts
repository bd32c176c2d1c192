import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../shared/adapters/dynamodb/client.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import type { HeldDay } from '../../shared/domain/held-day.ts';
import { type Incident, LARGEST_INCIDENT_BYTES, LONGEST_OUTBOX, LONGEST_STEPS } from '../../shared/domain/incident.ts';
import { MOST_HOLDS_ON_RECORD, MOST_OPEN_HOLDS } from '../../shared/domain/legal-holds.ts';
import { MOST_SEEN_BY } from '../../shared/domain/notices/alarm-receipt.ts';
import { logKinds } from '../../shared/domain/reports.ts';
import { fitsItsDay } from '../../shared/domain/take-recording.ts';
import { DAY_MS, HOUR_MS, hourFrom } from '../../shared/domain/time.ts';
import {
  type CameraState,
  LONGEST_RETENTION_FOLD,
  LONGEST_SIGNAL_FOLD,
  LONGEST_TESTED_FOLD,
  LONGEST_TOO_OLD,
} from '../../shared/domain/vitals.ts';
import type { TableName } from '../support/dynalite.ts';
import { itemBytes } from '../support/item-size.ts';
import { incident, KEY, NOON_MS, OTHER_KEY, step } from './samples.ts';
import { onEachEngine } from './stores.ts';

/** The longest id that a facility may have, and the longest of a box, camera or class. */
const FACILITY = 'f'.repeat(64);
const id = (n: number, length = 32): string => `${'c'.repeat(length - 3)}-${String(n).padStart(2, '0')}`;

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing is there');
  return value;
};

onEachEngine((engine) => {
  const bytesOf = async (table: string, key: Record<string, string>): Promise<number> => {
    const answer = await documentsOf(engine().client).send(new GetCommand({ TableName: table, Key: key }));
    return itemBytes(must(answer.Item));
  };

  const announced = async (): Promise<{
    tables: Record<TableName, string>;
    store: ReturnType<typeof makeVitalsStore>;
  }> => {
    const tables = await engine().tables();
    const store = makeVitalsStore(engine().client, tables.vitals);
    await store.announceFacility(FACILITY, 999_999, 1_439);
    await store.announceBox(FACILITY, id(0), 86_400_000, 0);
    for (const key of [KEY, OTHER_KEY]) await store.admitKey(FACILITY, id(0), key);
    return { tables, store };
  };

  describe('sizes of items as kept', () => {
    it('a box row is under 1 KB with two keys, the longest names and every attribute set', async () => {
      const { tables, store } = await announced();
      const at = NOON_MS + 123;
      for (const key of [KEY, OTHER_KEY]) {
        const all = {
          beatAtMs: at,
          silentAtMs: at,
          facts: 'unknown|unknown|unknown|unknown|unknown|unknown|000',
          monitoringSinceMs: at,
          alarmSystemSinceMs: at,
          monitoringDownAtMs: at,
          alarmSystemDownAtMs: at,
          factsAtMs: at,
          connectedAtMs: at,
          lastSilenceFromMs: at,
          lastSilenceToMs: at,
          shownLateMinutes: 525_600 + 1 / 12,
          offsetMs: -at,
          offsetAtMs: at,
          offsetCandidateMs: -at,
          offsetCandidateAtMs: at,
          judgeFromMs: at,
        };
        const row = must(await store.readBox(FACILITY, id(0)));
        expect(await store.patchBox(row, all, { key, seq: 9_007_199_254_740_991 })).toBe(true);
      }
      for (const n of [1, 2]) {
        await store.noteReceipt(FACILITY, id(0), {
          reportId: `0195000${n}-8a00-7000-8000-0123456789ab`,
          openedAtMs: at + n,
          revision: 99_999,
          state: 'answered',
          published: 12,
          delivered: 12,
          seenBy: Array.from({ length: MOST_SEEN_BY }, (_, d) => ({ department: id(d), atMs: at + DAY_MS })),
        });
      }
      expect(await bytesOf(tables.vitals, { pk: FACILITY, sk: `box#${id(0)}` })).toBeLessThan(1_024);
    });

    it('a coverage row is at most 4 KB with 64 cameras of the longest names whose clocks are a day off', async () => {
      const { tables, store } = await announced();
      const clock = { offsetSeconds: -86_400, sinceMs: NOON_MS - (NOON_MS % 60_000) };
      const sinceMs = NOON_MS + 123;
      const camera = {
        state: 'picture-unusable' as CameraState,
        sinceMs,
        saidAtMs: NOON_MS - (NOON_MS % 3_600_000),
        clock,
      };
      const cameras = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [id(n), camera]));
      const row = must(await store.readCoverage(FACILITY, id(0)));
      expect(await store.patchCoverage(row, { cameras, coveredAtMs: NOON_MS + 123, judgeFromMs: NOON_MS + 123 })).toBe(
        true,
      );
      expect(await bytesOf(tables.vitals, { pk: FACILITY, sk: `coverage#${id(0)}` })).toBeLessThanOrEqual(4_096);
    });

    it('a held day is under 2 KB as it usually is, and far below what an item may be with all that it may hold', async () => {
      const tables = await engine().tables();
      const store = makeRecordStore(engine().client, tables.records);
      const hours = Array.from({ length: 25 }, (_, n) => NOON_MS + n * HOUR_MS);
      const base = {
        camera: id(0),
        oldestRetrievableAtMs: NOON_MS,
        claimHourMs: NOON_MS,
        claimTimeMs: NOON_MS,
        claimReceivedAtMs: NOON_MS,
        claimAtEnd: { hourMs: NOON_MS, timeMs: NOON_MS, receivedAtMs: NOON_MS, oldestRetrievableAtMs: NOON_MS },
        reportedAtMs: NOON_MS,
        revision: 1,
        reported: [{ fromMs: NOON_MS, toMs: NOON_MS + 25 * HOUR_MS }],
      };
      const usual: HeldDay = {
        ...base,
        day: '2026-11-21',
        recorded: base.reported,
        receptions: hours.map((hourMs) => ({ hourMs, receivedAtMs: hourMs + 3_661_123, recorded: [hourFrom(hourMs)] })),
        seals: hours.map((hourMs) => ({ hourMs: hourMs - (hourMs % HOUR_MS), stability: 'byte-stable' as const })),
      };
      const pieces = (hourMs: number, from: number, to: number) =>
        Array.from({ length: to - from }, (_, n) => ({
          fromMs: hourMs + 3_000_000 + (from + n) * 1_000,
          toMs: hourMs + 3_000_001 + (from + n) * 1_000,
        }));
      const fullest: HeldDay = {
        ...base,
        day: '2026-11-22',
        recorded: hours.flatMap((hourMs) => pieces(hourMs, 0, 240)),
        receptions: hours.flatMap((hourMs) =>
          Array.from({ length: 16 }, (_, n) => ({
            hourMs,
            receivedAtMs: hourMs + 90 * DAY_MS + n,
            recorded: pieces(hourMs, n * 15, n * 15 + 15),
          })),
        ),
        deletions: Array.from({ length: 200 }, () => ({
          ...hourFrom(NOON_MS + 1),
          reason: 'recorder-replaced' as const,
          receivedAtMs: NOON_MS + 123,
        })),
        confirmedHolds: Array.from({ length: 200 }, (_, n) => ({
          ...hourFrom(NOON_MS + 1),
          hold: id(n),
          receivedAtMs: NOON_MS + 123,
        })),
      };
      expect([usual, fullest].map(fitsItsDay)).toEqual([true, true]);
      for (const day of [usual, fullest]) await store.saveHeldDay(FACILITY, day, undefined);
      const key = (day: string) => ({ pk: FACILITY, sk: `held#${id(0)}#${day}` });
      expect(await bytesOf(tables.records, key(usual.day))).toBeLessThan(2_048);
      expect(await bytesOf(tables.records, key(fullest.day))).toBeLessThan(320 * 1_024);
      expect(await store.readHeldDay(FACILITY, id(0), fullest.day)).toEqual(fullest);
    });

    it('a facility row is at most 4 KB with 24 classes, 48 cameras that are well and every fold full', async () => {
      const { tables, store } = await announced();
      const at = NOON_MS + 123;
      const check = { morning: { day: '2026-11-21', atMs: at }, noon: { day: '2026-11-21', atMs: at } };
      const finding = {
        state: 'unknown',
        sinceMs: at,
        depthDays: 89,
        missingMs: 7_776_000_000,
        dueAtMs: at + 7_776_000_000,
      } as const;
      const row = must(await store.readFacility(FACILITY));
      const full = {
        dueAtMs: at,
        packSet: 'national-floor@2026.11.1 taizhou@2026.11.1',
        checks: Object.fromEntries(Array.from({ length: 24 }, (_, n) => [id(n, 12), check])),
        retention: Array.from({ length: LONGEST_RETENTION_FOLD }, (_, n) => ({ camera: id(n, 12), ...finding })),
        retentionHeld: Object.fromEntries(Array.from({ length: 48 }, (_, n) => [id(n, 12), at])),
        retentionOverflow: true,
        recordedAtMs: at,
        challenges: {
          state: 'breached' as const,
          reason: 'recorder-always-busy' as const,
          sinceMs: at,
          unansweredAtMs: at,
          dueAtMs: at,
          sealed: { owed: 138_240, sealed: 138_240, presenceOnly: 138_240 },
        },
        tooOld: Object.fromEntries(Array.from({ length: LONGEST_TOO_OLD }, (_, n) => [id(n, 12), at])),
        signals: Array.from({ length: LONGEST_SIGNAL_FOLD }, (_, n) => ({
          signal: 'influenza-class',
          class: id(n, 12),
          children: 12,
          sinceMs: at,
          untilMs: at + 7 * 86_400_000,
          late: true as const,
        })),
        signalsOverflow: true,
        doneAtMs: Object.fromEntries(logKinds.map((kind) => [kind, at])),
        guardUntilMs: at,
        closing: { day: '2026-11-21', atMs: at, childrenIn: 1_000_000, childrenOut: 1_000_000 },
        registrationToldVersion: 999_999,
        judgeFromMs: at,
      };
      expect(await store.patchFacility(row, full)).toBe(true);
      expect(await bytesOf(tables.vitals, { pk: FACILITY, sk: 'facility' })).toBeLessThanOrEqual(4_096);
    });

    it('a facility row is 6 KB larger at most for the last tests of its whole inventory, which are read back', async () => {
      const { tables, store } = await announced();
      const row = must(await store.readFacility(FACILITY));
      const key = { pk: FACILITY, sk: 'facility' };
      const before = await bytesOf(tables.vitals, key);
      const testedAtMs = Object.fromEntries(
        Array.from({ length: LONGEST_TESTED_FOLD }, (_, n) => [id(n, 32), NOON_MS + n]),
      );
      expect(await store.patchFacility(row, { testedAtMs })).toBe(true);
      expect((await bytesOf(tables.vitals, key)) - before).toBeLessThanOrEqual(6_144);
      expect((await store.readFacility(FACILITY))?.testedAtMs).toEqual(testedAtMs);
    });

    it('a facility row is 2.5 KB larger at most for as many orders as bind it at once, which are read back', async () => {
      const { tables, store } = await announced();
      const row = must(await store.readFacility(FACILITY));
      const key = { pk: FACILITY, sk: 'facility' };
      const before = await bytesOf(tables.vitals, key);
      const holdsConfirmed = Object.fromEntries(
        Array.from({ length: MOST_OPEN_HOLDS }, (_, n) => [`hold-${MOST_HOLDS_ON_RECORD + n}`, NOON_MS + n]),
      );
      const holdsBroken = holdsConfirmed;
      expect(await store.patchFacility(row, { holdsConfirmed, holdsBroken })).toBe(true);
      expect((await bytesOf(tables.vitals, key)) - before).toBeLessThanOrEqual(2_560);
      expect(await store.readFacility(FACILITY)).toMatchObject({ holdsConfirmed, holdsBroken });
    });

    it('an incident is at most 8 KB with a full ladder, outbox, timeline and everything published', async () => {
      const tables = await engine().tables();
      const store = makeIncidentStore(engine().client, tables.incidents);
      const recipients = ['public-security', 'fire-rescue', 'emergency', 'health-commission', 'market-supervision'].map(
        (department) => ({ department, topic: 'supervision', duty: 'inform' }) as const,
      );
      const facilityId = 'hailing-sunshine-nursery';
      const full: Incident = incident({
        id: `${facilityId}~area-covered~area.playroom-second-floor~${NOON_MS}`,
        facilityId,
        ladder: (['facility', 'town', 'district', 'city'] as const).map((level) => ({
          level,
          dueAtMs: NOON_MS,
          recipients,
          enteredAtMs: NOON_MS,
        })),
        outbox: Array.from({ length: LONGEST_OUTBOX }, (_, n) => ({
          rung: n % 4,
          recipient: must(recipients[n % recipients.length]),
          kind: 'worsened' as const,
          dueAtMs: NOON_MS,
          attempts: 99,
          n: 3,
        })),
        published: Array.from({ length: 16 }, (_, n) => ({
          rung: n % 4,
          department: must(recipients[n % recipients.length]).department,
          topic: 'supervision' as const,
          kind: 'reopened' as const,
          publishedAtMs: NOON_MS,
          n: 3,
        })),
        steps: Array.from({ length: LONGEST_STEPS }, (_, n) =>
          step(n, {
            kind: 'notice-published',
            by: 'https://login.health.taizhou.gov.cn/realms/nursery|0193b5a2-7c1e-7d3a-9a55-1f2e3d4c5b6a',
            reason: 'health-commission at rung 2: published after 3 attempts, the topic did not answer',
          }),
        ),
      });
      expect(await store.putIfAbsent(full)).toBe(true);
      expect(await bytesOf(tables.incidents, { pk: full.id })).toBeLessThanOrEqual(LARGEST_INCIDENT_BYTES);
    });
  });
});
