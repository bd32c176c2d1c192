import { beforeEach, describe, expect, it } from 'vitest';
import type { HeldDay } from '../../shared/domain/held-day.ts';
import type { CheckReport, DigestReport, LogReport, RecordingReport } from '../../shared/domain/reports.ts';
import type { KeptReport, RecordStore } from '../../shared/ports/record-store.ts';
import { gap, incident, KEY, NOON_MS, step } from './samples.ts';
import { allPages, onEveryStore } from './stores.ts';

const kept = <T extends { readonly id: string }>(report: T, digest = 'd1'): KeptReport<T> => ({
  report,
  digest,
  receivedMs: NOON_MS,
  key: KEY,
});

const check: CheckReport = {
  id: '0193-check',
  timeMs: NOON_MS,
  class: 'little',
  session: 'morning',
  day: '2026-11-21',
  present: 10,
  absent: 2,
  checked: 10,
  findings: [{ code: 'fever', childRef: '小𠮷👶🏻', action: 'sent-home' }],
};
const log: LogReport = { id: '0193-log', timeMs: NOON_MS, kind: 'drill', doneAtMs: NOON_MS, counts: { children: 0 } };
const recording: RecordingReport = {
  id: '0193-recording',
  timeMs: NOON_MS,
  ageMs: 0,
  camera: 'cam-1',
  hourMs: NOON_MS,
  recorded: [{ fromMs: NOON_MS, toMs: NOON_MS + 1 }],
  segments: 60,
  segmentRoot: 'ab'.repeat(32),
  challenge: { mode: 'byte-stable', token: 'AQfqCwFk' },
  deletions: [{ fromMs: NOON_MS, toMs: NOON_MS + 1, reason: 'by-mistake' }],
};

onEveryStore((make) => {
  describe('record store', () => {
    let records: RecordStore;
    beforeEach(async () => {
      ({ records } = await make());
    });

    describe('checks that found something', () => {
      const at = (receivedMs: number, id: string): KeptReport<CheckReport> => ({
        ...kept({ ...check, id }),
        receivedMs,
      });

      it('are read from an arrival on, that one included, in the order of their arrivals', async () => {
        await records.putFindings('sunshine', at(NOON_MS + 5, 'b'));
        await records.putFindings('sunshine', at(NOON_MS, 'c'));
        await records.putFindings('sunshine', at(NOON_MS - 1, 'a'));
        await records.putFindings('moonlight', at(NOON_MS, 'd'));
        expect(await records.findingsSince('sunshine', NOON_MS)).toEqual([at(NOON_MS, 'c'), at(NOON_MS + 5, 'b')]);
        expect(await records.findingsSince('sunshine', NOON_MS + 6)).toEqual([]);
      });

      it('are listed once, however often they are put, and are no checks by that', async () => {
        await records.putFindings('sunshine', at(NOON_MS, 'a'));
        await records.putFindings('sunshine', at(NOON_MS, 'a'));
        expect(await records.findingsSince('sunshine', 0)).toEqual([at(NOON_MS, 'a')]);
        expect(await records.readCheck('sunshine', 'gate', 'a')).toBeUndefined();
      });
    });

    describe('gaps', () => {
      const only = async () => {
        const gaps = await records.gapsFrom('sunshine', 0);
        expect(gaps).toHaveLength(1);
        return gaps[0];
      };

      it('are kept whole, with and without what is optional', async () => {
        const { breachedAtMs: _none, ...camera } = gap({ rule: 'area-covered', subject: 'camera/cam-1' });
        await records.putGap(gap({ shownLate: 3 }));
        await records.putGap(camera);
        expect(await records.gapsFrom('sunshine', NOON_MS)).toEqual([camera, gap({ shownLate: 3 })]);
      });

      it('only grow: a later end and more late minutes move them, an earlier end and fewer do not', async () => {
        await records.putGap(gap({ shownLate: 3 }));
        await records.putGap(gap({ toMs: NOON_MS + 900_000, shownLate: 1 }));
        await records.putGap(gap({ toMs: NOON_MS + 700_000 }));
        expect(await only()).toEqual(gap({ toMs: NOON_MS + 900_000, shownLate: 3 }));
        await records.putGap(gap({ shownLate: 8 }));
        expect(await only()).toEqual(gap({ toMs: NOON_MS + 900_000, shownLate: 8 }));
      });

      it('stay dated as they were first put', async () => {
        await records.putGap(gap());
        await records.putGap(gap({ toMs: NOON_MS + 900_000, breachedAtMs: 1, reason: 'power-loss' }));
        expect(await only()).toEqual(gap({ toMs: NOON_MS + 900_000 }));
      });

      it('end where the latest writer says, whoever comes first', async () => {
        await Promise.all([1, 9, 5].map((more) => records.putGap(gap({ toMs: NOON_MS + more }))));
        expect(await only()).toMatchObject({ toMs: NOON_MS + 9 });
      });

      it('sum late minutes, and only of a gap that is kept', async () => {
        await records.addShownLate('sunshine', 'monitoring-running', 'box/gate', NOON_MS, 2);
        expect(await records.gapsFrom('sunshine', 0)).toEqual([]);
        await records.putGap(gap());
        await records.addShownLate('sunshine', 'monitoring-running', 'box/gate', NOON_MS, 2);
        await records.addShownLate('sunshine', 'monitoring-running', 'box/gate', NOON_MS, 1);
        expect(await only()).toEqual(gap({ shownLate: 3 }));
      });

      it('are told apart by facility, start, rule and subject, and come by start', async () => {
        const all = [
          gap({ fromMs: NOON_MS - 5, subject: 'box/hall' }),
          gap({ rule: 'alarm-system-running' }),
          gap(),
          gap({ subject: 'box/hall' }),
          gap({ fromMs: NOON_MS + 5 }),
        ];
        for (const one of [...all].reverse()) await records.putGap(one);
        await records.putGap(gap({ facilityId: 'sunshine-2' }));
        expect(await records.gapsFrom('sunshine', 0)).toEqual(all);
        expect(await records.gapsFrom('sunshine', NOON_MS)).toEqual(all.slice(1));
        expect(await records.gapsFrom('sunshine', NOON_MS + 1)).toEqual(all.slice(4));
      });

      it('are found within a window however long ago they began, and not where they only touch it', async () => {
        const [from, to] = [NOON_MS, NOON_MS + 100];
        const yearLong = gap({ fromMs: NOON_MS - 365 * 86_400_000, toMs: from + 1, subject: 'box/old' });
        const inside = gap({ fromMs: from + 10, toMs: from + 20 });
        const after = gap({ fromMs: to - 1, toMs: to + 1_000 });
        const touchingBefore = gap({ fromMs: from - 10, toMs: from, subject: 'box/before' });
        const touchingAfter = gap({ fromMs: to, toMs: to + 1, subject: 'box/after' });
        for (const one of [yearLong, inside, after, touchingBefore, touchingAfter]) await records.putGap(one);
        expect(await records.gapsWithin('sunshine', { fromMs: from, toMs: to })).toEqual([yearLong, inside, after]);
      });
    });

    describe('reports', () => {
      it('are kept once; the same again is told from another one under its id', async () => {
        const puts: readonly [string, (digest: string) => Promise<string>][] = [
          ['check', (digest) => records.putCheck('sunshine', 'gate', kept(check, digest))],
          ['log', (digest) => records.putLog('sunshine', 'gate', kept(log, digest))],
          ['recording', (digest) => records.putRecording('sunshine', 'gate', kept(recording, digest))],
        ];
        for (const [name, put] of puts) {
          expect([name, await put('d1'), await put('d1'), await put('d2')]).toEqual([name, 'put', 'same', 'id-reused']);
        }
      });

      it('keep an id for each box and each kind', async () => {
        expect(await records.putCheck('sunshine', 'gate', kept(check))).toBe('put');
        expect(await records.putCheck('sunshine', 'hall', kept(check, 'd2'))).toBe('put');
        expect(await records.putCheck('moonlight', 'gate', kept(check, 'd3'))).toBe('put');
        expect(await records.putLog('sunshine', 'gate', kept({ ...log, id: check.id }, 'd4'))).toBe('put');
      });

      it('come back as they were put, in any script', async () => {
        await records.putCheck('sunshine', 'gate', kept(check));
        await records.putCheck('sunshine', 'gate', kept({ ...check, present: 99 }, 'd2'));
        expect(await records.readCheck('sunshine', 'gate', check.id)).toEqual(kept(check));
        expect(await records.readCheck('sunshine', 'hall', check.id)).toBeUndefined();
        await records.putLog('sunshine', 'gate', kept(log));
        expect(await records.readLog('sunshine', 'gate', log.id)).toEqual(kept(log));
        expect(await records.readLog('sunshine', 'hall', log.id)).toBeUndefined();
      });

      it('tell a recording from none by box and id', async () => {
        await records.putRecording('sunshine', 'gate', kept(recording));
        expect(await records.readRecording('sunshine', 'gate', recording.id)).toEqual(kept(recording));
        expect(await records.readRecording('sunshine', 'hall', recording.id)).toBeUndefined();
      });

      it('give the checks of one facility that were received since an instant, that instant included', async () => {
        const received = (id: string, receivedMs: number) => ({ ...kept({ ...check, id }), receivedMs });
        const all = [received('a', NOON_MS - 1), received('b', NOON_MS + 9), received('c', NOON_MS)];
        for (const one of [...all].reverse()) await records.putCheck('sunshine', 'gate', one);
        await records.putCheck('sunshine', 'hall', received('a', NOON_MS));
        await records.putCheck('sunshine-2', 'gate', received('a', NOON_MS));
        await records.putLog('sunshine', 'gate', kept(log));
        const [, b, c] = all;
        expect(await records.checksSince('sunshine', NOON_MS)).toEqual([b, c, received('a', NOON_MS)]);
        expect(await records.checksSince('sunshine', NOON_MS + 10)).toEqual([]);
        expect(await records.logsSince('sunshine', 0)).toEqual([kept(log)]);
        expect(await records.logsSince('sunshine', kept(log).receivedMs + 1)).toEqual([]);
      });

      it('give checks over all pages of the engine', async () => {
        const findings = Array.from({ length: 400 }, () => ({ ...check.findings[0], childRef: 'x'.repeat(300) }));
        const large = { ...check, findings: findings as CheckReport['findings'] };
        const ids = Array.from({ length: 9 }, (_, n) => `id-${n}`);
        for (const id of ids) await records.putCheck('sunshine', 'gate', kept({ ...large, id }));
        expect((await records.checksSince('sunshine', NOON_MS)).map(({ report }) => report.id)).toEqual(ids);
      });

      it('are put by exactly one of two writers at once', async () => {
        const outcomes = await Promise.all(['d1', 'd2'].map((d) => records.putLog('sunshine', 'gate', kept(log, d))));
        expect(outcomes.sort()).toEqual(['id-reused', 'put']);
      });
    });

    it('an erased check is read no more, in no list, and its id is still known', async () => {
      const erased = { ...check, id: '0193-erased' };
      for (const one of [check, erased]) {
        await records.putCheck('sunshine', 'gate', kept(one));
        await records.putFindings('sunshine', kept(one));
      }
      expect(await records.eraseCheck('sunshine', 'gate', erased.id)).toBe(true);
      expect(await records.readCheck('sunshine', 'gate', erased.id)).toBeUndefined();
      expect(await records.checksSince('sunshine', 0)).toEqual([kept(check)]);
      expect(await records.findingsSince('sunshine', 0)).toEqual([kept(check)]);
      expect(await records.putCheck('sunshine', 'gate', kept(erased))).toBe('same');
      // No digest is left either: it has no salt, and guesses at what was erased could be tried against it.
      expect(await records.putCheck('sunshine', 'gate', kept(erased, 'd2'))).toBe('same');
      expect(await records.readCheck('sunshine', 'gate', erased.id)).toBeUndefined();
      expect(await records.eraseCheck('sunshine', 'gate', erased.id)).toBe(true);
      expect(await records.eraseCheck('sunshine', 'hall', check.id)).toBe(false);
    });

    describe('digests of hours', () => {
      const HOUR_MS = 3_600_000;
      const digest = (n: number, over: Partial<DigestReport> = {}) =>
        kept<DigestReport>({
          id: `019cac2e-8b80-7000-8000-00000000000${n}`,
          timeMs: NOON_MS,
          hourMs: NOON_MS + n * HOUR_MS,
          minutes: 'fffffffffffffff',
          sequences: { first: n * 60, last: n * 60 + 59 },
          ...over,
        });

      it('are kept once on box and id, and told from another under that id', async () => {
        expect(await records.putDigest('sunshine', 'gate', digest(1))).toBe('put');
        expect(await records.putDigest('sunshine', 'gate', { ...digest(1), receivedMs: NOON_MS + 9 })).toBe('same');
        expect(await records.putDigest('sunshine', 'gate', { ...digest(1), digest: 'other' })).toBe('id-reused');
        const all = await records.digestsWithin('sunshine', { fromMs: 0, toMs: NOON_MS + 9 * HOUR_MS });
        expect(all).toEqual([{ box: 'gate', ...digest(1) }]);
      });

      it('are read by hour, the first included, the last not, of every box of one facility', async () => {
        for (const n of [3, 1, 2, 0]) await records.putDigest('sunshine', 'gate', digest(n));
        await records.putDigest('sunshine', 'back', digest(1));
        await records.putDigest('sunshine-2', 'gate', digest(1));
        const hours = { fromMs: NOON_MS + HOUR_MS, toMs: NOON_MS + 3 * HOUR_MS };
        expect(await records.digestsWithin('sunshine', hours)).toEqual([
          { box: 'back', ...digest(1) },
          { box: 'gate', ...digest(1) },
          { box: 'gate', ...digest(2) },
        ]);
      });
    });

    describe('held days', () => {
      const day = (over: Partial<HeldDay> = {}): HeldDay => ({
        camera: 'cam-1',
        day: '2026-11-21',
        recorded: [{ fromMs: NOON_MS, toMs: NOON_MS + 3_600_000 }],
        reported: [{ fromMs: NOON_MS, toMs: NOON_MS + 3_600_000 }],
        oldestRetrievableAtMs: NOON_MS - 86_400_000,
        reportedAtMs: NOON_MS,
        revision: 1,
        ...over,
      });

      it('are saved by compare-and-set', async () => {
        expect(await records.readHeldDay('sunshine', 'cam-1', '2026-11-21')).toBeUndefined();
        expect(await records.saveHeldDay('sunshine', day(), 1)).toBe(false);
        expect(await records.saveHeldDay('sunshine', day(), undefined)).toBe(true);
        expect(await records.saveHeldDay('sunshine', day({ reportedAtMs: 9 }), undefined)).toBe(false);
        expect(await records.saveHeldDay('sunshine', day({ recorded: [], revision: 2 }), 1)).toBe(true);
        expect(await records.saveHeldDay('sunshine', day({ revision: 2 }), 1)).toBe(false);
        expect(await records.readHeldDay('sunshine', 'cam-1', '2026-11-21')).toEqual(
          day({ recorded: [], revision: 2 }),
        );
      });

      it('keep when each hour was heard of, what was declared, and what is held because of an order', async () => {
        const span = { fromMs: NOON_MS, toMs: NOON_MS + 90_001 };
        const whole = day({
          recorded: [{ fromMs: NOON_MS, toMs: NOON_MS + 3_600_000 + 1_200_000 }],
          claimHourMs: NOON_MS,
          claimTimeMs: NOON_MS + 3_600_000,
          claimReceivedAtMs: NOON_MS + 3_600_123,
          claimAtEnd: { hourMs: NOON_MS, timeMs: NOON_MS + 1, receivedAtMs: NOON_MS + 2, oldestRetrievableAtMs: 3 },
          receptions: [
            // All that is recorded of its hour; nothing; and a part in two pieces, the rest of which came before.
            { hourMs: NOON_MS - 3_600_000, receivedAtMs: NOON_MS, recorded: [] },
            { hourMs: NOON_MS, receivedAtMs: NOON_MS + 3_600_123, recorded: [{ ...span, toMs: NOON_MS + 3_600_000 }] },
            {
              hourMs: NOON_MS + 3_600_000,
              receivedAtMs: NOON_MS + 999_999_999,
              recorded: [
                { fromMs: NOON_MS + 3_600_000, toMs: NOON_MS + 3_600_001 },
                { fromMs: NOON_MS + 3_700_000, toMs: NOON_MS + 4_800_000 },
              ],
            },
            { hourMs: NOON_MS + 7_200_000, receivedAtMs: NOON_MS + 7_200_000, recorded: [] },
          ],
          seals: [
            { hourMs: NOON_MS - (NOON_MS % 3_600_000), stability: 'byte-stable' },
            { hourMs: NOON_MS - (NOON_MS % 3_600_000) + 3 * 3_600_000, stability: 'presence-only' },
          ],
          deletions: [{ ...span, reason: 'erasure-request', receivedAtMs: NOON_MS + 5 }],
          confirmedHolds: [{ ...span, hold: 'order-1', receivedAtMs: NOON_MS + 6 }],
        });
        await records.saveHeldDay('sunshine', whole, undefined);
        expect(await records.readHeldDay('sunshine', 'cam-1', '2026-11-21')).toEqual(whole);
        expect(await records.heldDays('sunshine', 'cam-1', '2026-11-21', '2026-11-21')).toEqual([whole]);
      });

      it('let exactly one of two writers through', async () => {
        await records.saveHeldDay('sunshine', day(), undefined);
        const saved = await Promise.all(
          [7, 8].map((at) => records.saveHeldDay('sunshine', day({ reportedAtMs: at, revision: 2 }), 1)),
        );
        expect(saved.filter(Boolean)).toHaveLength(1);
      });

      it('are read from a first to a last day, both included, of one camera', async () => {
        const days = ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
        for (const one of days) await records.saveHeldDay('sunshine', day({ day: one }), undefined);
        await records.saveHeldDay('sunshine', day({ camera: 'cam-10', day: '2026-11-02' }), undefined);
        const found = await records.heldDays('sunshine', 'cam-1', '2026-11-01', '2026-11-02');
        expect(found).toEqual([day({ day: '2026-11-01' }), day({ day: '2026-11-02' })]);
      });
    });

    describe('archived incidents', () => {
      const closed = (over: Parameters<typeof incident>[0] = {}) =>
        incident({ state: 'closed', closedAtMs: NOON_MS + 3_600_000, closeReason: 'met-again', ...over });
      const listed = async (county: string, month: string, limit = 10) =>
        (await allPages((cursor) => records.listArchived(county, month, limit, cursor))).flat();

      it('are archived once, however often', async () => {
        await records.archiveIncident(closed());
        await records.archiveIncident(closed());
        expect(await records.readArchived('sunshine', closed().id)).toEqual(closed());
        expect(await records.readArchived('moonlight', closed().id)).toBeUndefined();
        expect(await listed('321202', '202611')).toEqual([closed()]);
      });

      it('that are alarms are read by their facility, from an opening on', async () => {
        const alarmId = (facility: string, n: number) => `${facility}~alarm~gate~report-${n}`;
        const alarm = (n: number) => closed({ id: alarmId('sunshine', n), openedAtMs: NOON_MS + n });
        for (const one of [alarm(0), alarm(1), closed()]) await records.archiveIncident(one);
        const other = alarmId('sunshine-2', 1);
        await records.archiveIncident(closed({ id: other, facilityId: 'sunshine-2', openedAtMs: NOON_MS + 1 }));
        expect(await records.archivedAlarms('sunshine', NOON_MS + 1)).toEqual([alarm(1)]);
        expect(await records.archivedAlarms('sunshine', NOON_MS)).toHaveLength(2);
      });

      it('are listed from a place on, whether or not something is there', async () => {
        const [older, newer] = [closed({ sinceMs: NOON_MS }), closed({ sinceMs: NOON_MS + 1_000 })];
        for (const one of [older, newer]) await records.archiveIncident(one);
        const from = async (olderThan: { openedAtMs: number; id: string }) =>
          (await records.listArchived('321202', '202611', 10, undefined, olderThan)).items;
        expect(await from(newer)).toEqual([older]);
        expect(await from({ openedAtMs: newer.openedAtMs, id: '!' })).toEqual([older]);
        expect(await from({ openedAtMs: newer.openedAtMs + 1, id: '!' })).toEqual([newer, older]);
        expect(await from(older)).toEqual([]);
      });

      it('are not overwritten by an older copy', async () => {
        await records.archiveIncident(closed({ revision: 5, closeReason: 'handled' }));
        await records.archiveIncident(closed({ revision: 4 }));
        expect((await records.readArchived('sunshine', closed().id))?.closeReason).toBe('handled');
      });

      it('are listed in the month in which they were closed in Shanghai', async () => {
        const edge = Date.parse('2026-12-01T00:00:00+08:00');
        const november = closed({ sinceMs: 1, closedAtMs: edge - 1 });
        const december = closed({ sinceMs: 2, closedAtMs: edge });
        await records.archiveIncident(november);
        await records.archiveIncident(december);
        expect(await listed('321202', '202611')).toEqual([november]);
        expect(await listed('321202', '2026-12')).toEqual([december]);
        expect(await listed('321203', '202611')).toEqual([]);
      });

      it('are listed newest first, over pages, without one left out or twice', async () => {
        const all = Array.from({ length: 7 }, (_, at) => closed({ sinceMs: NOON_MS - at * 1_000 }));
        const other = closed({ facilityId: 'moonlight', sinceMs: NOON_MS - 2_000 });
        for (const one of [...all, other]) await records.archiveIncident(one);
        const ids = (await listed('321202', '202611', 3)).map((one) => one.id);
        const sorted = [...all, other].sort((a, b) => b.openedAtMs - a.openedAtMs || (a.id < b.id ? 1 : -1));
        expect(ids).toEqual(sorted.map((one) => one.id));
      });

      it('move when their closing does', async () => {
        await records.archiveIncident(closed());
        const again = closed({ revision: 2, closedAtMs: Date.parse('2026-12-05T00:00:00Z') });
        await records.archiveIncident(again);
        expect(await listed('321202', '202611')).toEqual([]);
        expect(await listed('321202', '202612')).toEqual([again]);
      });
    });

    it('keeps flushed steps once each, by their number', async () => {
      const steps = Array.from({ length: 12 }, (_, n) => step(n, { reason: `第${n}步` }));
      await records.flushSteps('sunshine', 'incident-1', steps.slice(5));
      await records.flushSteps('sunshine', 'incident-1', steps.slice(0, 7));
      await records.flushSteps('sunshine', 'incident-10', [step(99)]);
      expect(await records.readSteps('sunshine', 'incident-1')).toEqual(steps);
      expect(await records.readSteps('moonlight', 'incident-1')).toEqual([]);
    });
  });
});
