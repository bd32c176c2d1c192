import { describe, expect, it } from 'vitest';
import { makeReceiveCoverage } from '../../functions/receive-coverage/receive-coverage.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { interleave } from '../support/memory-stores.ts';
import { aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aBox, aCoverage, aCoverageReport, cameraSays, HOUR_MS, KEY, NOW, sentAt } from '../support/rows.ts';

const offline = aCoverageReport(11, NOW, [cameraSays('cam-1', { online: 'no' })]);
const well = aCoverageReport(11, NOW, [cameraSays('cam-1'), cameraSays('cam-2')]);
const blind = {
  coverage: aCoverage({
    'cam-1': { state: 'offline', sinceMs: NOW - HOUR_MS },
    'cam-2': { state: 'not-recording', sinceMs: NOW - 2 * HOUR_MS },
  }),
};
const take = (world: World, report = offline, sender = sentAt(NOW)) => makeReceiveCoverage(world.given)(sender, report);
const rowOf = (world: World) => world.vitals.rows.coverage.get('f1/b1');

describe('a coverage report', () => {
  it('moves a camera and calls the sweep', async () => {
    const world = await aWorld();
    expect(await take(world)).toEqual({ result: 'accepted' });
    expect(rowOf(world)).toMatchObject({
      judgeFromMs: NOW,
      cameras: { 'cam-1': { state: 'offline', sinceMs: NOW } },
      liveKeys: { [KEY]: 11 },
    });
  });

  it('is a duplicate the second time', async () => {
    const world = await aWorld();
    await take(world);
    const kept = keptIn(world);
    expect(await take(world)).toEqual({ result: 'duplicate' });
    expect(keptIn(world)).toEqual(kept);
  });

  it('that was held back cannot give an area its sight back', async () => {
    const world = await aWorld(blind);
    expect(await take(world, { ...well, ageMs: HOUR_MS })).toEqual({ result: 'accepted', late: true });
    expect(await take(world, { ...well, seq: 12 }, sentAt(NOW, { createdMs: NOW - HOUR_MS }))).toEqual({
      result: 'accepted',
      late: true,
    });
    expect(rowOf(world)?.cameras).toEqual(blind.coverage.cameras);
    expect(world.records.kept.gaps.size).toBe(0);
  });

  it('is believed by the offset that the heartbeats of its box have shown', async () => {
    const world = await aWorld({ box: aBox({ offsetMs: HOUR_MS }) });
    expect(await take(world, offline, sentAt(NOW, { createdMs: NOW - HOUR_MS }))).toEqual({ result: 'accepted' });
  });

  it('is refused without a live key, also one that is revoked on the way', async () => {
    await expect(take(await aWorld(), offline, sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(KeyNotLiveError);
    const world = await aWorld();
    const vitals = interleave(world.vitals, {
      method: 'patchCoverage',
      meanwhile: () => world.vitals.revokeKey('f1', 'b1', KEY),
    });
    const receive = makeReceiveCoverage({ vitals, records: world.records });
    await expect(receive(sentAt(NOW), offline)).rejects.toThrow(KeyNotLiveError);
  });

  it('leaves the same whenever it dies and is sent again', async () => {
    const calm = await aWorld(blind);
    await take(calm, well);
    expect(calm.records.kept.gaps.size).toBe(2);
    const crashes = await crashAtEachWrite(blind, (world) => take(world, well));
    expect(crashes).toHaveLength(6);
    for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
  });
});
