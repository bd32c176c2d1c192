import type { CompactRange } from './compact-range.ts';
import { hashOfSpan, inclusionPath, type NodeId, nodeHash, nodesOf } from './merkle.ts';

const nameOf = ({ level, index }: NodeId): string => `${level}/${index}`;

/**
 * That a leaf added after `before` is in the log as it stands once `added` were added: computed from the log's past as a
 * compact range and from what came since, without the leaves before it. A `RangeError` for a leaf of the past itself.
 */
export const inclusionAfter = (
  before: CompactRange,
  added: readonly Uint8Array[],
  index: number,
): readonly Uint8Array[] => {
  const size = before.size + added.length;
  if (!Number.isSafeInteger(index) || index < before.size || index >= size) {
    throw new RangeError(`${index} is not in ${before.size}…${size - 1}`);
  }
  const peaks = new Map(
    nodesOf({ from: 0, to: before.size }).map((node, at) => [nameOf(node), before.peaks[at] as Uint8Array]),
  );
  // A subtree to the left of a leaf that came later is a peak of the past, or is made of such peaks and of later leaves:
  // to go down from it never leads into a peak.
  const hashAt = (node: NodeId): Uint8Array => {
    const peak = peaks.get(nameOf(node));
    if (peak !== undefined) return peak;
    if (node.level === 0) return added[node.index - before.size] as Uint8Array;
    const [level, left] = [node.level - 1, 2 * node.index];
    return nodeHash(hashAt({ level, index: left }), hashAt({ level, index: left + 1 }));
  };
  return inclusionPath(index, size).map((span) => hashOfSpan(span, hashAt));
};
