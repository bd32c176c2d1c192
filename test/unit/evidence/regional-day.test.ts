import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../shared/evidence/checkpoint.ts';
import { digestOf, leafOf, leafOfDigest } from '../../../shared/evidence/leaf.ts';
import { packDigest } from '../../../shared/evidence/pack-digest.ts';
import { parseRegionalDay, regionalDayFile } from '../../../shared/evidence/regional-day.ts';
import { contentOf } from '../../support/bundle-world.ts';
import { bytesOf, refusalOf, textOf } from '../../support/evidence.ts';

const checkpoint = (origin: string, size = 3): Checkpoint => ({
  origin,
  size,
  root: new Uint8Array(32).fill(size),
  extensions: [],
});
const region = 'log.example/region/3212';
const both = [checkpoint('log.example/f/sunshine'), checkpoint('log.example/f/acorn', 7)];
const file = regionalDayFile({ region, day: '2026-11-03', checkpoints: both });

describe('the file of a region’s day', () => {
  it('lists the checkpoints by origin, and has the same bytes in whatever order they come', () => {
    expect(parseRegionalDay(file)).toEqual({ region, day: '2026-11-03', checkpoints: both.toReversed() });
    expect(regionalDayFile({ region, day: '2026-11-03', checkpoints: both.toReversed() })).toEqual(file);
    const empty = regionalDayFile({ region, day: '2026-11-03', checkpoints: [] });
    expect(parseRegionalDay(empty).checkpoints).toEqual([]);
  });

  it('is refused in another form', () => {
    const text = textOf(file);
    for (const changed of [
      text.replace('2026-11-03', '2026-11-31'),
      text.replace('"day"', '"extra":1,"day"'),
      text.replace('\\n3\\n', '\\n03\\n'),
      `${text} `,
      '',
    ]) {
      expect(refusalOf(() => parseRegionalDay(bytesOf(changed))).code).toBe('malformed');
    }
  });
});

describe('a leaf made of a digest alone', () => {
  it('is the leaf of the record whose salt may be gone by now', () => {
    const record = { facility: 'sunshine', kind: 'checks', id: 'c-1', receivedAt: '2026-11-03T01:00:00.000Z' };
    const content = contentOf('gate locked');
    expect(leafOfDigest({ ...record, digest: digestOf(content) })).toEqual(leafOf(record, content));
    expect(() => leafOfDigest({ ...record, digest: 'none' })).toThrow(RangeError);
  });
});

describe('the digest of a pack', () => {
  it('is of its text, whatever the order of its members, and does not change when the pack is ended', () => {
    const pack = { name: 'taizhou', version: '1', effectiveFrom: '2026-01-01' };
    const turned = { effectiveFrom: '2026-01-01', version: '1', name: 'taizhou' };
    expect(packDigest(turned)).toBe(packDigest(pack));
    expect(packDigest({ ...pack, effectiveTo: '2027-01-01' })).toBe(packDigest(pack));
    expect(packDigest({ ...pack, version: '2' })).not.toBe(packDigest(pack));
  });
});
