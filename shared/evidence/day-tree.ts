import { civilDayInterval } from '../domain/civil-day.ts';
import { EvidenceError } from './evidence-error.ts';
import { type Envelope, parseLeaf } from './leaf.ts';
import { leafHash, type MerkleTree, treeOf } from './merkle.ts';
import { type TreeHead, verifyWholeTree } from './verify-merkle.ts';

/** Whose tree, and of which local day. */
export interface DayOf {
  readonly facility: string;
  /** `YYYY-MM-DD` in `zone`. */
  readonly day: string;
  readonly zone: string;
}

/** All that was received of one facility on one local day. */
export interface DayTree extends TreeHead {
  /** In the order of the tree. */
  readonly leaves: readonly Uint8Array[];
  readonly tree: MerkleTree;
}

interface Placed {
  readonly leaf: Uint8Array;
  readonly envelope: Envelope;
}

/** Unique, and in the order that any two machines agree on: when it was received, then id, then kind. */
const orderKeyOf = ({ receivedAt, id, kind }: Envelope): string => `${receivedAt} ${id} ${kind}`;

const byOrder = (one: Placed, other: Placed): number => {
  const [left, right] = [orderKeyOf(one.envelope), orderKeyOf(other.envelope)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** That the record belongs to this facility and was received on this day. Throws `wrong-origin` or `malformed`. */
export const requireOfDay = ({ facility, kind, id, receivedAt }: Envelope, of: DayOf): void => {
  if (facility !== of.facility) {
    throw new EvidenceError('wrong-origin', `${kind} ${id} is a record of ${facility}, not of ${of.facility}.`);
  }
  const { fromMs, toMs } = civilDayInterval(of.day, of.zone);
  const atMs = Date.parse(receivedAt);
  if (atMs < fromMs || atMs >= toMs) {
    throw new EvidenceError('malformed', `${kind} ${id} was received at ${receivedAt}, which is not on ${of.day}.`);
  }
};

const requireOrder = (placed: readonly Placed[]): void => {
  const wrong = placed.find((one, at) => {
    const before = placed[at - 1];
    return before !== undefined && byOrder(before, one) >= 0;
  });
  if (wrong === undefined) return;
  throw new EvidenceError(
    'malformed',
    `${wrong.envelope.kind} ${wrong.envelope.id} is there twice, or not in the order of its day.`,
  );
};

/**
 * The tree over these leaves, in whatever order they come. Throws an `EvidenceError` for a record of another facility or
 * day, or one that is there twice: sealed, it could never be mended.
 */
export const dayTreeOf = (of: DayOf, leaves: readonly Uint8Array[]): DayTree => {
  const placed = leaves.map((leaf) => ({ leaf, envelope: parseLeaf(leaf) })).sort(byOrder);
  for (const { envelope } of placed) requireOfDay(envelope, of);
  requireOrder(placed);
  const ordered = placed.map(({ leaf }) => leaf);
  const tree = treeOf(ordered.map(leafHash));
  return { leaves: ordered, tree, size: tree.size, root: tree.root() };
};

/**
 * That these are all the records of the day, none missing, none added, in their order, and nobody else's. Throws an
 * `EvidenceError`.
 */
export const verifyDayTree = (of: DayOf, leaves: readonly Uint8Array[], head: TreeHead): readonly Envelope[] => {
  verifyWholeTree(leaves.map(leafHash), head);
  const placed = leaves.map((leaf) => ({ leaf, envelope: parseLeaf(leaf) }));
  for (const { envelope } of placed) requireOfDay(envelope, of);
  requireOrder(placed);
  return placed.map(({ envelope }) => envelope);
};
