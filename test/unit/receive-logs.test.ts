import { describe, expect, it } from 'vitest';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import type { LogReport } from '../../shared/domain/reports.ts';
import { aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { NOW, sentAt } from '../support/rows.ts';

const drill: LogReport = { id: 'l1', timeMs: NOW, kind: 'drill', doneAtMs: NOW, counts: { childrenOut: 40 } };
const take = (world: World, sender = sentAt(NOW), digest = 'd') => makeReceiveLog(world.given)(sender, drill, digest);

describe('the log of a drill', () => {
  it('is kept once, and another body under its id is refused', async () => {
    const world = await aWorld();
    expect(await take(world)).toEqual({ result: 'accepted' });
    expect(await take(world)).toEqual({ result: 'duplicate' });
    expect(await take(world, sentAt(NOW), 'another')).toEqual({ result: 'rejected', reason: 'id-reused' });
    expect([...world.records.kept.reports.values()]).toMatchObject([{ report: drill, digest: 'd', receivedMs: NOW }]);
  });

  it('needs a live key', async () => {
    await expect(take(await aWorld(), sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(KeyNotLiveError);
  });

  it('leaves the same whenever it dies and is sent again', async () => {
    const calm = await aWorld();
    await take(calm);
    const crashes = await crashAtEachWrite({}, take);
    expect(crashes.map(({ result }) => result.result)).toEqual(['accepted', 'duplicate']);
    for (const { kept } of crashes) expect(kept).toEqual(keptIn(calm));
  });
});
