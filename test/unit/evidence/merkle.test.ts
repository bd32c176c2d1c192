import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyPath,
  emptyRoot,
  inclusionPath,
  leafHash,
  nodeHash,
  nodesOf,
  treeOf,
} from '../../../shared/evidence/merkle.ts';
import {
  verifyConsistency,
  verifyHistory,
  verifyInclusion,
  verifyLeaf,
  verifyWholeTree,
} from '../../../shared/evidence/verify-merkle.ts';
import reference from '../../fixtures/evidence/rfc6962-roots.json' with { type: 'json' };
import { flipped, hex, plainRoot, refusalOf, someHashes, someLeaves } from '../../support/evidence.ts';

const MOST = 64;
const leaves = someLeaves(MOST);
const hashes = leaves.map(leafHash);
const tree = treeOf(hashes);
const headOf = (size: number) => ({ size, root: tree.root(size) });
const at = (list: readonly Uint8Array[], index: number): Uint8Array => list[index] ?? new Uint8Array();

describe('the root', () => {
  it.each(reference.rootsHexBySize.map((root, before) => ({ size: before + 1, root })))(
    'of $size leaves is that of the Certificate Transparency reference tree',
    ({ size, root }) => {
      const given = reference.leavesHex.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
      expect(hex(treeOf(given).root(size))).toBe(root);
      expect(hex(treeOf(given.slice(0, size)).root())).toBe(root);
    },
  );

  it('of no leaf is the hash of nothing', () => {
    expect(hex(treeOf([]).root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(emptyRoot())).toBe(hex(plainRoot([])));
  });

  it('of each size up to 64 is what the text of RFC 6962 says', () => {
    for (let size = 0; size <= MOST; size += 1) {
      expect(hex(tree.root(size))).toBe(hex(plainRoot(leaves.slice(0, size))));
    }
  });

  it('of four leaves is never that of two leaves made of their pairs', () => {
    const four = someHashes(4);
    const left = Buffer.concat([at(four, 0), at(four, 1)]);
    const right = Buffer.concat([at(four, 2), at(four, 3)]);
    const pairs = [left, right].map(leafHash);
    expect(hex(treeOf(pairs).root())).not.toBe(hex(treeOf(four).root()));
    // Behind 0x01 it would be: that byte is all that stands between the two.
    const asNodes = [nodeHash(at(four, 0), at(four, 1)), nodeHash(at(four, 2), at(four, 3))];
    expect(hex(treeOf(asNodes).root())).toBe(hex(treeOf(four).root()));
  });

  it('is asked for of sizes that the tree has', () => {
    expect(() => tree.root(MOST + 1)).toThrow(RangeError);
    expect(() => tree.inclusion(5, 5)).toThrow(RangeError);
    expect(() => tree.consistency(6, 5)).toThrow(RangeError);
    expect(() => treeOf([]).inclusion(0)).toThrow(RangeError);
  });
});

describe('a proof', () => {
  const given = treeOf(reference.leavesHex.map((leaf) => leafHash(Buffer.from(leaf, 'hex'))));

  it.each(reference.inclusionProofs)('of leaf $index of $size is that of the reference tree', (one) => {
    expect(given.inclusion(one.index, one.size).map(hex)).toEqual(one.hashesHex);
  });

  it.each(reference.consistencyProofs)('from $older to $newer leaves is that of the reference tree', (one) => {
    expect(given.consistency(one.older, one.newer).map(hex)).toEqual(one.hashesHex);
  });
});

describe('a log longer than 32 bits can count', () => {
  const size = 2 ** 40 + 3;

  it('has paths as long as its height', () => {
    expect(inclusionPath(0, size)).toHaveLength(41);
    expect(inclusionPath(size - 1, size)).toEqual([
      { from: 2 ** 40, to: 2 ** 40 + 2 },
      { from: 0, to: 2 ** 40 },
    ]);
    expect(consistencyPath(2 ** 40, size)).toEqual([{ from: 2 ** 40, to: size }]);
  });

  it('is made of one complete subtree for each 1 of its size', () => {
    expect(nodesOf({ from: 0, to: size })).toEqual([
      { level: 40, index: 0 },
      { level: 1, index: 2 ** 39 },
      { level: 0, index: 2 ** 40 + 2 },
    ]);
  });
});

describe('every proof of up to 64 leaves', () => {
  it('of inclusion leads to the root', () => {
    for (let size = 1; size <= MOST; size += 1) {
      for (let index = 0; index < size; index += 1) {
        verifyLeaf(at(leaves, index), { index, hashes: tree.inclusion(index, size) }, headOf(size));
      }
    }
  });

  it('of consistency leads from the older root to the newer', () => {
    for (let newer = 0; newer <= MOST; newer += 1) {
      for (let older = 0; older <= newer; older += 1) {
        verifyConsistency(headOf(older), headOf(newer), tree.consistency(older, newer));
      }
    }
  });
});

/** A place in a tree. */
const places = fc
  .integer({ min: 1, max: MOST })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));
const bits = fc.integer({ min: 0, max: 255 });

describe('one flipped bit', () => {
  it('of the leaf, the root, a hash or the place is refused', () => {
    fc.assert(
      fc.property(places, bits, fc.nat(), ({ size, index }, bit, pick) => {
        const head = headOf(size);
        const proof = tree.inclusion(index, size);
        const leaf = at(hashes, index);
        const code = (work: () => void): string => refusalOf(work).code;

        expect(code(() => verifyInclusion(flipped(leaf, bit), { index, hashes: proof }, head))).toBe('changed-byte');
        const root = flipped(head.root, bit);
        expect(code(() => verifyInclusion(leaf, { index, hashes: proof }, { size, root }))).toBe('changed-byte');
        const moved = index ^ (1 << (bit % 7));
        expect(code(() => verifyInclusion(leaf, { index: moved, hashes: proof }, head))).toMatch(
          /^(changed-byte|forged-tree)$/,
        );
        if (proof.length === 0) return;
        const wrong = proof.map((hash, which) => (which === pick % proof.length ? flipped(hash, bit) : hash));
        expect(code(() => verifyInclusion(leaf, { index, hashes: wrong }, head))).toBe('changed-byte');
      }),
    );
  });

  it('of the bytes of a leaf is refused', () => {
    const proof = { index: 5, hashes: tree.inclusion(5, 11) };
    const leaf = at(leaves, 5);
    for (let bit = 0; bit < leaf.length * 8; bit += 1) {
      expect(refusalOf(() => verifyLeaf(flipped(leaf, bit), proof, headOf(11))).code).toBe('changed-byte');
    }
  });

  it('of either root or of a hash is refused between two trees', () => {
    fc.assert(
      fc.property(places, bits, fc.nat(), ({ size: newer, index: older }, bit, pick) => {
        fc.pre(older > 0);
        const [then, now] = [headOf(older), headOf(newer)];
        const proof = tree.consistency(older, newer);
        const code = (work: () => void): string => refusalOf(work).code;
        const wrong = proof.map((hash, which) => (which === pick % proof.length ? flipped(hash, bit) : hash));
        expect(code(() => verifyConsistency(then, now, wrong))).toBe('rewritten-day');
        const [badThen, badNow] = [then, now].map((head) => ({ ...head, root: flipped(head.root, bit) }));
        expect(code(() => verifyConsistency(badThen ?? then, now, proof))).toBe('rewritten-day');
        expect(code(() => verifyConsistency(then, badNow ?? now, proof))).toBe('rewritten-day');
      }),
    );
  });
});

describe('what was done to a log is said', () => {
  const [five, nine] = [headOf(5), headOf(9)];
  const inclusion = { index: 3, hashes: tree.inclusion(3, 5) };

  it('when a byte of a record was changed', () => {
    expect(refusalOf(() => verifyLeaf(at(leaves, 4), inclusion, five))).toEqual({
      code: 'changed-byte',
      message: 'Leaf 3 of 5 does not lead to the root: the record, its place, its proof or the root was changed.',
    });
  });

  it('when a record of a day is missing, was slipped in, or changed places', () => {
    const all = hashes.slice(0, 5);
    verifyWholeTree(all, five);
    expect(refusalOf(() => verifyWholeTree(hashes.slice(0, 4), five))).toEqual({
      code: 'dropped-leaf',
      message: 'Counted when it was sealed: 5 leaves. Shown: 4.',
    });
    expect(refusalOf(() => verifyWholeTree(hashes.slice(0, 6), five))).toEqual({
      code: 'added-leaf',
      message: 'Counted when it was sealed: 5 leaves. Shown: 6.',
    });
    expect(refusalOf(() => verifyWholeTree(all.toReversed(), five))).toEqual({
      code: 'changed-byte',
      message: 'The root over the 5 leaves is not the one that was sealed: a leaf was changed, exchanged or moved.',
    });
  });

  it('when the log became shorter', () => {
    expect(refusalOf(() => verifyConsistency(nine, five, []))).toEqual({
      code: 'dropped-leaf',
      message: 'The log had 9 leaves and has 5 now.',
    });
  });

  it('when a sealed day was rewritten, though the log went on', () => {
    const rewritten = treeOf([...hashes.slice(0, 2), at(someHashes(1, 'another day'), 0), ...hashes.slice(3, 9)]);
    const now = { size: 9, root: rewritten.root() };
    expect(refusalOf(() => verifyConsistency(five, now, rewritten.consistency(5)))).toEqual({
      code: 'rewritten-day',
      message: 'What the log held at 5 leaves is not what it begins with at 9, or the proof was changed.',
    });
    // Nor does the proof of the log as it was help the new one.
    expect(refusalOf(() => verifyConsistency(five, now, tree.consistency(5, 9))).code).toBe('rewritten-day');
  });

  it('for certain, when all leaves are shown', () => {
    const now = hashes.slice(0, 9);
    verifyHistory(now, five, nine);
    verifyHistory(now, headOf(0), nine);
    const rewritten = now.with(2, at(hashes, 20));
    const then = { size: 9, root: treeOf(rewritten).root() };
    expect(refusalOf(() => verifyHistory(rewritten, five, then))).toEqual({
      code: 'rewritten-day',
      message: 'The first 5 leaves of the 9 in the log are not those that it held then.',
    });
    expect(refusalOf(() => verifyHistory(now.slice(1), five, nine)).code).toBe('dropped-leaf');
    expect(refusalOf(() => verifyHistory(now.slice(0, 5), nine, five)).code).toBe('dropped-leaf');
    expect(refusalOf(() => verifyHistory(now, { ...nine, root: five.root }, nine)).code).toBe('forked-log');
  });

  it('when the log forked', () => {
    const other = { size: 5, root: treeOf(someHashes(5, 'other')).root() };
    expect(refusalOf(() => verifyConsistency(five, other, []))).toEqual({
      code: 'forked-log',
      message: 'There are two different roots of 5 leaves.',
    });
  });

  it('when a tree was made to look shorter', () => {
    // Two leaves that are the pairs of four: the second preimage that a tree without domain separation allows.
    const four = headOf(4);
    const pair = Buffer.concat([at(hashes, 0), at(hashes, 1)]);
    const beside = { index: 0, hashes: [nodeHash(at(hashes, 2), at(hashes, 3))] };
    expect(refusalOf(() => verifyLeaf(pair, beside, { ...four, size: 2 }))).toEqual({
      code: 'forged-tree',
      message: 'What is shown as leaf 0 of 2 is no record but the inside of a taller tree.',
    });
    expect(refusalOf(() => verifyLeaf(pair, beside, four))).toEqual({
      code: 'forged-tree',
      message:
        'From leaf 0 of 4 to the root it takes 2 hashes, and the proof has 1: it comes from a tree of another size.',
    });
    expect(refusalOf(() => verifyLeaf(at(leaves, 3), inclusion, { ...five, size: 3 }))).toEqual({
      code: 'forged-tree',
      message: 'The proof is about leaf 3, counted from 0, and the tree has only 3 leaves.',
    });
    expect(refusalOf(() => verifyConsistency(five, nine, tree.consistency(4, 9)))).toEqual({
      code: 'forged-tree',
      message: 'From 5 leaves to 9 it takes 5 hashes, and the proof has 2: it comes from trees of other sizes.',
    });
  });

  it('when a proof has more hashes than its way to the root', () => {
    const longer = { index: 3, hashes: [...inclusion.hashes, at(hashes, 9)] };
    verifyLeaf(at(leaves, 3), inclusion, five);
    expect(refusalOf(() => verifyLeaf(at(leaves, 3), longer, five))).toEqual({
      code: 'forged-tree',
      message:
        'From leaf 3 of 5 to the root it takes 3 hashes, and the proof has 4: it comes from a tree of another size.',
    });
    const proof = [...tree.consistency(5, 9), at(hashes, 9)];
    expect(refusalOf(() => verifyConsistency(five, nine, proof)).code).toBe('forged-tree');
    expect(refusalOf(() => verifyConsistency(five, five, [at(hashes, 9)])).code).toBe('forged-tree');
    expect(refusalOf(() => verifyConsistency(headOf(0), five, [at(hashes, 9)])).code).toBe('forged-tree');
  });

  it('but a record may be 64 bytes long', () => {
    const long = new Uint8Array(64).fill(7);
    const only = treeOf([leafHash(long), at(hashes, 0)]);
    verifyLeaf(long, { index: 0, hashes: only.inclusion(0) }, { size: 2, root: only.root() });
  });

  it('when it is no proof at all', () => {
    const short = new Uint8Array(31);
    expect(refusalOf(() => verifyInclusion(short, inclusion, five)).message).toBe('A hash is not 32 bytes long.');
    expect(refusalOf(() => verifyInclusion(at(hashes, 3), { ...inclusion, hashes: [short] }, five)).code).toBe(
      'malformed',
    );
    expect(refusalOf(() => verifyInclusion(at(hashes, 3), { ...inclusion, index: 0.5 }, five))).toEqual({
      code: 'malformed',
      message: '0.5 is no place in a tree.',
    });
    expect(refusalOf(() => verifyConsistency({ ...five, size: -1 }, nine, []))).toEqual({
      code: 'malformed',
      message: '-1 is no size of a tree.',
    });
    expect(refusalOf(() => verifyConsistency({ size: 0, root: five.root }, nine, []))).toEqual({
      code: 'changed-byte',
      message: 'The root of the empty log is not the hash of nothing.',
    });
  });
});
