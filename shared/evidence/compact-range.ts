import { EvidenceError } from './evidence-error.ts';
import { HASH_BYTES, type NodeId, nodeHash, nodesOf, rootOfPeaks } from './merkle.ts';

/**
 * All that a log has to keep of its past to grow: the roots of its complete subtrees, the widest first, one for each 1 in
 * the size written in binary. Twenty hashes stand for a million leaves.
 */
export interface CompactRange {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

/** A subtree that an append completed. It never changes again, so it may be stored under its name. */
export interface CompletedNode extends NodeId {
  readonly hash: Uint8Array;
}

/** The log without leaves. */
export const emptyRange: CompactRange = { size: 0, peaks: [] };

const peaksIn = (size: number): number => nodesOf({ from: 0, to: size }).length;

/** What was stored, as a range. Throws `malformed` if that many hashes cannot be the past of so many leaves. */
export const rangeOf = (size: number, peaks: readonly Uint8Array[]): CompactRange => {
  if (!Number.isSafeInteger(size) || size < 0) throw new EvidenceError('malformed', `${size} is no size of a log.`);
  if (peaks.length !== peaksIn(size)) {
    throw new EvidenceError(
      'malformed',
      `Hashes that a log of size ${size} goes on from: ${peaksIn(size)}. Kept: ${peaks.length}.`,
    );
  }
  if (peaks.some(({ length }) => length !== HASH_BYTES)) {
    throw new EvidenceError('malformed', `A hash that the log is continued from is not ${HASH_BYTES} bytes long.`);
  }
  return { size, peaks };
};

/**
 * The log with one more leaf, and the subtrees that became whole, the leaf itself first. Costs as many hashes as the size
 * ends in binary ones: one on average, twenty at most in a log of a million.
 */
export const appendLeaf = (
  { size, peaks }: CompactRange,
  leaf: Uint8Array,
): { readonly range: CompactRange; readonly completed: readonly CompletedNode[] } => {
  const left = [...peaks];
  const completed: CompletedNode[] = [{ level: 0, index: size, hash: leaf }];
  let top = leaf;
  let index = size;
  for (let level = 1; index % 2 === 1; level += 1) {
    top = nodeHash(left.pop() as Uint8Array, top);
    index = (index - 1) / 2;
    completed.push({ level, index, hash: top });
  }
  return { range: { size: size + 1, peaks: [...left, top] }, completed };
};

/** The root of the log as it stands. */
export const rootOfRange = ({ peaks }: CompactRange): Uint8Array => rootOfPeaks(peaks);
