import { describe, expect, it } from 'vitest';
import { makeReceiveDigest } from '../../functions/receive-digests/receive-digests.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import type { DigestReport } from '../../shared/domain/reports.ts';
import { HOUR_MS } from '../../shared/domain/time.ts';
import { again, aWorld, crashAtEachWrite, keptIn } from '../support/receiver-world.ts';
import { KEY } from '../support/rows.ts';

const HOUR = Date.parse('2026-03-02T09:00:00+08:00');
const sender = { facilityId: 'f1', box: 'b1', key: KEY, createdMs: HOUR + HOUR_MS, receivedMs: HOUR + HOUR_MS };
const report: DigestReport = {
  id: '1',
  timeMs: HOUR + HOUR_MS,
  hourMs: HOUR,
  minutes: '000000000000001',
  sequences: { first: 7, last: 7 },
};

describe('a digest of an hour of beats', () => {
  it('is kept once, and moves no vitals', async () => {
    const world = await aWorld();
    const rows = () => Object.values(world.vitals.rows).map((one: Map<string, unknown>) => [...one]);
    const before = structuredClone(rows());
    const take = makeReceiveDigest(world.given);
    expect(await take(sender, report, 'd1')).toEqual({ result: 'accepted' });
    expect(await take(again(sender), report, 'd1')).toEqual({ result: 'duplicate' });
    expect(await take(sender, report, 'd2')).toEqual({ result: 'rejected', reason: 'id-reused' });
    const hours = { fromMs: HOUR, toMs: HOUR + 1 };
    expect(await world.records.digestsWithin('f1', hours)).toEqual([
      { box: 'b1', report, digest: 'd1', receivedMs: sender.receivedMs, key: KEY },
    ]);
    expect(rows()).toEqual(before);
  });

  it('of a key that is not live is refused, and nothing is kept', async () => {
    const world = await aWorld();
    await expect(makeReceiveDigest(world.given)({ ...sender, key: 'other' }, report, 'd1')).rejects.toThrow(
      KeyNotLiveError,
    );
    expect(world.records.kept.reports.size).toBe(0);
  });

  it('is kept the same whatever call died', async () => {
    const take = (world: Awaited<ReturnType<typeof aWorld>>) => makeReceiveDigest(world.given)(sender, report, 'd1');
    const whole = await aWorld();
    await take(whole);
    const crashes = await crashAtEachWrite({}, take);
    expect(crashes.length).toBeGreaterThan(0);
    for (const { kept } of crashes) expect(kept).toEqual(keptIn(whole));
  });
});
