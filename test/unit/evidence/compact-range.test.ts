import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  type CompactRange,
  emptyRange,
  rangeOf,
  rootOfRange,
} from '../../../shared/evidence/compact-range.ts';
import {
  consistencyPath,
  hashOfSpan,
  inclusionPath,
  type NodeId,
  nodesOf,
  type Span,
  treeOf,
} from '../../../shared/evidence/merkle.ts';
import { hex, refusalOf, someHashes } from '../../support/evidence.ts';

const hashes = someHashes(200);
const tree = treeOf(hashes);

describe('a log that keeps only its peaks', () => {
  it('has the root of the whole tree after each leaf', () => {
    let range: CompactRange = emptyRange;
    expect(hex(rootOfRange(range))).toBe(hex(tree.root(0)));
    for (const [before, leaf] of hashes.entries()) {
      range = appendLeaf(range, leaf).range;
      expect(range.size).toBe(before + 1);
      expect(hex(rootOfRange(range))).toBe(hex(tree.root(before + 1)));
    }
  });

  it('names each subtree once, when it becomes whole, with its root', () => {
    let range: CompactRange = emptyRange;
    const named = new Map<string, string>();
    for (const leaf of hashes.slice(0, 100)) {
      const next = appendLeaf(range, leaf);
      range = next.range;
      for (const { level, index, hash } of next.completed) {
        expect(named.has(`${level}/${index}`)).toBe(false);
        named.set(`${level}/${index}`, hex(hash));
      }
    }
    // 100 + 50 + 25 + 12 + 6 + 3 + 1 complete subtrees.
    expect(named.size).toBe(197);
    expect(named.get('0/99')).toBe(hex(hashes[99] ?? new Uint8Array()));
    expect(named.get('6/0')).toBe(hex(tree.root(64)));
    expect(named.get('2/24')).toBe(hex(treeOf(hashes.slice(96, 100)).root()));
  });

  it('leaves in its store all that a proof is made of', () => {
    const stored = new Map<string, Uint8Array>();
    let range: CompactRange = emptyRange;
    for (const leaf of hashes.slice(0, 77)) {
      const next = appendLeaf(range, leaf);
      range = next.range;
      for (const { level, index, hash } of next.completed) stored.set(`${level}/${index}`, hash);
    }
    const read: string[] = [];
    const nodeAt = ({ level, index }: NodeId): Uint8Array => {
      read.push(`${level}/${index}`);
      return stored.get(`${level}/${index}`) ?? new Uint8Array();
    };
    const from = (path: readonly Span[]): readonly string[] => path.map((span) => hex(hashOfSpan(span, nodeAt)));
    expect(from(inclusionPath(70, 77))).toEqual(tree.inclusion(70, 77).map(hex));
    expect(from(consistencyPath(43, 77))).toEqual(tree.consistency(43, 77).map(hex));
    const named = [...inclusionPath(70, 77), ...consistencyPath(43, 77)].flatMap(nodesOf);
    expect(read).toEqual(named.map(({ level, index }) => `${level}/${index}`));
  });

  it('grows from a million leaves by at most twenty hashes', () => {
    const million = 2 ** 20 - 1;
    const range = rangeOf(million, someHashes(20));
    const { completed, range: grown } = appendLeaf(range, hashes[0] ?? new Uint8Array());
    expect(completed).toHaveLength(21);
    expect(completed.at(-1)).toMatchObject({ level: 20, index: 0 });
    expect(grown.size).toBe(2 ** 20);
    expect(grown.peaks).toHaveLength(1);
    expect(appendLeaf(grown, hashes[1] ?? new Uint8Array()).completed).toHaveLength(1);
  });

  it('leaves the range as it was, so that a lost race can begin again', () => {
    const three = hashes.slice(0, 3).reduce((range, leaf) => appendLeaf(range, leaf).range, emptyRange);
    const fourth = hashes[3] ?? new Uint8Array();
    const root = hex(rootOfRange(three));
    const once = appendLeaf(three, fourth);
    expect(three.peaks).toHaveLength(2);
    expect(hex(rootOfRange(three))).toBe(root);
    expect(appendLeaf(three, fourth)).toEqual(once);
    expect(emptyRange).toEqual({ size: 0, peaks: [] });
  });

  it('goes on from what was stored, and from nothing that cannot be its past', () => {
    const peaks = hashes.slice(0, 2);
    expect(rangeOf(3, peaks)).toEqual({ size: 3, peaks });
    expect(refusalOf(() => rangeOf(4, peaks))).toEqual({
      code: 'malformed',
      message: 'Hashes that a log of size 4 goes on from: 1. Kept: 2.',
    });
    expect(refusalOf(() => rangeOf(1.5, peaks)).message).toBe('1.5 is no size of a log.');
    expect(refusalOf(() => rangeOf(1, [new Uint8Array(20)])).message).toBe(
      'A hash that the log is continued from is not 32 bytes long.',
    );
  });
});
