import { describe, expect, it } from 'vitest';
import { makeReceiveLog } from '../../functions/receive-logs/receive-logs.ts';
import { KeyNotLiveError } from '../../shared/domain/errors.ts';
import { mendFolds } from '../../shared/domain/mend-folds.ts';
import type { LogReport } from '../../shared/domain/reports.ts';
import { LONGEST_TESTED_FOLD } from '../../shared/domain/vitals.ts';
import { dutyPack } from '../support/duty-pack.ts';
import { again, aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aFacility, aFacilityRow, beijing, DAY_MS, HOUR_MS, NOW, sentAt } from '../support/rows.ts';

const drill: LogReport = { id: 'l1', timeMs: NOW, kind: 'drill', doneAtMs: NOW, counts: { childrenOut: 40 } };
const pack = dutyPack();
const take = (world: World, log = drill, sender = sentAt(NOW), digest = `digest of ${log.id}`) =>
  makeReceiveLog({ ...world.given, packFor: () => pack })(sender, log, digest);
const rowOf = (world: World) => world.vitals.rows.facilities.get('f1');
const gapsOf = (world: World) => [...world.records.kept.gaps.values()];

/** All else is logged: the guard is there until noon, and on Friday every child went home. */
const friday = { day: '2026-02-27', atMs: beijing('2026-02-27 18:05'), childrenIn: 12, childrenOut: 12 };
const noon = beijing('2026-03-02 12:00');
const calm = { row: aFacilityRow({ guardUntilMs: noon, closing: friday }) };

describe('the log of a drill', () => {
  it('is kept once and folded, and another body under its id is refused', async () => {
    const world = await aWorld(calm);
    expect(await take(world)).toEqual({ result: 'accepted' });
    expect(await take(world)).toEqual({ result: 'duplicate' });
    expect(await take(world, drill, sentAt(NOW), 'another')).toEqual({ result: 'rejected', reason: 'id-reused' });
    expect([...world.records.kept.reports.values()]).toMatchObject([{ report: drill, receivedMs: NOW }]);
    expect(rowOf(world)).toMatchObject({ doneAtMs: { drill: NOW }, judgeFromMs: NOW });
    expect(gapsOf(world)).toEqual([]);
  });

  it('that was overdue ends the breach, which is recorded from its instant to the arrival', async () => {
    const doneAtMs = NOW - 200 * DAY_MS;
    const inService = beijing('2025-01-01 00:00');
    const world = await aWorld({
      facility: aFacility({ state: { is: 'in-service', sinceMs: inService }, registeredAtMs: inService }),
      row: aFacilityRow({ guardUntilMs: noon, closing: friday, doneAtMs: { drill: doneAtMs } }),
    });
    await take(world);
    const fromMs = doneAtMs + 180 * DAY_MS;
    expect(gapsOf(world)).toEqual([
      {
        facilityId: 'f1',
        rule: 'duty-overdue',
        subject: 'duty/drill',
        reason: 'overdue',
        fromMs,
        toMs: NOW,
        breachedAtMs: fromMs,
      },
    ]);
    expect(rowOf(world)?.judgeFromMs).toBe(fromMs);
  });

  it('counts from when it was done, and says that it was told late', async () => {
    const world = await aWorld(calm);
    const yesterday = { ...drill, doneAtMs: NOW - DAY_MS };
    expect(await take(world, yesterday)).toEqual({ result: 'accepted', late: true });
    expect(rowOf(world)?.doneAtMs).toEqual({ drill: NOW - DAY_MS });
    const today = { ...drill, id: 'l2', doneAtMs: beijing('2026-03-02 00:00') };
    expect(await take(world, today)).toEqual({ result: 'accepted' });
  });

  it('that is planned is refused; one that a wrong clock dates ahead was done when it came', async () => {
    const world = await aWorld(calm);
    const planned = { ...drill, doneAtMs: NOW + DAY_MS + 1 };
    expect(await take(world, planned)).toMatchObject({ reason: 'invalid', faults: [{ pointer: '/doneAt' }] });
    expect(world.records.kept.reports.size).toBe(0);
    expect(await take(world, { ...drill, doneAtMs: NOW + DAY_MS })).toEqual({ result: 'accepted' });
    expect(rowOf(world)?.doneAtMs).toEqual({ drill: NOW });
  });

  it('needs a live key', async () => {
    await expect(take(await aWorld(calm), drill, sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(KeyNotLiveError);
  });
});

describe('a guard shift', () => {
  const shift: LogReport = { id: 's1', timeMs: NOW, kind: 'guard-shift', doneAtMs: NOW, counts: { minutes: 60 } };

  it('covers its minutes from its beginning, at most a day', async () => {
    const world = await aWorld();
    await take(world, shift);
    expect(rowOf(world)?.guardUntilMs).toBe(NOW + HOUR_MS);
    await take(world, { ...shift, id: 's2', counts: { minutes: 10_000 } });
    expect(rowOf(world)?.guardUntilMs).toBe(NOW + DAY_MS);
  });

  it('that ends earlier than another, or has no guard, covers nothing more', async () => {
    const world = await aWorld({ row: aFacilityRow({ guardUntilMs: noon }) });
    await take(world, shift);
    await take(world, { ...shift, id: 's2', counts: { minutes: 600, guards: 0 } });
    expect(rowOf(world)?.guardUntilMs).toBe(noon);
  });

  it('that comes after the opening leaves the time before it uncovered', async () => {
    const world = await aWorld({ row: aFacilityRow({ guardUntilMs: beijing('2026-02-27 18:00'), closing: friday }) });
    await take(world, shift);
    expect(gapsOf(world)).toMatchObject([
      { rule: 'guard-present', reason: 'no-guard-on-shift', fromMs: beijing('2026-03-02 07:30'), toMs: NOW },
    ]);
  });
});

describe('the test of a device', () => {
  const test = (id: string, device: string, doneAtMs: number): LogReport => ({
    id,
    timeMs: NOW,
    kind: 'device-test',
    device,
    doneAtMs,
    counts: {},
  });
  const longAgo = beijing('2025-01-01 00:00');
  const facility = aFacility({
    state: { is: 'in-service', sinceMs: longAgo },
    registeredAtMs: longAgo,
    devices: [{ id: 'panic-1', kind: 'panic-button' }],
  });
  const old = NOW - 40 * DAY_MS;
  const row = aFacilityRow({ guardUntilMs: noon, closing: friday, testedAtMs: { 'panic-1': old } });

  it('keeps the newest of each device, and ends the breach of that device alone', async () => {
    const world = await aWorld({ facility, row });
    await take(world, test('t1', 'smoke-1', NOW));
    expect(gapsOf(world).filter(({ subject }) => subject === 'device/panic-1')).toEqual([]);
    await take(world, test('t2', 'panic-1', NOW));
    await take(world, test('t3', 'panic-1', NOW - DAY_MS));
    expect(rowOf(world)).toMatchObject({
      testedAtMs: { 'panic-1': NOW, 'smoke-1': NOW },
      judgeFromMs: old + 31 * DAY_MS,
    });
    expect(gapsOf(world).filter(({ subject }) => subject === 'device/panic-1')).toMatchObject([
      { rule: 'duty-overdue', reason: 'device-untested', fromMs: old + 31 * DAY_MS, toMs: NOW },
    ]);
  });

  it('of more devices than the row holds keeps those tested last, in any order', async () => {
    const tests = Array.from({ length: LONGEST_TESTED_FOLD + 2 }, (_, n) => test(`t${n}`, `d-${n}`, NOW - n * DAY_MS));
    const there = await aWorld({ facility, row: calm.row });
    for (const one of tests) await take(there, one);
    const back = await aWorld({ facility, row: calm.row });
    for (const one of tests.toReversed()) await take(back, one);
    expect(rowOf(back)?.testedAtMs).toEqual(rowOf(there)?.testedAtMs);
    expect(Object.keys(rowOf(there)?.testedAtMs ?? {})).toHaveLength(LONGEST_TESTED_FOLD);
    expect(rowOf(there)?.testedAtMs).toMatchObject({ 'd-0': NOW });
  });

  it('whose taking died is made up from the records', () => {
    const logs = [{ report: test('t1', 'panic-1', NOW), receivedMs: NOW }];
    const mended = mendFolds(row, { checks: [], logs, heldDays: [] }, facility, () => pack, NOW);
    expect(mended?.patch.testedAtMs).toEqual({ 'panic-1': NOW });
    expect(mended?.gaps).toMatchObject([{ subject: 'device/panic-1', toMs: NOW }]);
  });
});

describe('a closing', () => {
  const evening = beijing('2026-03-02 18:10');
  const closing = (id: string, doneAtMs: number, childrenOut = 12): LogReport => ({
    id,
    timeMs: doneAtMs,
    kind: 'closing',
    doneAtMs,
    counts: { childrenIn: 12, childrenOut },
  });
  const guarded = { row: aFacilityRow({ guardUntilMs: noon + DAY_MS, closing: friday }) };

  it('is folded for its day, and late from its deadline on', async () => {
    const world = await aWorld(guarded);
    expect(await take(world, closing('c1', evening), sentAt(evening))).toEqual({ result: 'accepted' });
    expect(rowOf(world)?.closing).toEqual({ day: '2026-03-02', atMs: evening, childrenIn: 12, childrenOut: 12 });
    const due = beijing('2026-03-02 19:00');
    const inTime = await take(await aWorld(guarded), closing('c1', evening), sentAt(due - 1));
    const late = await take(await aWorld(guarded), closing('c1', evening), sentAt(due));
    expect([inTime, late]).toEqual([{ result: 'accepted' }, { result: 'accepted', late: true }]);
  });

  it('after midnight is of the day before', async () => {
    const world = await aWorld(guarded);
    const midnight = beijing('2026-03-03 00:20');
    await take(world, closing('c1', midnight), sentAt(midnight));
    expect(rowOf(world)?.closing?.day).toBe('2026-03-02');
  });

  it('that finds a child inside stands until a later count, which records it', async () => {
    const world = await aWorld(guarded);
    await take(world, closing('c1', evening, 11), sentAt(evening));
    const found = evening + HOUR_MS / 4;
    await take(world, closing('c2', found), sentAt(found));
    expect(gapsOf(world)).toMatchObject([
      { rule: 'closing', reason: 'children-in-not-out', fromMs: evening, toMs: found, breachedAtMs: evening },
    ]);
  });

  it('that found a child inside and comes after the next count is recorded all the same', async () => {
    const world = await aWorld(guarded);
    const found = evening + HOUR_MS / 4;
    await take(world, closing('c2', found), sentAt(found));
    await take(world, closing('c1', evening, 11), sentAt(found + 1));
    expect(rowOf(world)).toMatchObject({ closing: { atMs: found }, judgeFromMs: evening });
    expect(gapsOf(world)).toMatchObject([{ reason: 'children-in-not-out', fromMs: evening, toMs: found }]);
  });
});

describe('a log whose taking dies', () => {
  it('leaves the same whenever it dies and is sent again a second later, its first arrival included', async () => {
    const unguarded = { row: aFacilityRow({ guardUntilMs: beijing('2026-02-27 18:00'), closing: friday }) };
    const shift: LogReport = { id: 's1', timeMs: NOW, kind: 'guard-shift', doneAtMs: NOW, counts: { minutes: 60 } };
    const world = await aWorld(unguarded);
    await take(world, shift);
    const crashes = await crashAtEachWrite(unguarded, (one) =>
      take(one, shift, one.records.kept.reports.size > 0 ? again(sentAt(NOW)) : sentAt(NOW)),
    );
    expect(crashes).toHaveLength(6);
    for (const { at, when, kept } of crashes) expect(kept, `write ${at}, ${when}`).toEqual(keptIn(world));
  });
});
