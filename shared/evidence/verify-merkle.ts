import { EvidenceError } from './evidence-error.ts';
import {
  consistencyPath,
  emptyRoot,
  HASH_BYTES,
  inclusionPath,
  leafHash,
  nodeHash,
  sameBytes,
  splitOf,
  treeOf,
} from './merkle.ts';

/*
 * The questions that an auditor asks of a tree. Each returns if the answer is yes and throws an `EvidenceError` otherwise:
 * a boolean can be forgotten.
 */

/** A root and the number of leaves that it stands for; the one without the other proves little. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** What an auditor was given about one leaf. */
export interface Inclusion {
  /** Counted from 0. */
  readonly index: number;
  /** From the leaf's neighbour up to the child of the root. */
  readonly hashes: readonly Uint8Array[];
}

const requireCount = (value: number, what: string): void => {
  if (!Number.isSafeInteger(value) || value < 0) throw new EvidenceError('malformed', `${value} is no ${what}.`);
};

const requireHashes = (hashes: readonly Uint8Array[]): void => {
  if (hashes.some(({ length }) => length !== HASH_BYTES)) {
    throw new EvidenceError('malformed', `A hash is not ${HASH_BYTES} bytes long.`);
  }
};

const requireHead = ({ size, root }: TreeHead): void => {
  requireCount(size, 'size of a tree');
  requireHashes([root]);
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const hashes = (count: number): string => counted(count, 'hash', 'hashes');
const leaves = (count: number): string => counted(count, 'leaf', 'leaves');

/** Deals out the hashes of a proof in their order; how many there are was checked before. */
const dealer = (proof: readonly Uint8Array[]): (() => Uint8Array) => {
  let next = 0;
  return () => proof[next++] as Uint8Array;
};

/** The root that a proof leads to from the leaf at `index`, by the very descent that made the proof. */
const rootFrom = (leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[]): Uint8Array => {
  const take = dealer(proof);
  const climb = (at: number, count: number): Uint8Array => {
    if (count === 1) return leaf;
    const half = splitOf(count);
    if (at < half) return nodeHash(climb(at, half), take());
    const right = climb(at - half, count - half);
    return nodeHash(take(), right);
  };
  return climb(index, size);
};

const requireShape = ({ index, hashes: proof }: Inclusion, { size }: TreeHead): void => {
  requireCount(index, 'place in a tree');
  requireHashes(proof);
  if (index >= size) {
    throw new EvidenceError(
      'forged-tree',
      `The proof is about leaf ${index}, counted from 0, and the tree has only ${leaves(size)}.`,
    );
  }
  const due = inclusionPath(index, size).length;
  if (proof.length !== due) {
    throw new EvidenceError(
      'forged-tree',
      `From leaf ${index} of ${size} to the root it takes ${hashes(due)}, and the proof has ${proof.length}: it comes from a tree of another size.`,
    );
  }
};

/** That a leaf of this hash stands at this place of the tree. Prefer `verifyLeaf` where its bytes are at hand. */
export const verifyInclusion = (leaf: Uint8Array, proof: Inclusion, head: TreeHead): void => {
  requireHead(head);
  requireHashes([leaf]);
  requireShape(proof, head);
  if (sameBytes(rootFrom(leaf, proof.index, head.size, proof.hashes), head.root)) return;
  throw new EvidenceError(
    'changed-byte',
    `Leaf ${proof.index} of ${head.size} does not lead to the root: the record, its place, its proof or the root was changed.`,
  );
};

/** An inner node, shown as though it were a record: it leads to the root only if it is hashed as a pair. */
const isInsideOfTree = (bytes: Uint8Array, { index, hashes: proof }: Inclusion, { size, root }: TreeHead): boolean =>
  bytes.length === 2 * HASH_BYTES &&
  sameBytes(rootFrom(nodeHash(bytes.subarray(0, HASH_BYTES), bytes.subarray(HASH_BYTES)), index, size, proof), root);

/** That these very bytes are the leaf at this place of the tree. */
export const verifyLeaf = (bytes: Uint8Array, proof: Inclusion, head: TreeHead): void => {
  requireHead(head);
  requireShape(proof, head);
  if (isInsideOfTree(bytes, proof, head)) {
    throw new EvidenceError(
      'forged-tree',
      `What is shown as leaf ${proof.index} of ${head.size} is no record but the inside of a taller tree.`,
    );
  }
  verifyInclusion(leafHash(bytes), proof, head);
};

/** That these are all the leaves of the tree, none missing, none added, in their order. */
export const verifyWholeTree = (leafHashes: readonly Uint8Array[], head: TreeHead): void => {
  requireHead(head);
  requireHashes(leafHashes);
  if (leafHashes.length < head.size) {
    throw new EvidenceError(
      'dropped-leaf',
      `Counted when it was sealed: ${leaves(head.size)}. Shown: ${leafHashes.length}.`,
    );
  }
  if (leafHashes.length > head.size) {
    throw new EvidenceError(
      'added-leaf',
      `Counted when it was sealed: ${leaves(head.size)}. Shown: ${leafHashes.length}.`,
    );
  }
  if (sameBytes(treeOf(leafHashes).root(), head.root)) return;
  throw new EvidenceError(
    'changed-byte',
    `The root over the ${leaves(head.size)} is not the one that was sealed: a leaf was changed, exchanged or moved.`,
  );
};

/** The roots of then and of now, as the proof has them. */
const rootsFrom = (
  older: TreeHead,
  newer: TreeHead,
  proof: readonly Uint8Array[],
): readonly [Uint8Array, Uint8Array] => {
  const take = dealer(proof);
  const climb = (then: number, now: number, isOlderTree: boolean): readonly [Uint8Array, Uint8Array] => {
    if (then === now) {
      const both = isOlderTree ? older.root : take();
      return [both, both];
    }
    const half = splitOf(now);
    if (then <= half) {
      const [was, is] = climb(then, half, isOlderTree);
      return [was, nodeHash(is, take())];
    }
    const [was, is] = climb(then - half, now - half, false);
    const left = take();
    return [nodeHash(left, was), nodeHash(left, is)];
  };
  return climb(older.size, newer.size, true);
};

const requireGrowth = (older: TreeHead, newer: TreeHead): void => {
  if (newer.size < older.size) {
    throw new EvidenceError('dropped-leaf', `The log had ${leaves(older.size)} and has ${newer.size} now.`);
  }
  if (newer.size === older.size && !sameBytes(newer.root, older.root)) {
    throw new EvidenceError('forked-log', `There are two different roots of ${leaves(older.size)}.`);
  }
  if (older.size === 0 && !sameBytes(older.root, emptyRoot())) {
    throw new EvidenceError('changed-byte', 'The root of the empty log is not the hash of nothing.');
  }
};

/** That the log of then is the beginning of the log of now: nothing was changed, taken out or put in between. */
export const verifyConsistency = (older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): void => {
  requireHead(older);
  requireHead(newer);
  requireHashes(proof);
  requireGrowth(older, newer);
  const due = consistencyPath(older.size, newer.size).length;
  if (proof.length !== due) {
    throw new EvidenceError(
      'forged-tree',
      `From ${leaves(older.size)} to ${newer.size} it takes ${hashes(due)}, and the proof has ${proof.length}: it comes from trees of other sizes.`,
    );
  }
  if (older.size === 0) return;
  const [was, is] = rootsFrom(older, newer, proof);
  if (sameBytes(was, older.root) && sameBytes(is, newer.root)) return;
  throw new EvidenceError(
    'rewritten-day',
    `What the log held at ${leaves(older.size)} is not what it begins with at ${newer.size}, or the proof was changed.`,
  );
};

/**
 * The same from all leaves of the log of now, without a proof that could be at fault: what this refuses as `rewritten-day`
 * or `dropped-leaf` was done to the log, once both heads are known to be signed by it.
 */
export const verifyHistory = (leafHashes: readonly Uint8Array[], older: TreeHead, newer: TreeHead): void => {
  requireHead(older);
  verifyWholeTree(leafHashes, newer);
  requireGrowth(older, newer);
  if (sameBytes(treeOf(leafHashes).root(older.size), older.root)) return;
  throw new EvidenceError(
    'rewritten-day',
    `The first ${leaves(older.size)} of the ${newer.size} in the log are not those that it held then.`,
  );
};
