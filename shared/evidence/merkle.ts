import { createHash } from 'node:crypto';

/*
 * The Merkle tree of RFC 6962 §2.1, for the day tree, the log of a facility and the regional log. A leaf is hashed behind
 * 0x00 and a pair behind 0x01, so that nobody can pass the inside of a tree off as a leaf: without that, four leaves have
 * the same root as two leaves made of their pairs. The root does not say how many leaves there are; whoever keeps a root
 * keeps its size beside it, under one signature (checkpoint.ts) or in one sealed statement.
 */

/** SHA-256. */
export const HASH_BYTES = 32;

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** The hash of what a leaf holds: of its stored bytes, never of bytes that were written anew. */
export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(LEAF, leaf);

/** The hash of two subtrees, left and right. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(NODE, left, right);

/** The root of a tree without leaves: the hash of nothing. A fresh copy, because bytes can be written to. */
export const emptyRoot = (): Uint8Array => sha256();

/** Same length, same bytes. */
export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** Leaves `[from, to)` of a tree. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the tree over `count` ≥ 2 leaves divides: the largest power of two below the count. */
export const splitOf = (count: number): number => {
  let half = 1;
  // Not `<<`: that has 32 bits, and a log may be longer. At most 52 turns.
  while (half * 2 < count) half *= 2;
  return half;
};

/** The subtrees beside the way from a leaf to the root, from the leaf on: RFC 6962 §2.1.1. `index` < `size`. */
export const inclusionPath = (index: number, size: number): readonly Span[] => {
  const descend = (from: number, to: number): readonly Span[] => {
    if (to - from <= 1) return [];
    const middle = from + splitOf(to - from);
    return index < middle
      ? [...descend(from, middle), { from: middle, to }]
      : [...descend(middle, to), { from, to: middle }];
  };
  return descend(0, size);
};

/**
 * The subtrees that show that the tree of `older` leaves is the beginning of the tree of `newer` leaves: RFC 6962 §2.1.2.
 * `older` ≤ `newer`; nothing is needed from the empty tree, nor from a tree to itself.
 */
export const consistencyPath = (older: number, newer: number): readonly Span[] => {
  const descend = (from: number, to: number, isOlderTree: boolean): readonly Span[] => {
    if (older === to) return isOlderTree ? [] : [{ from, to }];
    const middle = from + splitOf(to - from);
    return older <= middle
      ? [...descend(from, middle, isOlderTree), { from: middle, to }]
      : [...descend(middle, to, false), { from, to: middle }];
  };
  return older === 0 ? [] : descend(0, newer, true);
};

/** A complete subtree: `2^level` leaves, the first of which is `index · 2^level`. These never change once they are whole. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/**
 * The complete subtrees that make up a span, from left to right, the widest first. The span has to be a subtree of the
 * tree itself, as all spans of the two paths are: then what begins at `from` may be as wide as fits.
 */
export const nodesOf = ({ from, to }: Span): readonly NodeId[] => {
  const nodes: NodeId[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    let width = 1;
    while (at + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
};

/** The root over complete subtrees, given from left (the widest) to right. */
export const rootOfPeaks = (peaks: readonly Uint8Array[]): Uint8Array =>
  peaks.length === 0 ? emptyRoot() : peaks.reduceRight((right, left) => nodeHash(left, right));

/**
 * The hash of a subtree, from the complete subtrees that it is made of. With `inclusionPath` and `consistencyPath` a proof
 * is made from stored nodes (`path.flatMap(nodesOf)` names them), however long the log is.
 */
export const hashOfSpan = (span: Span, nodeAt: (node: NodeId) => Uint8Array): Uint8Array =>
  rootOfPeaks(nodesOf(span).map(nodeAt));

/** A tree in memory. Each method throws a `RangeError` on a place or size that the tree does not have: a fault of ours. */
export interface MerkleTree {
  readonly size: number;
  /** Of the first `size` leaves; of all of them if absent. */
  root(size?: number): Uint8Array;
  /** That the leaf at `index` is in the tree of `size` leaves. */
  inclusion(index: number, size?: number): readonly Uint8Array[];
  /** That the tree of `older` leaves is the beginning of the one of `newer` leaves. */
  consistency(older: number, newer?: number): readonly Uint8Array[];
}

const requireWithin = (value: number, most: number): void => {
  if (!Number.isSafeInteger(value) || value < 0 || value > most) throw new RangeError(`${value} is not in 0…${most}`);
};

/** Each level halves the one below it; a node without a neighbour waits for the one that a later leaf brings. */
const levelsOver = (leafHashes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] => {
  const levels = [leafHashes];
  for (let below = leafHashes; below.length > 1; ) {
    const level: Uint8Array[] = [];
    for (let at = 0; at + 1 < below.length; at += 2) {
      level.push(nodeHash(below[at] as Uint8Array, below[at + 1] as Uint8Array));
    }
    levels.push(level);
    below = level;
  }
  return levels;
};

/** Hashes each pair once; then any root and any proof of any size up to the whole costs some tens of hashes. */
export const treeOf = (leafHashes: readonly Uint8Array[]): MerkleTree => {
  const levels = levelsOver(leafHashes);
  const { length: whole } = leafHashes;

  const hashOf = (span: Span): Uint8Array =>
    hashOfSpan(span, ({ level, index }) => levels[level]?.[index] as Uint8Array);

  return {
    size: whole,
    root: (size = whole) => {
      requireWithin(size, whole);
      return hashOf({ from: 0, to: size });
    },
    inclusion: (index, size = whole) => {
      requireWithin(size, whole);
      requireWithin(index, size - 1);
      return inclusionPath(index, size).map(hashOf);
    },
    consistency: (older, newer = whole) => {
      requireWithin(newer, whole);
      requireWithin(older, newer);
      return consistencyPath(older, newer).map(hashOf);
    },
  };
};
