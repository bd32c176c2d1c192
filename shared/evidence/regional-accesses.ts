import type { Checkpoint } from './checkpoint.ts';
import { type DayTree, dayTreeOf } from './day-tree.ts';
import { isKeyName } from './note-key.ts';

/*
 * What auditors asked of whole divisions is about no facility. On each day it makes a tree of its own, and the head of
 * that tree is a leaf of the log of the region, among the checkpoints of the facilities of that day.
 */

/** In place of a facility in the envelopes of these records: the tree is told by its origin, never by this word. */
export const ACCESSES = 'accesses';

/** Where and when something was asked. */
export interface AccessDay {
  readonly host: string;
  readonly region: string;
  /** `YYYY-MM-DD` in `zone`, the zone of the region. */
  readonly day: string;
  readonly zone: string;
}

/** By which the leaf is found in the region; no facility has a slash in its id. */
export const nameOfAccesses = ({ region, day }: Pick<AccessDay, 'region' | 'day'>): string =>
  `${ACCESSES}/${region}/${day}`;

/** `<host>/accesses/<region>/<day>`. */
const originOfAccesses = (of: AccessDay): string => {
  const origin = `${of.host}/${nameOfAccesses(of)}`;
  if (!isKeyName(origin)) throw new RangeError('no origin of a log');
  return origin;
};

/** The tree over these leaves, and its head as the region takes it in. Throws an `EvidenceError`, as `dayTreeOf` does. */
export const accessTreeOf = (
  of: AccessDay,
  leaves: readonly Uint8Array[],
): { readonly tree: DayTree; readonly head: Checkpoint } => {
  const tree = dayTreeOf({ facility: ACCESSES, day: of.day, zone: of.zone }, leaves);
  return { tree, head: { origin: originOfAccesses(of), size: tree.size, root: tree.root, extensions: [] } };
};
