import { describe, expect, it } from 'vitest';
import { makeReceiveHeartbeat } from '../../functions/receive-heartbeats/receive-heartbeats.ts';
import { ConflictError, KeyNotLiveError, UnavailableError } from '../../shared/domain/errors.ts';
import { encodeFacts, factsOf } from '../../shared/domain/facts.ts';
import type { AlarmReceipt } from '../../shared/domain/notices/alarm-receipt.ts';
import type { BoxVitals } from '../../shared/domain/vitals.ts';
import { callsOf, interleave, methodsOf } from '../support/memory-stores.ts';
import { aWorld, crashAtEachWrite, keptIn, type World } from '../support/receiver-world.ts';
import { aBeat, aBox, aNewBox, HOUR_MS, KEY, MINUTE_MS, NOW, SECOND_MS, sentAt } from '../support/rows.ts';

const take = (world: World, beat = aBeat(101, NOW), sender = sentAt(NOW)) =>
  makeReceiveHeartbeat(world.given)(sender, beat);
/** A box whose last beat said exactly what `aBeat` says. */
const known = (more: Partial<BoxVitals> = {}) => aBox({ facts: encodeFacts(factsOf(aBeat(100, NOW))), ...more });
const boxOf = (world: World) => world.vitals.rows.boxes.get('f1/b1');
const gapsOf = (world: World) => [...world.records.kept.gaps.values()];

describe('an ordinary beat', () => {
  it('is one conditional write, with nothing read and nothing else written', async () => {
    const world = await aWorld({ box: known() });
    const earlier = callsOf(world.registry).length;
    expect(await take(world)).toEqual({ result: 'accepted', nextBeatSeconds: 60 });
    expect(methodsOf(world.vitals)).toEqual(['beat']);
    expect(methodsOf(world.records)).toEqual([]);
    expect(callsOf(world.registry)).toHaveLength(earlier);
    expect(boxOf(world)).toMatchObject({
      beatAtMs: NOW,
      silentAtMs: NOW + 180 * SECOND_MS,
      liveKeys: { [KEY]: 101 },
      revision: 7,
    });
  });

  it('is so for either key while two overlap', async () => {
    const world = await aWorld({ box: known({ liveKeys: { [KEY]: 100, 'key-b': 3 } }) });
    await take(world, aBeat(4, NOW), sentAt(NOW, { key: 'key-b' }));
    await take(world, aBeat(101, NOW), sentAt(NOW));
    expect(methodsOf(world.vitals)).toEqual(['beat', 'beat']);
    expect(boxOf(world)?.liveKeys).toEqual({ [KEY]: 101, 'key-b': 4 });
  });
});

describe('what became of the alarms of a box', () => {
  const receipt = (openedAtMs: number, reportId = 'r1'): AlarmReceipt => ({
    reportId,
    openedAtMs,
    revision: 4,
    state: 'answered',
    published: 5,
    delivered: 3,
    seenBy: [{ department: 'police', atMs: openedAtMs + SECOND_MS }],
  });

  it('comes with the answer to an ordinary beat, and costs nothing more', async () => {
    const world = await aWorld({ box: known({ receipts: [receipt(NOW - MINUTE_MS)] }) });
    expect((await take(world)).alarms).toEqual([receipt(NOW - MINUTE_MS)]);
    expect(methodsOf(world.vitals)).toEqual(['beat']);
  });

  it('comes with a beat that is no ordinary one as well', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS, receipts: [receipt(NOW - MINUTE_MS)] }) });
    expect((await take(world)).alarms).toEqual([receipt(NOW - MINUTE_MS)]);
  });

  it('is said for a day, and then no more', async () => {
    const receipts = [receipt(NOW - 24 * HOUR_MS + 1, 'younger'), receipt(NOW - 24 * HOUR_MS, 'older')];
    const world = await aWorld({ box: known({ receipts }) });
    expect((await take(world)).alarms?.map(({ reportId }) => reportId)).toEqual(['younger']);
    const later = await aWorld({ box: known({ receipts: receipts.slice(1) }) });
    expect(await take(later)).toEqual({ result: 'accepted', nextBeatSeconds: 60 });
  });
});

describe('a beat that is no ordinary one', () => {
  it('starts the vitals of a new box and tells it its pace', async () => {
    const world = await aWorld({ box: aNewBox() });
    expect(await take(world, aBeat(0, NOW))).toEqual({ result: 'accepted', nextBeatSeconds: 60 });
    expect(boxOf(world)).toMatchObject({ beatAtMs: NOW, judgeFromMs: NOW });
  });

  it('after a silence puts the gap before it moves the row', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    expect(await take(world)).toMatchObject({ result: 'accepted' });
    expect(gapsOf(world)).toMatchObject([
      { fromMs: NOW - HOUR_MS, toMs: NOW, breachedAtMs: NOW - HOUR_MS + 180 * SECOND_MS },
    ]);
    expect(boxOf(world)).toMatchObject({ beatAtMs: NOW, judgeFromMs: NOW - HOUR_MS });
  });

  it('after a second silence leaves the mark of the first, which nobody has judged yet', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    await take(world);
    const later = NOW + 10 * MINUTE_MS;
    await take(world, aBeat(102, later), sentAt(later));
    expect(gapsOf(world).map((gap) => gap.fromMs)).toEqual([NOW - HOUR_MS, NOW]);
    expect(boxOf(world)?.judgeFromMs).toBe(NOW - HOUR_MS);
  });

  it('is a duplicate the second time, and changes nothing', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    await take(world);
    const kept = keptIn(world);
    expect(await take(world, aBeat(101, NOW), sentAt(NOW + SECOND_MS))).toMatchObject({ result: 'duplicate' });
    expect(keptIn(world)).toEqual(kept);
  });

  it('tells a box that starts below its last sequence where to go on', async () => {
    expect(await take(await aWorld(), aBeat(1, NOW))).toMatchObject({ result: 'superseded', lastSeq: 100 });
  });

  it('is refused with a key that was never enrolled, or for a box that is not there', async () => {
    await expect(take(await aWorld(), aBeat(1, NOW), sentAt(NOW, { key: 'stranger' }))).rejects.toThrow(
      KeyNotLiveError,
    );
    await expect(take(await aWorld(), aBeat(1, NOW), sentAt(NOW, { box: 'b9' }))).rejects.toThrow(KeyNotLiveError);
  });

  it('is refused with a key that was revoked between two beats', async () => {
    const world = await aWorld({ box: known() });
    await take(world);
    await world.vitals.revokeKey('f1', 'b1', KEY);
    await expect(take(world, aBeat(102, NOW + MINUTE_MS), sentAt(NOW + MINUTE_MS))).rejects.toThrow(KeyNotLiveError);
    expect(boxOf(world)?.beatAtMs).toBe(NOW);
  });

  it('is refused with a key that is revoked between its read and its write', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    const vitals = interleave(world.vitals, {
      method: 'patchBox',
      meanwhile: () => world.vitals.revokeKey('f1', 'b1', KEY),
    });
    const receive = makeReceiveHeartbeat({ vitals, records: world.records });
    await expect(receive(sentAt(NOW), aBeat(101, NOW))).rejects.toThrow(KeyNotLiveError);
    expect(boxOf(world)?.beatAtMs).toBe(NOW - HOUR_MS);
  });
});

describe('a beat held back an hour and then delivered', () => {
  it('on the box (store and forward): is late, ends no silence, and is no duplicate of anything', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    const held = aBeat(101, NOW - HOUR_MS / 2, { ageMs: HOUR_MS / 2 });
    expect(await take(world, held)).toMatchObject({ result: 'accepted', late: true });
    expect(boxOf(world)).toMatchObject({ beatAtMs: NOW - HOUR_MS, liveKeys: { [KEY]: 101 } });
    expect(gapsOf(world)).toEqual([]);
  });

  it('on its way (bytes replayed): is late as well', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    const sender = sentAt(NOW, { createdMs: NOW - HOUR_MS + MINUTE_MS });
    expect(await take(world, aBeat(101, NOW - HOUR_MS + MINUTE_MS), sender)).toMatchObject({ late: true });
    expect(boxOf(world)?.beatAtMs).toBe(NOW - HOUR_MS);
  });

  it('counts as a minute shown late, once the silence is recorded', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    await take(world);
    for (const seq of [102, 103]) {
      const held = aBeat(seq, NOW - HOUR_MS / 2 + seq * MINUTE_MS, { ageMs: HOUR_MS / 2 });
      expect(await take(world, { ...held, timeMs: NOW - seq * 10_000 }, sentAt(NOW))).toMatchObject({ late: true });
    }
    expect(gapsOf(world)).toMatchObject([{ shownLate: 2 }]);
  });
});

describe('when somebody else writes the row in between', () => {
  it('decides again on what is there then', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS, liveKeys: { [KEY]: 100, 'key-b': 1 } }) });
    const other = makeReceiveHeartbeat(world.given);
    const meanwhile = () => other(sentAt(NOW - 1, { key: 'key-b' }), aBeat(2, NOW - 1));
    const vitals = interleave(world.vitals, { method: 'patchBox', meanwhile });
    const receive = makeReceiveHeartbeat({ vitals, records: world.records });
    expect(await receive(sentAt(NOW), aBeat(101, NOW))).toMatchObject({ result: 'accepted' });
    expect(boxOf(world)).toMatchObject({ beatAtMs: NOW, liveKeys: { [KEY]: 101, 'key-b': 2 } });
    expect(gapsOf(world)).toHaveLength(1);
  });

  it('gives up after five lost races, and the box still has its beat', async () => {
    const world = await aWorld({ box: known({ beatAtMs: NOW - HOUR_MS }) });
    const vitals = {
      ...world.vitals,
      beat: async () => undefined,
      readBox: world.vitals.readBox,
      patchBox: async () => false,
    };
    const receive = makeReceiveHeartbeat({ vitals, records: world.records });
    await expect(receive(sentAt(NOW), aBeat(101, NOW))).rejects.toThrow(ConflictError);
  });

  it('tells trouble of the store as such', async () => {
    const world = await aWorld();
    const vitals = { ...world.vitals, beat: () => Promise.reject(new UnavailableError('down')) };
    const receive = makeReceiveHeartbeat({ vitals, records: world.records });
    await expect(receive(sentAt(NOW), aBeat(101, NOW))).rejects.toThrow(UnavailableError);
  });
});

describe('a crash between any two writes, and the same beat again', () => {
  const beforeSilence = { box: known({ beatAtMs: NOW - HOUR_MS }) };
  const saysDown = aBeat(101, NOW, { monitoring: 'no' });

  it('leaves what one undisturbed beat leaves', async () => {
    const calm = await aWorld(beforeSilence);
    await take(calm, saysDown);
    const crashes = await crashAtEachWrite(beforeSilence, (world) => take(world, saysDown));
    expect(crashes.length).toBeGreaterThanOrEqual(6);
    for (const { at, when, result, kept } of crashes) {
      expect([at, when, ['accepted', 'duplicate'].includes(result.result)]).toEqual([at, when, true]);
      expect(kept, `write ${at}, ${when}`).toEqual(keptIn(calm));
    }
  });

  it('may lose a minute that was shown late, and never counts one twice', async () => {
    const world = await aWorld(beforeSilence);
    await take(world);
    const [gap] = gapsOf(world);
    const box = boxOf(world);
    if (!gap || !box) throw new Error('no gap');
    const late = aBeat(102, NOW - HOUR_MS / 2, { ageMs: HOUR_MS / 2 });
    const withGap = async (given: World) => {
      await given.records.putGap(gap);
      return take(given, late);
    };
    const crashes = await crashAtEachWrite({ box }, withGap);
    const shown = crashes.map(({ kept }) => Number(JSON.stringify(kept).match(/"shownLate":(\d+)/)?.[1] ?? 0));
    // The row and the minute, each before and after.
    expect(shown).toEqual([1, 0, 0, 1]);
  });
});
