import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../shared/evidence/checkpoint.ts';
import { emptyRange, rootOfRange } from '../../../shared/evidence/compact-range.ts';
import {
  appendStatement,
  checkpointOf,
  emptyFacilityLog,
  hostOfFacility,
  keysFor,
  originOfFacility,
} from '../../../shared/evidence/facility-log.ts';
import { localSigner } from '../../../shared/evidence/note-key.ts';
import {
  appendRegionalDay,
  originOfRegion,
  regionalLeafOf,
  requireRegionOf,
} from '../../../shared/evidence/regional.ts';
import { host, logOf, sealedDays } from '../../support/bundle-world.ts';
import { bytesOf, ed25519Key, plainRoot, refusalOf, textOf } from '../../support/evidence.ts';

const days = sealedDays();
const statements = days.map(({ statement }) => statement);
const rootOver = (leaves: readonly Uint8Array[]) => new Uint8Array(plainRoot(leaves));
const [first = bytesOf(''), second = bytesOf(''), third = bytesOf('')] = statements;

describe('the log of a facility', () => {
  it('has a statement for each leaf, and one root whoever adds them', () => {
    expect(checkpointOf(logOf(days))).toEqual({
      origin: 'log.example/f/sunshine',
      size: 4,
      root: rootOver(statements),
      extensions: [],
    });
  });

  it('is the same when a day is added twice from the same log', () => {
    const log = logOf(days.slice(0, 2));
    expect(appendStatement(log, third)).toEqual(appendStatement(log, third));
    expect(appendStatement(log, third).completed).toHaveLength(1);
  });

  it('takes no statement twice, out of turn, of another past or of another facility', () => {
    const log = logOf(days.slice(0, 1));
    const code = (bytes: Uint8Array, to = log) => refusalOf(() => appendStatement(to, bytes)).code;
    expect(code(second)).toBe('accepted');
    expect(code(first)).toBe('rewritten-day');
    expect(code(third)).toBe('dropped-leaf');
    const other = sealedDays({ records: 1 })[1]?.statement ?? bytesOf('');
    expect(code(other)).toBe('rewritten-day');
    expect(code(first, emptyFacilityLog(host, 'moonlight'))).toBe('wrong-origin');
    expect(code(second, emptyFacilityLog(host, 'sunshine'))).toBe('dropped-leaf');
    expect(code(bytesOf('{}'))).toBe('malformed');
  });

  it('is named by its host and facility', () => {
    expect(hostOfFacility(originOfFacility(host, 'sunshine'), 'sunshine')).toBe(host);
    for (const origin of [
      'log.example/f/sun',
      'log.example/f/xsunshine',
      '/f/sunshine',
      'log.example/region/sunshine',
    ]) {
      expect(refusalOf(() => hostOfFacility(origin, 'sunshine')).code).toBe('wrong-origin');
    }
    expect(() => originOfFacility('two words', 'sunshine')).toThrow(RangeError);
  });

  it('is signed by a key of its own name or of its host, and by no other', () => {
    const keys = ['log.example', 'log.example/f/sunshine', 'log.example/f/sun', 'log.exam', 'other.example'].map(
      (name) => localSigner(name, ed25519Key()).key,
    );
    expect(keysFor('log.example/f/sunshine', keys).map(({ name }) => name)).toEqual([
      'log.example',
      'log.example/f/sunshine',
    ]);
  });
});

describe('the log of a region', () => {
  const checkpoint = (name: string, size = 4): Checkpoint => ({
    origin: `${host}/f/${name}`,
    size,
    root: rootOver(statements.slice(0, size)),
    extensions: [],
  });
  const [acorn, birch, cedar] = ['acorn', 'birch', 'cedar'].map((name) => checkpoint(name)) as [
    Checkpoint,
    Checkpoint,
    Checkpoint,
  ];

  it('has the checkpoints of a day in the order of their origins, behind those of the days before', () => {
    const one = appendRegionalDay(emptyRange, [cedar, acorn, birch]);
    const leaves = [acorn, birch, cedar].map(regionalLeafOf);
    expect(one.entries.map(({ origin, index }) => [origin, index])).toEqual([
      ['log.example/f/acorn', 0],
      ['log.example/f/birch', 1],
      ['log.example/f/cedar', 2],
    ]);
    expect(rootOfRange(one.range)).toEqual(rootOver(leaves));
    expect(appendRegionalDay(emptyRange, [acorn, birch, cedar])).toEqual(one);
    const two = appendRegionalDay(one.range, [checkpoint('acorn', 3)]);
    expect(two.entries).toEqual([{ origin: 'log.example/f/acorn', index: 3 }]);
    expect(rootOfRange(two.range)).toEqual(rootOver([...leaves, regionalLeafOf(checkpoint('acorn', 3))]));
    expect(textOf(regionalLeafOf(acorn))).toMatch(/^log\.example\/f\/acorn\n4\n[A-Za-z0-9+/]{43}=\n$/);
  });

  it('chooses none of two checkpoints of one facility', () => {
    expect(() => appendRegionalDay(emptyRange, [acorn, checkpoint('acorn', 3)])).toThrow(RangeError);
  });

  it('belongs to the host of the facility', () => {
    expect(() => requireRegionOf(originOfRegion(host, '3212'), host)).not.toThrow();
    for (const origin of ['other.example/region/3212', 'log.example/region/', 'log.example/f/3212']) {
      expect(refusalOf(() => requireRegionOf(origin, host)).code).toBe('wrong-origin');
    }
  });
});
