import { expect, it } from 'vitest';
import { appendLeaf, emptyRange } from '../../../shared/evidence/compact-range.ts';
import { inclusionAfter } from '../../../shared/evidence/inclusion-after.ts';
import { leafHash, treeOf } from '../../../shared/evidence/merkle.ts';

const leaves = Array.from({ length: 24 }, (_, n) => leafHash(new Uint8Array([n])));

it('every proof made from a compact past is the one that the whole tree gives', () => {
  let range = emptyRange;
  for (let past = 0; past < leaves.length; past += 1) {
    for (let size = past + 1; size <= leaves.length; size += 1) {
      const whole = treeOf(leaves.slice(0, size));
      for (let index = past; index < size; index += 1) {
        expect(inclusionAfter(range, leaves.slice(past, size), index)).toEqual(whole.inclusion(index));
      }
    }
    range = appendLeaf(range, leaves[past] as Uint8Array).range;
  }
});

it('a leaf of the past itself is not proved from it', () => {
  const range = appendLeaf(emptyRange, leaves[0] as Uint8Array).range;
  expect(() => inclusionAfter(range, leaves.slice(1, 3), 0)).toThrow(RangeError);
  expect(() => inclusionAfter(range, leaves.slice(1, 3), 3)).toThrow(RangeError);
});
