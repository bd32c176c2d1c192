import { describe, expect, it } from 'vitest';
import { makeKeepTokens } from '../../functions/receive-recordings/keep-tokens.ts';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import type { TakenReport } from '../../shared/domain/taken-report.ts';
import { failAt } from '../support/memory-stores.ts';
import { aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aFacility, aFacilityRow, aRecording, beijing, DAY_MS, HOUR_MS, NOW, sentAt } from '../support/rows.ts';

const hour = (id: string, hourMs: number, depthDays: number): RecordingReport =>
  aRecording(id, hourMs, { oldestRetrievableAtMs: NOW - depthDays * DAY_MS });
const eight = beijing('2026-03-02 08:00');
const take = (world: World, report: RecordingReport, sender = sentAt(NOW), digest = `digest of ${report.id}`) =>
  makeReceiveRecording(world.given)(sender, report, digest);
/** As the receiver takes a whole request. */
const request = async (world: World, reports: readonly RecordingReport[], sender = sentAt(NOW)) => {
  await makeKeepTokens(world.given)(sender, reports);
  const results: TakenReport[] = [];
  for (const report of reports) results.push(await take(world, report, sender));
  return results;
};
const rowOf = (world: World) => world.vitals.rows.facilities.get('f1');

describe('an hour of recording', () => {
  it('of a recorder that keeps thirty-five of ninety days is a finding, and calls the sweep', async () => {
    const world = await aWorld();
    expect(await take(world, hour('r1', eight, 35))).toEqual({ result: 'accepted' });
    expect(rowOf(world)).toMatchObject({
      retention: [{ camera: 'cam-1', state: 'short', depthDays: 35, sinceMs: NOW }],
      judgeFromMs: NOW,
    });
    expect([...world.records.kept.heldDays.values()]).toMatchObject([
      { camera: 'cam-1', day: '2026-03-02', revision: 1 },
    ]);
  });

  it('of one that reaches ninety days shows the camera held until its reports stay away', async () => {
    const world = await aWorld();
    await take(world, hour('r1', eight, 90));
    expect(rowOf(world)).toMatchObject({ retention: [], retentionHeld: { 'cam-1': NOW + 72 * HOUR_MS } });
  });

  it('ends a finding with a gap, so that a sweep that did not run finds it', async () => {
    const world = await aWorld();
    await take(world, hour('r1', eight, 35));
    const later = NOW + HOUR_MS;
    await take(world, aRecording('r2', eight + HOUR_MS, { oldestRetrievableAtMs: later - 90 * DAY_MS }), sentAt(later));
    expect([...world.records.kept.gaps.values()]).toMatchObject([
      { rule: 'retention-held', subject: 'camera/cam-1', fromMs: NOW, toMs: later },
    ]);
    expect(rowOf(world)?.retention).toEqual([]);
  });

  it('goes into the local day in which it began', async () => {
    const world = await aWorld();
    await take(world, hour('r1', beijing('2026-03-02 00:00'), 90));
    await take(world, hour('r2', beijing('2026-03-01 23:00'), 90));
    expect([...world.records.kept.heldDays.values()].map((day) => day.day).sort()).toEqual([
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  it('is a duplicate the second time, id-reused with another body, and neither is news', async () => {
    const world = await aWorld();
    await take(world, hour('r1', eight, 90));
    const kept = keptIn(world);
    expect(await take(world, hour('r1', eight, 90), sentAt(NOW + DAY_MS))).toEqual({ result: 'duplicate' });
    expect(await take(world, hour('r1', eight, 35), sentAt(NOW), 'another')).toEqual({
      result: 'rejected',
      reason: 'id-reused',
    });
    expect(keptIn(world)).toEqual(kept);
  });

  it('sent again after a newer one does not bring its old claim back, nor looks like news', async () => {
    const world = await aWorld();
    await take(world, hour('r1', eight, 90));
    const later = NOW + HOUR_MS;
    await take(world, hour('r2', eight + HOUR_MS, 89), sentAt(later));
    expect(await take(world, hour('r1', eight, 90), sentAt(NOW + DAY_MS))).toEqual({ result: 'duplicate' });
    const [day] = world.records.kept.heldDays.values();
    expect(day).toMatchObject({ oldestRetrievableAtMs: NOW - 89 * DAY_MS, reportedAtMs: later });
  });

  it('is refused for a camera that is not this box’s, or an hour that has not begun', async () => {
    const world = await aWorld();
    await world.registry.putKey('f1', 'b2', 'key-2');
    const unknown = { result: 'rejected', reason: 'unknown-camera' };
    expect(await take(world, { ...hour('r1', eight, 90), camera: 'cam-9' })).toEqual(unknown);
    expect(await take(world, hour('r1', eight, 90), sentAt(NOW, { box: 'b2', key: 'key-2' }))).toEqual(unknown);
    const early = { result: 'rejected', reason: 'invalid', faults: [{ pointer: '/hour' }] };
    expect(await take(world, hour('r1', NOW + 1, 90))).toMatchObject(early);
    expect(world.records.kept.reports.size).toBe(0);
  });

  it('whose id is reused by another one at the same moment is kept once', async () => {
    const world = await aWorld();
    const outcomes = await Promise.all([
      take(world, hour('r1', eight, 90)),
      take(world, hour('r1', eight, 90), sentAt(NOW), 'another'),
    ]);
    expect(outcomes).toContainEqual({ result: 'accepted' });
    expect(outcomes).toContainEqual({ result: 'rejected', reason: 'id-reused' });
    expect(world.records.kept.reports.size).toBe(1);
  });

  it('that is kept is in its day, wherever its receiver dies', async () => {
    for (let at = 1; at <= 4; at += 1) {
      const plan = failAt({ at, when: 'before', dies: true });
      const world = await aWorld({ row: aFacilityRow() }, plan);
      await take(world, hour('r1', eight, 90)).catch(() => undefined);
      const { reports, heldDays } = world.records.kept;
      expect(heldDays.size, `dies at ${at}`).toBeGreaterThanOrEqual(reports.size);
    }
  });

  it('brings the token of its hour, the first of which stands, and the day counts it', async () => {
    const world = await aWorld();
    const sealed = (id: string, token: string) => ({
      ...hour(id, eight, 90),
      challenge: { mode: 'byte-stable', token } as const,
    });
    expect(await request(world, [sealed('r1', 'first')])).toEqual([{ result: 'accepted' }]);
    expect(await request(world, [sealed('r2', 'second')], sentAt(NOW + 1))).toEqual([{ result: 'accepted' }]);
    const of = { facility: 'f1', camera: 'cam-1', hourMs: eight, stability: 'byte-stable' };
    expect([...world.challenges.kept.tokens.values()]).toEqual([{ ...of, token: 'first', receivedAtMs: NOW }]);
    const [day] = world.records.kept.heldDays.values();
    expect(day?.seals).toEqual([{ hourMs: eight, stability: 'byte-stable' }]);
  });

  it('keeps its token once, and not again with the report', async () => {
    const world = await aWorld();
    const sealed = { ...hour('r1', eight, 90), challenge: { mode: 'byte-stable', token: 'first' } as const };
    expect(await request(world, [sealed])).toEqual([{ result: 'accepted' }]);
    expect(JSON.stringify([...world.records.kept.reports.values()])).not.toContain('first');
    expect([...world.challenges.kept.tokens.values()].map(({ token }) => token)).toEqual(['first']);
    expect(await request(world, [sealed], sentAt(NOW + 1))).toEqual([{ result: 'duplicate' }]);
  });

  it('with a token leaves the same whenever its receiver dies and it is sent again', async () => {
    const report = { ...hour('r1', eight, 90), challenge: { mode: 'presence-only' } as const };
    const calm = await aWorld();
    const only = async (world: World): Promise<TakenReport> =>
      (await request(world, [report]))[0] ?? Promise.reject(new Error('no result'));
    await only(calm);
    for (const crash of await crashAtEachWrite({}, only)) {
      expect(crash.kept, `${crash.when} ${crash.at}`).toEqual(keptIn(calm));
    }
  });

  it('of which the key is not live, the camera is another box’s or the hour has not begun brings no token', async () => {
    const world = await aWorld();
    const sealed = (over: Partial<RecordingReport>): RecordingReport => ({
      ...hour('r1', eight, 90),
      challenge: { mode: 'byte-stable', token: 'first' },
      ...over,
    });
    const keep = makeKeepTokens(world.given);
    await expect(keep(sentAt(NOW, { key: 'another' }), [sealed({})])).rejects.toThrow(KeyNotLiveError);
    await keep(sentAt(NOW), [sealed({ camera: 'cam-9' }), sealed({ hourMs: NOW + 1 })]);
    expect(world.challenges.kept.tokens.size).toBe(0);
    await keep(sentAt(NOW), [sealed({ camera: 'cam-9' }), sealed({})]);
    expect(world.challenges.kept.tokens.size).toBe(1);
  });

  it('merges into its day as it stands, though the first look at it was behind', async () => {
    const world = await aWorld();
    await take(world, hour('r1', eight, 90));
    const looks: (string | undefined)[] = [];
    const records: World['records'] = {
      ...world.records,
      readHeldDay: async (facilityId, camera, day, how) => {
        looks.push(how);
        return how === 'eventually' ? undefined : world.records.readHeldDay(facilityId, camera, day);
      },
    };
    const behind = makeReceiveRecording({ ...world.given, records });
    const sender = sentAt(NOW + HOUR_MS);
    expect(await behind(sender, hour('r2', eight + HOUR_MS, 90), 'r2')).toEqual({ result: 'accepted' });
    expect(looks).toEqual(['eventually', undefined]);
    const [day] = world.records.kept.heldDays.values();
    expect(day).toMatchObject({ revision: 2, reported: [{ fromMs: eight, toMs: eight + 2 * HOUR_MS }] });
  });

  it('without a token asks nothing of the registry beforehand', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const { challenges } = await aWorld();
    const keep = makeKeepTokens({ registry: { isKeyLive: never, readFacility: never }, challenges });
    await expect(keep(sentAt(NOW), [hour('r1', eight, 90)])).resolves.toBeUndefined();
  });

  describe('that declares', () => {
    const declaring = (id: string, more: Partial<RecordingReport> = {}) =>
      aRecording(id, eight, {
        deletions: [{ fromMs: eight - DAY_MS, toMs: eight - DAY_MS + 1, reason: 'authority-order' }],
        ...more,
      });
    const daysWith = (world: World) => [...world.records.kept.heldDays.values()].filter((day) => day.deletions);

    it('a deletion is put into the day on which we received it, and is no news the second time, on another day', async () => {
      const world = await aWorld();
      await take(world, declaring('r1'), sentAt(NOW + DAY_MS));
      expect(daysWith(world)).toMatchObject([
        { day: '2026-03-03', recorded: [], deletions: [{ reason: 'authority-order', receivedAtMs: NOW + DAY_MS }] },
      ]);
      const days = structuredClone(world.records.kept.heldDays);
      expect(await take(world, declaring('r1'), sentAt(NOW + 2 * DAY_MS))).toEqual({ result: 'duplicate' });
      expect(world.records.kept.heldDays).toEqual(days);
    });

    it('one without a permitted reason makes time missing of what was held', async () => {
      const world = await aWorld();
      const filmed = eight - 2 * HOUR_MS;
      await take(world, hour('r1', filmed, 100));
      await take(world, hour('r2', filmed + HOUR_MS, 100));
      expect(rowOf(world)).toMatchObject({ retention: [] });
      const deletes = (id: string, reason: 'space-needed' | 'erasure-request') =>
        declaring(id, {
          deletions: [{ fromMs: filmed, toMs: filmed + 2 * HOUR_MS, reason }],
          oldestRetrievableAtMs: NOW - 100 * DAY_MS,
        });
      await take(world, deletes('r3', 'erasure-request'));
      expect(rowOf(world)).toMatchObject({ retention: [] });
      await take(world, deletes('r4', 'space-needed'));
      expect(rowOf(world)).toMatchObject({ retention: [{ camera: 'cam-1', state: 'gaps', missingMs: 2 * HOUR_MS }] });
    });

    it('leaves the same whenever its receiver dies and it is sent again', async () => {
      const before = { row: aFacilityRow() };
      const report = declaring('r1', { hourMs: eight - DAY_MS, recorded: [] });
      const calm = await aWorld(before);
      await take(calm, report);
      const crashes = await crashAtEachWrite(before, (world) => take(world, report));
      expect(crashes).toHaveLength(8);
      for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
    });

    it('that an order is carried out ends the finding about it, wherever its receiver dies', async () => {
      const orderedAtMs = NOW - 2 * DAY_MS;
      const order = { fromMs: eight - DAY_MS, toMs: eight, orderedAtMs, untilMs: NOW + DAY_MS, by: 'police' as const };
      const facility = aFacility({ legalHolds: [{ ...order, id: 'hold-1', camera: 'cam-1' }] });
      const { fromMs, toMs } = order;
      const report = aRecording('r1', eight, { confirmedHolds: [{ hold: 'hold-1', fromMs, toMs }] });
      const before = { row: aFacilityRow(), facility };
      const calm = await aWorld(before);
      await take(calm, report);
      expect(rowOf(calm)).toMatchObject({ holdsConfirmed: { 'hold-1': NOW }, judgeFromMs: orderedAtMs + DAY_MS });
      expect([...calm.records.kept.gaps.values()]).toMatchObject([
        { subject: 'hold/hold-1', reason: 'hold-not-confirmed', fromMs: orderedAtMs + DAY_MS, toMs: NOW },
      ]);
      for (const { at, when, kept } of await crashAtEachWrite(before, (world) => take(world, report))) {
        expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
      }
    });

    it('more than a day can hold is refused for good, and nothing of it is kept', async () => {
      const world = await aWorld();
      const pieces = Array.from({ length: 241 }, (_, n) => ({ fromMs: eight + 2 * n, toMs: eight + 2 * n + 1 }));
      const kept = keptIn(world);
      const most = /at most 240 pieces and 16 tellings .* at most 200 deletions/;
      const faults = [{ pointer: '', message: expect.stringMatching(most) }];
      const refused = { result: 'rejected', reason: 'invalid', faults };
      expect(await take(world, aRecording('r1', eight, { recorded: pieces }))).toEqual(refused);
      const deletions = Array.from({ length: 201 }, (_, n) => ({
        fromMs: n,
        toMs: n + 1,
        reason: 'by-mistake' as const,
      }));
      expect(await take(world, declaring('r2', { deletions }))).toEqual(refused);
      // What it declares fits, and its hour does not: a report that is refused has declared nothing.
      expect(await take(world, declaring('r3', { recorded: pieces }))).toEqual(refused);
      expect(keptIn(world)).toEqual(kept);
      expect(await take(world, aRecording('r1', eight, { recorded: pieces.slice(1) }))).toEqual({ result: 'accepted' });
    });
  });

  it('needs a live key', async () => {
    await expect(take(await aWorld(), hour('r1', eight, 90), sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(
      KeyNotLiveError,
    );
  });

  it('leaves the same whenever it dies and is sent again', async () => {
    const fold = {
      camera: 'cam-1',
      state: 'short',
      sinceMs: NOW - DAY_MS,
      depthDays: 35,
      missingMs: 0,
      dueAtMs: NOW,
    } as const;
    const before = { row: aFacilityRow({ retention: [fold] }) };
    const calm = await aWorld(before);
    await take(calm, hour('r1', eight, 90));
    const crashes = await crashAtEachWrite(before, (world) => take(world, hour('r1', eight, 90)));
    expect(crashes).toHaveLength(8);
    for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
  });
});
