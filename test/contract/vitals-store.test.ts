import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmReceipt } from '../../shared/domain/notices/alarm-receipt.ts';
import type { BoxVitals } from '../../shared/domain/vitals.ts';
import type { CandidateFilter, PlainBeat, VitalsStore } from '../../shared/ports/vitals-store.ts';
import { KEY, NOON_MS, OTHER_KEY } from './samples.ts';
import { onEveryStore } from './stores.ts';

const SILENT_AFTER_MS = 180_000;
const TAKEN = { silentAfterMs: SILENT_AFTER_MS };
const FACTS = 'y|y|8|8|ok|20500';

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('nothing is there');
  return value;
};

const beatOf = (over: Partial<PlainBeat> = {}): PlainBeat => ({
  facilityId: 'sunshine',
  box: 'gate',
  key: KEY,
  seq: 1,
  nowMs: NOON_MS + 60_000,
  facts: FACTS,
  offsetMs: 1_500,
  ...over,
});

onEveryStore((make) => {
  describe('vitals store', () => {
    let vitals: VitalsStore;
    const box = async (): Promise<BoxVitals> => must(await vitals.readBox('sunshine', 'gate'));

    beforeEach(async () => {
      ({ vitals } = await make());
      await vitals.announceFacility('sunshine', 1, 77);
      await vitals.announceBox('sunshine', 'gate', SILENT_AFTER_MS, 0);
      await vitals.admitKey('sunshine', 'gate', KEY);
    });

    /** As the slow path leaves a box after its first beat. */
    const connected = async (): Promise<void> => {
      const first = { beatAtMs: NOON_MS, silentAtMs: NOON_MS + SILENT_AFTER_MS, facts: FACTS, offsetMs: 1_000 };
      expect(await vitals.patchBox(await box(), first, { key: KEY, seq: 0 })).toBe(true);
    };

    describe('a new box', () => {
      it('has both rows, no beat, and a key without a sequence', async () => {
        const { revision, ...row } = await box();
        expect(row).toEqual({
          announcedAtMs: 0,
          facilityId: 'sunshine',
          box: 'gate',
          liveKeys: { [KEY]: -1 },
          silentAfterMs: SILENT_AFTER_MS,
        });
        expect(revision).toBeGreaterThan(0);
        expect(await vitals.readCoverage('sunshine', 'gate')).toMatchObject({ liveKeys: { [KEY]: -1 }, cameras: {} });
      });

      it('is announced again without losing what is known of it', async () => {
        await connected();
        await vitals.announceBox('sunshine', 'gate', 1, 0);
        expect(await box()).toMatchObject({
          silentAfterMs: SILENT_AFTER_MS,
          beatAtMs: NOON_MS,
          liveKeys: { [KEY]: 0 },
        });
      });

      it('keeps the sequence of a key that is admitted again', async () => {
        await connected();
        await vitals.admitKey('sunshine', 'gate', KEY);
        expect((await box()).liveKeys).toEqual({ [KEY]: 0 });
      });

      it('takes no key before it was announced', async () => {
        await expect(vitals.admitKey('sunshine', 'nowhere', KEY)).rejects.toThrow('never announced');
      });

      it('has no plain beat before its first slow one', async () => {
        expect(await vitals.beat(beatOf())).toBeUndefined();
      });
    });

    describe('a plain beat', () => {
      beforeEach(connected);

      it('moves the key, the beat and the silence, and nothing else', async () => {
        const before = await box();
        expect(await vitals.beat(beatOf({ seq: 7 }))).toEqual(TAKEN);
        expect(await box()).toEqual({
          ...before,
          liveKeys: { [KEY]: 7 },
          beatAtMs: NOON_MS + 60_000,
          silentAtMs: NOON_MS + 60_000 + SILENT_AFTER_MS,
        });
      });

      it.each([
        ['the same sequence again', { seq: 0 }],
        ['a key that is not live', { key: OTHER_KEY }],
        ['a box that fell silent this very millisecond', { nowMs: NOON_MS + SILENT_AFTER_MS }],
        ['other facts', { facts: 'n|y|8|8|ok|20500' }],
        ['a clock that is more than 30 s further on', { offsetMs: 31_001 }],
        ['a clock that is more than 30 s further back', { offsetMs: -29_001 }],
        ['a box that nobody announced', { box: 'nowhere' }],
        ['another facility', { facilityId: 'moonlight' }],
      ])('is left to the slow path: %s', async (_why, over) => {
        const before = await box();
        expect(await vitals.beat(beatOf(over))).toBeUndefined();
        expect(await box()).toEqual(before);
      });

      it.each([
        ['one millisecond before the silence', { nowMs: NOON_MS + SILENT_AFTER_MS - 1 }],
        ['a clock exactly 30 s further on', { offsetMs: 31_000 }],
        ['a clock exactly 30 s further back', { offsetMs: -29_000 }],
      ])('is taken: %s', async (_why, over) => {
        expect(await vitals.beat(beatOf(over))).toEqual(TAKEN);
      });

      it('is ordered per key while two keys overlap', async () => {
        await vitals.admitKey('sunshine', 'gate', OTHER_KEY);
        expect(await vitals.beat(beatOf({ key: OTHER_KEY, seq: 0 }))).toEqual(TAKEN);
        expect(await vitals.beat(beatOf({ seq: 5 }))).toEqual(TAKEN);
        expect(await vitals.beat(beatOf({ key: OTHER_KEY, seq: 1 }))).toEqual(TAKEN);
        expect((await box()).liveKeys).toEqual({ [KEY]: 5, [OTHER_KEY]: 1 });
      });

      it('is refused from the moment its key was revoked', async () => {
        await vitals.revokeKey('sunshine', 'gate', KEY);
        expect(await vitals.beat(beatOf())).toBeUndefined();
        expect((await box()).liveKeys).toEqual({});
      });

      it('lets exactly one of two with the same sequence through', async () => {
        const taken = await Promise.all([vitals.beat(beatOf({ seq: 3 })), vitals.beat(beatOf({ seq: 3 }))]);
        expect(taken.filter(Boolean)).toHaveLength(1);
      });
    });

    describe('receipts of alarms in the row of their box', () => {
      beforeEach(connected);
      const reportId = (n: number): string => `0195${String(n).padStart(4, '0')}-8a00-7000-8000-0123456789ab`;
      const receipt = (n: number, over: Partial<AlarmReceipt> = {}): AlarmReceipt => ({
        reportId: reportId(n),
        openedAtMs: NOON_MS + n * 60_000,
        revision: 1,
        state: 'open',
        published: 3,
        delivered: 0,
        seenBy: [],
        ...over,
      });
      const seen = (n: number): Partial<AlarmReceipt> => ({
        revision: 2,
        state: 'answered',
        delivered: 2,
        seenBy: [{ department: 'public-security', atMs: NOON_MS + n * 60_000 + 95_000 }],
      });
      const note = (...receipts: readonly AlarmReceipt[]): Promise<void> =>
        receipts.reduce(
          (before, one) => before.then(() => vitals.noteReceipt('sunshine', 'gate', one)),
          Promise.resolve(),
        );

      it('come back with the row and with a plain beat, and change nothing else', async () => {
        const before = await box();
        await note(receipt(1, seen(1)));
        expect(await box()).toEqual({ ...before, receipts: [receipt(1, seen(1))] });
        expect(await vitals.beat(beatOf())).toEqual({ ...TAKEN, receipts: [receipt(1, seen(1))] });
        expect((await vitals.readRows('sunshine'))?.boxes[0]?.receipts).toEqual([receipt(1, seen(1))]);
      });

      it.each([
        ['in the order of the alarms', [1, 2, 3]],
        ['the latest first', [3, 2, 1]],
        ['the middle one last', [1, 3, 2]],
        ['the latest in between', [2, 3, 1]],
      ])('are of the two latest alarms: %s', async (_order, order) => {
        await note(...order.map((n) => receipt(n)));
        expect((await box()).receipts).toEqual([receipt(3), receipt(2)]);
      });

      it('move on with their alarm, the latest or the one before', async () => {
        await note(receipt(1), receipt(2), receipt(1, seen(1)));
        expect((await box()).receipts).toEqual([receipt(2), receipt(1, seen(1))]);
        await note(receipt(2, seen(2)));
        expect((await box()).receipts).toEqual([receipt(2, seen(2)), receipt(1, seen(1))]);
      });

      it('never go back behind a later revision, and the same again changes nothing', async () => {
        await note(receipt(1, seen(1)), receipt(2, { revision: 40 }));
        const after = (await box()).receipts;
        await note(receipt(1), receipt(1, seen(1)), receipt(2, { revision: 39, state: 'closed' }));
        expect((await box()).receipts).toEqual(after);
      });

      it('of two alarms of one instant stand side by side', async () => {
        const twin = receipt(2, { openedAtMs: NOON_MS + 60_000 });
        await note(receipt(1), twin, receipt(1, seen(1)), { ...twin, revision: 2 });
        expect((await box()).receipts).toEqual(expect.arrayContaining([receipt(1, seen(1)), { ...twin, revision: 2 }]));
      });

      it('are kept under whatever id the report had', async () => {
        await note(receipt(1, { reportId: 'not-a-uuid' }));
        expect((await box()).receipts?.[0]?.reportId).toBe('not-a-uuid');
      });

      it('raise no revision, so that no beat and no patch loses against them', async () => {
        const read = await box();
        await note(receipt(1));
        expect(await vitals.patchBox(read, { judgeFromMs: NOON_MS })).toBe(true);
        expect((await box()).receipts).toEqual([receipt(1)]);
      });

      it('make no row for a box that nobody announced', async () => {
        await vitals.noteReceipt('sunshine', 'nowhere', receipt(1));
        expect(await vitals.readBox('sunshine', 'nowhere')).toBeUndefined();
      });
    });

    describe('a patch of a box', () => {
      beforeEach(connected);

      it('sets what it names, removes what is undefined, keeps the rest and raises the revision', async () => {
        const before = await box();
        expect(await vitals.patchBox(before, { judgeFromMs: NOON_MS, offsetCandidateMs: 9, facts: 'x' })).toBe(true);
        expect(await vitals.patchBox(await box(), { offsetCandidateMs: undefined, judgeFromMs: undefined })).toBe(true);
        expect(await box()).toEqual({ ...before, facts: 'x', revision: before.revision + 2 });
      });

      it('keeps every attribute that a row can have', async () => {
        const all = {
          monitoringSinceMs: 1,
          alarmSystemSinceMs: 2,
          monitoringDownAtMs: 3,
          alarmSystemDownAtMs: 4,
          factsAtMs: 5,
          lastSilenceFromMs: 6,
          lastSilenceToMs: 7,
          shownLateMinutes: 7.5,
          offsetMs: -8,
          offsetCandidateMs: 9,
          judgeFromMs: 10,
        };
        expect(await vitals.patchBox(await box(), all)).toBe(true);
        expect(await box()).toMatchObject(all);
      });

      it('loses against another patch, and says so', async () => {
        const read = await box();
        expect(await vitals.patchBox(read, { judgeFromMs: 1 })).toBe(true);
        expect(await vitals.patchBox(read, { judgeFromMs: 2 })).toBe(false);
        expect((await box()).judgeFromMs).toBe(1);
      });

      it('loses against a plain beat, which raises no revision', async () => {
        const read = await box();
        expect(await vitals.beat(beatOf())).toEqual(TAKEN);
        expect(await vitals.patchBox(read, { judgeFromMs: 1 })).toBe(false);
      });

      it('loses against a first beat', async () => {
        await vitals.announceBox('sunshine', 'hall', SILENT_AFTER_MS, 0);
        const never = must(await vitals.readBox('sunshine', 'hall'));
        expect(await vitals.patchBox({ ...never, beatAtMs: 5 }, { judgeFromMs: 1 })).toBe(false);
        expect(await vitals.patchBox(never, { judgeFromMs: 1 })).toBe(true);
      });

      it('lets exactly one of two at once through', async () => {
        const read = await box();
        const patches = await Promise.all([1, 2].map((judgeFromMs) => vitals.patchBox(read, { judgeFromMs })));
        expect(patches.filter(Boolean)).toHaveLength(1);
      });

      it('moves a sequence only upwards', async () => {
        expect(await vitals.patchBox(await box(), {}, { key: KEY, seq: 0 })).toBe(false);
        expect(await vitals.patchBox(await box(), {}, { key: KEY, seq: 4 })).toBe(true);
        expect((await box()).liveKeys).toEqual({ [KEY]: 4 });
      });

      it('moves no sequence of a key that was revoked since', async () => {
        const read = await box();
        await vitals.revokeKey('sunshine', 'gate', KEY);
        expect(await vitals.patchBox({ ...read, revision: (await box()).revision }, {}, { key: KEY, seq: 9 })).toBe(
          false,
        );
      });
    });

    describe('coverage', () => {
      const covered = async () => must(await vitals.readCoverage('sunshine', 'gate'));

      it('keeps each camera with its state and since when', async () => {
        const cameras = {
          'cam-1': { state: 'usable', sinceMs: NOON_MS },
          'cam-2': { state: 'offline', sinceMs: 1 },
          'cam-3': { state: 'not-recording', sinceMs: 2 },
          'cam-4': { state: 'picture-unusable', sinceMs: 3 },
          'cam-5': { state: 'unknown', sinceMs: 0 },
          'cam-6': { state: 'usable', sinceMs: NOON_MS, clock: { offsetSeconds: -61, sinceMs: 60_000 * 29_900_000 } },
          'cam-7': {
            state: 'offline',
            sinceMs: 4,
            saidAtMs: 3_600_000 * 490_000,
            clock: { offsetSeconds: 0, sinceMs: 60_000 },
          },
        } as const;
        const patch = { cameras, coveredAtMs: NOON_MS, judgeFromMs: 4 };
        expect(await vitals.patchCoverage(await covered(), patch, { key: KEY, seq: 0 })).toBe(true);
        expect(await covered()).toMatchObject({
          ...patch,
          liveKeys: { [KEY]: 0 },
          facilityId: 'sunshine',
          box: 'gate',
        });
        expect((await covered()).cameras).toEqual(cameras);
      });

      it('has a sequence of its own', async () => {
        await connected();
        expect(await vitals.patchCoverage(await covered(), {}, { key: KEY, seq: 40 })).toBe(true);
        expect((await box()).liveKeys).toEqual({ [KEY]: 0 });
      });

      it('loses against another patch, a lower sequence and a revoked key', async () => {
        const read = await covered();
        expect(await vitals.patchCoverage(read, { coveredAtMs: 1 }, { key: KEY, seq: 2 })).toBe(true);
        expect(await vitals.patchCoverage(read, { coveredAtMs: 2 }, { key: KEY, seq: 3 })).toBe(false);
        expect(await vitals.patchCoverage(await covered(), { coveredAtMs: 2 }, { key: KEY, seq: 2 })).toBe(false);
        await vitals.revokeKey('sunshine', 'gate', KEY);
        expect(await vitals.patchCoverage(await covered(), { coveredAtMs: 2 }, { key: KEY, seq: 3 })).toBe(false);
        expect((await covered()).coveredAtMs).toBe(1);
      });
    });

    describe('a facility row', () => {
      const row = async () => must(await vitals.readFacility('sunshine'));

      it('is created with nothing known, due at once', async () => {
        const { revision: _revision, ...created } = await row();
        expect(created).toEqual({
          facilityId: 'sunshine',
          slot: 77,
          registryVersion: 1,
          dueAtMs: 0,
          checks: {},
          retention: [],
          retentionOverflow: false,
        });
      });

      it('keeps the folds of checks, recordings and logs', async () => {
        const patch = {
          dueAtMs: NOON_MS,
          packSet: 'taizhou@1 national@2',
          checks: {
            little: { morning: { day: '2026-11-21', atMs: NOON_MS }, noon: { day: '2026-11-20', atMs: 5 } },
            middle: { noon: { day: '2026-11-20', atMs: 6 } },
            large: { morning: { day: '2026-11-21', atMs: 7 } },
          },
          retention: [
            { camera: 'cam-1', state: 'short', sinceMs: 1, depthDays: 35.5, missingMs: 0, dueAtMs: NOON_MS },
            { camera: 'cam-2', state: 'unknown', sinceMs: 2, depthDays: 0, missingMs: 7, dueAtMs: 8 },
            { camera: 'cam-9', state: 'unknown', sinceMs: 2, depthDays: 90, missingMs: 7, dueAtMs: 8, unsaid: true },
          ],
          retentionOverflow: true,
          retentionHeld: { 'cam-3': NOON_MS },
          challenges: {
            state: 'breached',
            reason: 'film-differs',
            sinceMs: NOON_MS + 1,
            unansweredAtMs: NOON_MS + 2,
            dueAtMs: NOON_MS + 3,
            sealed: { owed: 4, sealed: 5, presenceOnly: 36 },
          },
          recordedAtMs: 9,
          tooOld: { 'cam-1': 86_400_000 * 20_000 },
          holdsConfirmed: { 'hold-1': 1_795_000_000_001, 'hold-12': 1_795_000_000_002 },
          holdsBroken: { 'hold-12': 1_795_000_000_003 },
          signals: [
            { signal: 'influenza', children: 10, sinceMs: NOON_MS, untilMs: NOON_MS + 1 },
            { signal: 'rash-class', class: 'little', children: 3, sinceMs: 11, untilMs: 12, late: true },
          ],
          signalsOverflow: true,
          doneAtMs: { drill: NOON_MS, 'fire-equipment-inspection': 13, 'plan-review': 0 },
          guardUntilMs: 14,
          closing: { day: '2026-11-21', atMs: NOON_MS, childrenIn: 30, childrenOut: 29 },
          registrationToldVersion: 15,
          judgeFromMs: 10,
        } as const;
        const before = await row();
        expect(await vitals.patchFacility(before, patch)).toBe(true);
        expect(await row()).toEqual({ ...before, ...patch, revision: before.revision + 1 });
      });

      it('is due at once again after a registry edit, and a decision made before it loses', async () => {
        expect(await vitals.patchFacility(await row(), { dueAtMs: NOON_MS, retentionOverflow: true })).toBe(true);
        const read = await row();
        await vitals.announceFacility('sunshine', 2, 5);
        expect(await vitals.patchFacility(read, { dueAtMs: NOON_MS })).toBe(false);
        expect(await row()).toMatchObject({ dueAtMs: 0, registryVersion: 2, slot: 77, retentionOverflow: true });
      });

      it('is not patched by who read another version of the registry', async () => {
        const read = await row();
        expect(await vitals.patchFacility({ ...read, registryVersion: 9 }, { dueAtMs: NOON_MS })).toBe(false);
        expect(await vitals.patchFacility(read, { dueAtMs: NOON_MS })).toBe(true);
      });

      it('hears nothing from an edit that was overtaken', async () => {
        await vitals.announceFacility('sunshine', 3, 77);
        await vitals.announceFacility('sunshine', 2, 77);
        expect((await row()).registryVersion).toBe(3);
      });
    });

    it('reads all rows of one facility, and no other', async () => {
      await vitals.announceBox('sunshine', 'hall', SILENT_AFTER_MS, 0);
      await vitals.announceFacility('sunshine-2', 1, 1);
      await vitals.announceBox('sunshine-2', 'gate', SILENT_AFTER_MS, 0);
      const rows = must(await vitals.readRows('sunshine'));
      expect(rows.facility.facilityId).toBe('sunshine');
      expect(rows.boxes.map((row) => row.box)).toEqual(['gate', 'hall']);
      expect(rows.coverage.map((row) => `${row.facilityId}/${row.box}`)).toEqual(['sunshine/gate', 'sunshine/hall']);
    });

    it('knows nothing of what was never announced', async () => {
      expect(await vitals.readBox('moonlight', 'gate')).toBeUndefined();
      expect(await vitals.readCoverage('moonlight', 'gate')).toBeUndefined();
      expect(await vitals.readFacility('moonlight')).toBeUndefined();
      expect(await vitals.readRows('moonlight')).toBeUndefined();
      await vitals.revokeKey('moonlight', 'gate', KEY);
      expect(await vitals.readBox('moonlight', 'gate')).toBeUndefined();
    });

    describe('candidates', () => {
      const filter: Omit<CandidateFilter, 'segment' | 'segments'> = { nowMs: NOON_MS + 1_000, packSet: 'p1', slot: 0 };
      const named = async (over: Partial<CandidateFilter> = {}): Promise<boolean> => {
        const ids: string[] = [];
        for (const segment of [0, 1, 2]) {
          for await (const page of vitals.candidates({ ...filter, ...over, segment, segments: 3 })) ids.push(...page);
        }
        return ids.includes('sunshine');
      };
      const facilityPatch = async (patch: object): Promise<void> => {
        expect(await vitals.patchFacility(must(await vitals.readFacility('sunshine')), patch)).toBe(true);
      };

      beforeEach(async () => {
        await connected();
        await facilityPatch({ dueAtMs: NOON_MS + 5_000, packSet: 'p1' });
      });

      it('leaves out a facility of which all is well', async () => {
        expect(await named()).toBe(false);
      });

      it('names a facility of which nothing was ever judged', async () => {
        await facilityPatch({ packSet: undefined });
        expect(await named()).toBe(true);
      });

      it.each([
        ['due at this instant', { nowMs: NOON_MS + 5_000 }, true],
        ['due one millisecond later', { nowMs: NOON_MS + 4_999 }, false],
        ['judged by another pack set', { packSet: 'p2' }, true],
        ['in its slot', { slot: 77 }, true],
      ])('%s', async (_why, over, expected) => {
        expect(await named(over)).toBe(expected);
      });

      it('names a facility whose box falls silent, from that instant on', async () => {
        await facilityPatch({ dueAtMs: NOON_MS * 2 });
        expect(await named({ nowMs: NOON_MS + SILENT_AFTER_MS - 1 })).toBe(false);
        expect(await named({ nowMs: NOON_MS + SILENT_AFTER_MS })).toBe(true);
      });

      it('names a facility with a mark on its box', async () => {
        expect(await vitals.patchBox(await box(), { judgeFromMs: 1 })).toBe(true);
        expect(await named()).toBe(true);
      });

      it('names a facility with a mark on its coverage', async () => {
        const coverage = must(await vitals.readCoverage('sunshine', 'gate'));
        expect(await vitals.patchCoverage(coverage, { judgeFromMs: 1 })).toBe(true);
        expect(await named()).toBe(true);
      });

      it('names a facility with a mark on itself', async () => {
        await facilityPatch({ judgeFromMs: 1 });
        expect(await named()).toBe(true);
      });

      it('keeps when the head last saw a notice: it only moves forward, and no decision on the row loses its race', async () => {
        const before = must(await vitals.readFacility('sunshine'));
        expect(before.headSeenAtMs).toBeUndefined();
        for (const atMs of [NOON_MS, NOON_MS - 1, NOON_MS + 7, NOON_MS]) await vitals.facilitySeen('sunshine', atMs);
        expect(await vitals.readFacility('sunshine')).toEqual({ ...before, headSeenAtMs: NOON_MS + 7 });
        expect(await vitals.patchFacility(before, { dueAtMs: NOON_MS })).toBe(true);
        expect(must(await vitals.readFacility('sunshine')).headSeenAtMs).toBe(NOON_MS + 7);
      });

      it('makes no row of a facility that has none', async () => {
        await vitals.facilitySeen('nowhere', NOON_MS);
        expect(await vitals.readFacility('nowhere')).toBeUndefined();
      });

      it('finds every one of many facilities, each in one segment', async () => {
        const ids = Array.from({ length: 40 }, (_, at) => `many-${at}`);
        await Promise.all(ids.map((id) => vitals.announceFacility(id, 1, 5)));
        const seen: string[] = [];
        for (const segment of [0, 1, 2, 3]) {
          const inSegment = new Set<string>();
          for await (const page of vitals.candidates({ ...filter, segment, segments: 4 })) {
            for (const id of page) inSegment.add(id);
          }
          seen.push(...inSegment);
        }
        expect(seen.sort()).toEqual(ids.sort());
      });
    });
  });
});
