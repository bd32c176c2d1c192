import { describe, expect, it } from 'vitest';
import { makeReceiveCheck } from '../../functions/receive-checks/receive-checks.ts';
import { timelinessOf } from '../../shared/domain/checks.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { again, aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aCheck, aFacility, aFacilityRow, beijing, floor, NOW, sentAt } from '../support/rows.ts';

const friday = { row: aFacilityRow({ checks: { bees: { morning: { day: '2026-02-27', atMs: 1 } } } }) };
const monday = aCheck('c1', '2026-03-02');
const take = (world: World, check = monday, sender = sentAt(NOW), digest = `digest of ${check.id}`) =>
  makeReceiveCheck(world.given)(sender, check, digest);
const rowOf = (world: World) => world.vitals.rows.facilities.get('f1');

describe('a morning check', () => {
  it('is kept and folded; at ten it is half an hour late, so the gap is recorded too', async () => {
    const world = await aWorld(friday);
    expect(await take(world)).toEqual({ result: 'accepted', late: true });
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
    expect(await take(world, aCheck('c2', '2026-03-03'))).toMatchObject({
      reason: 'invalid',
      faults: [{ pointer: '/day' }],
    });
    expect(world.records.kept.reports.size).toBe(0);
    const midnight = beijing('2026-03-03 00:00');
    expect(await take(world, aCheck('c2', '2026-03-03'), sentAt(midnight))).toEqual({ result: 'accepted' });
  });

  it('may be corrected before it came: the correction stands by itself at once', async () => {
    const world = await aWorld(friday);
    const correction = aCheck('c2', '2026-03-02', { corrects: 'c1' });
    expect(await take(world, correction)).toEqual({ result: 'accepted', late: true });
    expect(rowOf(world)?.checks.bees?.morning).toEqual({ day: '2026-03-02', atMs: NOW });
    expect(await take(world)).toMatchObject({ result: 'accepted' });
    expect(await take(world, correction)).toEqual({ result: 'duplicate' });
    expect(world.records.kept.reports.size).toBe(2);
  });

  it('of another class, session or day may come after what claims to correct it, and stays as it is', async () => {
    const world = await aWorld(friday);
    await take(world, aCheck('c2', '2026-03-02', { corrects: 'c1', session: 'noon' }));
    expect(await take(world)).toMatchObject({ result: 'accepted' });
    const { morning, noon } = rowOf(world)?.checks.bees ?? {};
    expect([morning?.day, noon?.day]).toEqual(['2026-03-02', '2026-03-02']);
  });

  it('does not correct itself', async () => {
    const world = await aWorld(friday);
    const itself = aCheck('c2', '2026-03-02', { corrects: 'c2' });
    expect(await take(world, itself)).toMatchObject({ reason: 'invalid', faults: [{ pointer: '/corrects' }] });
    expect(world.records.kept.reports.size).toBe(0);
  });

  it('corrects the same class, session and day, and no other', async () => {
    const world = await aWorld({
      ...friday,
      facility: aFacility({ classes: [...aFacility().classes, { id: 'ants', children: 8 }] }),
    });
    await take(world);
    for (const more of [{ class: 'ants' }, { session: 'noon' }, { day: '2026-02-27' }] as const) {
      const other = aCheck('c2', '2026-03-02', { corrects: 'c1', ...more });
      expect(await take(world, other)).toEqual({ result: 'rejected', reason: 'corrects-another' });
    }
    expect(world.records.kept.reports.size).toBe(1);
  });

  it('says that it came late: in time until its deadline, late on its day, back-dated from midnight on', async () => {
    const takenAt = async (wall: string) => take(await aWorld(friday), monday, sentAt(beijing(wall)));
    const deadline = beijing('2026-03-02 09:30');
    const facility = aFacility();
    const at = (receivedMs: number) => timelinessOf({ report: monday, receivedMs }, facility, floor);
    expect([at(deadline - 1), at(deadline)]).toEqual(['in-time', 'late']);
    expect([at(beijing('2026-03-03 00:00') - 1), at(beijing('2026-03-03 00:00'))]).toEqual(['late', 'back-dated']);
    expect(await takenAt('2026-03-02 09:29')).toEqual({ result: 'accepted' });
    expect(await takenAt('2026-03-02 09:30')).toEqual({ result: 'accepted', late: true });
    expect(await takenAt('2026-03-04 09:00')).toEqual({ result: 'accepted', late: true });
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

describe('a morning check with findings', () => {
  const sick = (id: string, ...children: readonly number[]) =>
    aCheck(id, '2026-03-02', {
      findings: children.map((child) => ({ code: 'vomiting', childRef: `child-${child}`, action: 'observed' })),
    });
  const inTime = sentAt(beijing('2026-03-02 09:00'));
  const signalsOf = (world: World) => rowOf(world)?.signals?.map(({ signal, class: of }) => `${signal} ${of}`) ?? [];

  it('is listed by its arrival; one without is not', async () => {
    const world = await aWorld(friday);
    await take(world, monday);
    expect(world.records.kept.findings.size).toBe(0);
    await take(world, sick('c2', 1));
    expect([...world.records.kept.findings.values()].map(({ report }) => report.id)).toEqual(['c2']);
  });

  it('reaches the threshold of its class with the third child of a day, and marks the row', async () => {
    const world = await aWorld(friday);
    await take(world, sick('c1', 1, 2), inTime);
    expect(signalsOf(world)).toEqual([]);
    await take(world, sick('c2', 3), again(inTime));
    expect(signalsOf(world)).not.toEqual([]);
    expect(rowOf(world)?.signals).toContainEqual(
      expect.objectContaining({ class: 'bees', children: 3, sinceMs: inTime.receivedMs + 1_000 }),
    );
    expect(rowOf(world)?.judgeFromMs).toBeLessThanOrEqual(inTime.receivedMs + 1_000);
  });

  it('that was corrected no longer reaches it: what was reached is a gap', async () => {
    const world = await aWorld(friday);
    await take(world, sick('c1', 1, 2, 3), inTime);
    const reached = signalsOf(world);
    expect(reached).not.toEqual([]);
    const correction = { ...sick('c2', 1), corrects: 'c1' };
    await take(world, correction, sentAt(beijing('2026-03-02 09:20')));
    expect(signalsOf(world)).toEqual([]);
    const gaps = [...world.records.kept.gaps.values()].filter(({ rule }) => rule === 'health-signal');
    expect(gaps).toHaveLength(reached.length);
    expect(gaps[0]).toMatchObject({
      reason: 'threshold-reached',
      fromMs: inTime.receivedMs,
      toMs: beijing('2026-03-02 09:20'),
    });
  });

  it('that comes after its correction reaches nothing', async () => {
    const world = await aWorld(friday);
    const correction = { ...sick('c2', 1), corrects: 'c1' };
    await take(world, correction, inTime);
    expect(await take(world, sick('c1', 1, 2, 3), again(inTime))).toEqual({ result: 'accepted' });
    expect(signalsOf(world)).toEqual([]);
  });

  it('that comes after a correction of another session is not touched by it', async () => {
    const world = await aWorld(friday);
    await take(world, { ...sick('c2'), corrects: 'c1', session: 'noon' }, inTime);
    await take(world, sick('c1', 1, 2, 3), again(inTime));
    expect(signalsOf(world)).not.toEqual([]);
  });

  it('leaves the same whenever it dies and is sent again', async () => {
    const third = async (world: World, sender = inTime) => take(world, sick('c1', 1, 2, 3), sender);
    const calm = await aWorld(friday);
    await third(calm);
    const crashes = await crashAtEachWrite(friday, (world) =>
      third(world, world.records.kept.reports.size > 0 ? again(inTime) : inTime),
    );
    expect(crashes).toHaveLength(6);
    for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
  });

  it('is seen by both of two that come at once', async () => {
    const world = await aWorld(friday);
    await Promise.all([
      take(world, sick('c1', 1, 2), inTime),
      take(world, sick('c2', 3), inTime),
      take(world, sick('c3', 4), inTime),
    ]);
    expect(Math.max(...(rowOf(world)?.signals ?? []).map(({ children }) => children))).toBe(4);
  });
});
