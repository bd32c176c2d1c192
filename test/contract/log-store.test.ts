import { beforeEach, describe, expect, it } from 'vitest';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { appendLeaf, emptyRange } from '../../shared/evidence/compact-range.ts';
import type { LogHead, LogStore, NotShown, RegionalLeaf, SealedDay, SealRun } from '../../shared/ports/sealed-store.ts';
import { someHashes } from '../support/evidence.ts';
import { memoryLogStore } from '../support/memory/log-store.ts';
import { NOON_MS } from './samples.ts';
import { onEachEngine } from './stores.ts';

const ORIGIN = 'log.example/f/sunshine';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const rangeAfter = (leaves: number) =>
  someHashes(leaves).reduce((range, leaf) => appendLeaf(range, leaf).range, emptyRange);

const head = (over: Partial<LogHead> = {}): LogHead => ({
  origin: ORIGIN,
  range: rangeAfter(5),
  lastDay: '2026-11-21',
  last: 'ab'.repeat(32),
  revision: 1,
  ...over,
});
const day = (over: Partial<SealedDay> = {}): SealedDay => ({
  facility: 'sunshine',
  day: '2026-11-21',
  number: 4,
  statement: 'ab'.repeat(32),
  leaves: 'cd'.repeat(32),
  leafHash: 'ef'.repeat(32),
  notShown: { division: '321202001', state: 'short', reason: 'recorder-keeps-less' },
  ...over,
});
const leaf = (over: Partial<RegionalLeaf> = {}): RegionalLeaf => ({
  region: 'taizhou',
  index: 7,
  facility: 'sunshine',
  size: 5,
  day: '2026-11-21',
  leafHash: 'ef'.repeat(32),
  ...over,
});
const notShown = (over: Partial<NotShown> = {}): NotShown => ({
  facility: 'sunshine',
  division: '321202001',
  day: '2026-11-21',
  state: 'gaps',
  reason: 'time-missing',
  ...over,
});
const run = (over: Partial<SealRun> = {}): SealRun => ({
  day: '2026-11-21',
  asked: 0,
  step: 'asking',
  revision: 1,
  ...over,
});

const suite = (make: () => Promise<LogStore>): void => {
  let store: LogStore;
  beforeEach(async () => {
    store = await make();
  });

  it('moves a head by compare-and-set, and gives it back to the byte', async () => {
    expect(await store.readHead(ORIGIN)).toBeUndefined();
    expect(await store.saveHead(head())).toBe(true);
    expect(await store.saveHead(head({ last: '00'.repeat(32) }))).toBe(false);
    expect(await store.readHead(ORIGIN)).toEqual(head());
    const next = head({ range: rangeAfter(6), before: rangeAfter(5), revision: 2 });
    expect(await store.saveHead(next)).toBe(true);
    expect(await store.saveHead(next)).toBe(false);
    expect(await store.saveHead(head({ revision: 4 }))).toBe(false);
    expect(await store.readHead(ORIGIN)).toEqual(next);
    expect(await store.readHead('log.example/f/acorn')).toBeUndefined();
  });

  it('decides a day once: whoever comes later hears which stands', async () => {
    expect(await store.readDay('sunshine', '2026-11-21')).toBeUndefined();
    expect(await store.decideDay(day())).toEqual(day());
    expect(await store.decideDay(day({ statement: '00'.repeat(32) }))).toEqual(day());
    expect(await store.readDay('sunshine', '2026-11-21')).toEqual(day());
    expect(await store.readDay('acorn', '2026-11-21')).toBeUndefined();
  });

  it('lists days in order, both ends included', async () => {
    for (const name of ['2026-11-22', '2026-11-20', '2026-11-21', '2026-11-23'])
      await store.decideDay(day({ day: name }));
    await store.decideDay(day({ facility: 'sunshine-2' }));
    await store.decideRegionalLeaf(leaf());
    const listed = await store.days('sunshine', '2026-11-20', '2026-11-22');
    expect(listed.map((one) => one.day)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
    expect(listed.every(({ facility }) => facility === 'sunshine')).toBe(true);
  });

  it('decides a checkpoint once for each size', async () => {
    expect(await store.readCheckpoint(ORIGIN, 5)).toBeUndefined();
    expect(await store.decideCheckpoint(ORIGIN, 5, bytes('first\n'))).toEqual(bytes('first\n'));
    expect(await store.decideCheckpoint(ORIGIN, 5, bytes('second\n'))).toEqual(bytes('first\n'));
    expect(await store.decideCheckpoint(ORIGIN, 50, bytes('fifty\n'))).toEqual(bytes('fifty\n'));
    expect(await store.readCheckpoint(ORIGIN, 5)).toEqual(bytes('first\n'));
  });

  it('decides a leaf of a region once for each index, and finds it by its facility', async () => {
    expect(await store.decideRegionalLeaf(leaf())).toEqual(leaf());
    const other = leaf({ facility: 'acorn', size: 9 });
    expect(await store.decideRegionalLeaf(other)).toEqual(leaf());
    expect(await store.readRegionalLeaf('taizhou', 'sunshine', 5)).toEqual(leaf());
    expect(await store.readRegionalLeaf('taizhou', 'acorn', 9)).toBeUndefined();
    expect(await store.readRegionalLeaf('taizhou', 'sunshine', 6)).toBeUndefined();
    expect(await store.readRegionalLeaf('yuncheng', 'sunshine', 5)).toBeUndefined();
    await store.decideRegionalLeaf({ ...other, index: 10 });
    await store.decideRegionalLeaf({ ...other, index: 8, size: 8 });
    await store.decideRegionalLeaf({ ...other, index: 9, region: 'yuncheng' });
    expect((await store.regionalLeaves('taizhou', 7, 10)).map(({ index }) => index)).toEqual([7, 8]);
    expect((await store.regionalLeaves('taizhou', 8, 11)).map(({ index }) => index)).toEqual([8, 10]);
    expect(await store.regionalLeaves('taizhou', 0, 0)).toEqual([]);
  });

  it('lists who could not show, by county and day', async () => {
    await store.putNotShown(notShown());
    await store.putNotShown(notShown());
    await store.putNotShown(notShown({ facility: 'acorn', division: '321202' }));
    await store.putNotShown(notShown({ facility: 'elsewhere', division: '321203001' }));
    await store.putNotShown(notShown({ facility: 'later', day: '2026-11-22' }));
    expect(await store.listNotShown('321202', '2026-11-21')).toEqual([
      notShown({ facility: 'acorn', division: '321202' }),
      notShown(),
    ]);
    expect(await store.listNotShown('321299', '2026-11-21')).toEqual([]);
  });

  it('moves a run by compare-and-set, and forgets a cursor that is not given again', async () => {
    expect(await store.readRun('2026-11-21')).toBeUndefined();
    expect(await store.saveRun(run({ cursor: '321202', asked: 10 }))).toBe(true);
    expect(await store.saveRun(run())).toBe(false);
    expect(await store.saveRun(run({ step: 'sealing', askedAtMs: NOON_MS, revision: 2 }))).toBe(true);
    expect(await store.readRun('2026-11-21')).toEqual(run({ step: 'sealing', askedAtMs: NOON_MS, revision: 2 }));
    expect(await store.readRun('2026-11-22')).toBeUndefined();
  });

  it('keeps what was verified of a log beside its head', async () => {
    await store.saveHead(head());
    const found = { size: 5, root: 'ab'.repeat(32), atMs: NOON_MS };
    expect(await store.readVerified(ORIGIN)).toBeUndefined();
    await store.saveVerified(ORIGIN, { ...found, size: 4 });
    await store.saveVerified(ORIGIN, found);
    expect(await store.readVerified(ORIGIN)).toEqual(found);
    expect(await store.readHead(ORIGIN)).toEqual(head());
  });
};

describe('the heads and indexes of logs', () => {
  describe('in memory', () => suite(async () => memoryLogStore()));
  onEachEngine((engine) => suite(async () => makeLogStore(engine().client, (await engine().tables()).logs)));
});
