import { describe, expect, it } from 'vitest';
import { makeReceiveRecording } from '../../functions/receive-recordings/receive-recordings.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import { failAt } from '../support/memory-stores.ts';
import { aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aFacilityRow, aRecording, beijing, DAY_MS, HOUR_MS, NOW, sentAt } from '../support/rows.ts';

const hour = (id: string, hourMs: number, depthDays: number): RecordingReport =>
  aRecording(id, hourMs, { oldestRetrievableAtMs: NOW - depthDays * DAY_MS });
const eight = beijing('2026-03-02 08:00');
const take = (world: World, report: RecordingReport, sender = sentAt(NOW), digest = `digest of ${report.id}`) =>
  makeReceiveRecording(world.given)(sender, report, digest);
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
    expect(await take(world, hour('r1', NOW + 1, 90))).toEqual({ result: 'rejected', reason: 'invalid' });
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
