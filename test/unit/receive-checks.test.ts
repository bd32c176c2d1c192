import { describe, expect, it } from 'vitest';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { again, aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aCheck, aFacility, aFacilityRow, beijing, NOW, sentAt } from '../support/rows.ts';

const friday = { row: aFacilityRow({ checks: { bees: { morning: { day: '2026-02-27', atMs: 1 } } } }) };
const monday = aCheck('c1', '2026-03-02');
const take = (world: World, check = monday, sender = sentAt(NOW), digest = `digest of ${check.id}`) =>
  makeReceiveCheck(world.given)(sender, check, digest);
const rowOf = (world: World) => world.vitals.rows.facilities.get('f1');

describe('a morning check', () => {
  it('is kept and folded; at ten it is half an hour late, so the gap is recorded too', async () => {
    const world = await aWorld(friday);
    expect(await take(world)).toEqual({ result: 'accepted' });
    expect(rowOf(world)).toMatchObject({
      checks: { bees: { morning: { day: '2026-03-02', atMs: NOW } } },
      judgeFromMs: beijing('2026-03-02 09:30'),
    });
    expect([...world.records.kept.gaps.values()]).toMatchObject([
      { rule: 'morning-check', subject: 'class/bees', toMs: NOW },
    ]);
    expect(world.records.kept.reports.size).toBe(1);
  });

  it('is a duplicate when the same comes again, and id-reused when another comes under its id', async () => {
    const world = await aWorld(friday);
    await take(world);
    const kept = keptIn(world);
    expect(await take(world, monday, again(sentAt(NOW)))).toEqual({ result: 'duplicate' });
    expect(await take(world, { ...monday, present: 3 }, sentAt(NOW), 'another')).toEqual({
      result: 'rejected',
      reason: 'id-reused',
    });
    expect(keptIn(world)).toEqual(kept);
  });

  it('stays a duplicate after its class was closed', async () => {
    const world = await aWorld(friday);
    await take(world);
    await world.registry.putFacility(aFacility({ version: 2, classes: [] }));
    expect(await take(world)).toEqual({ result: 'duplicate' });
    expect(await take(world, aCheck('c2', '2026-03-02'))).toEqual({ result: 'rejected', reason: 'unknown-class' });
  });

  it('of a day that has not come is refused: it would hide the days until then', async () => {
    const world = await aWorld(friday);
    expect(await take(world, aCheck('c2', '2026-03-03'))).toEqual({ result: 'rejected', reason: 'invalid' });
    expect(world.records.kept.reports.size).toBe(0);
    const midnight = beijing('2026-03-03 00:00');
    expect(await take(world, aCheck('c2', '2026-03-03'), sentAt(midnight))).toEqual({ result: 'accepted' });
  });

  it('corrects only one that was kept', async () => {
    const world = await aWorld(friday);
    const correction = aCheck('c2', '2026-03-02', { corrects: 'c1' });
    expect(await take(world, correction)).toEqual({ result: 'rejected', reason: 'corrects-unknown' });
    await take(world);
    expect(await take(world, correction)).toEqual({ result: 'accepted' });
    expect(world.records.kept.reports.size).toBe(2);
  });

  it('needs a live key', async () => {
    await expect(take(await aWorld(friday), monday, sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(KeyNotLiveError);
  });

  it('leaves the same whenever it dies and is sent again a second later, its first arrival included', async () => {
    const calm = await aWorld(friday);
    await take(calm);
    const crashes = await crashAtEachWrite(friday, (world) => {
      const hasArrived = world.records.kept.reports.size > 0;
      return take(world, monday, hasArrived ? again(sentAt(NOW)) : sentAt(NOW));
    });
    expect(crashes).toHaveLength(6);
    for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
  });
});
