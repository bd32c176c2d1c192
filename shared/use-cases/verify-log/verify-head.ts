import { HOUR_MS } from '../../domain/time.ts';
import { type Checkpoint, openCheckpoint } from '../../evidence/checkpoint.ts';
import { type CompactRange, rootOfRange } from '../../evidence/compact-range.ts';
import { keysFor } from '../../evidence/facility-log.ts';
import { sameBytes } from '../../evidence/merkle.ts';
import type { TreeHead } from '../../evidence/verify-merkle.ts';
import type { LogHead, VerifiedLog } from '../../ports/sealed-store.ts';
import { broken } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';

/** A head is signed right after it moved; whoever dies in between is followed up within minutes. */
const SIGNED_WITHIN_MS = 6 * HOUR_MS;

/** The tree that a log says it is. */
export const treeOfHead = (range: CompactRange): TreeHead => ({ size: range.size, root: rootOfRange(range) });

export const rootFrom = (hexadecimal: string): Uint8Array => new Uint8Array(Buffer.from(hexadecimal, 'hex'));

/**
 * That the log has not become shorter, nor another of the same length, since it was last found right. Whether it begins
 * as it did is seen from its leaves. Throws `dropped-leaf` or `forked-log`.
 */
export const requireNotRolledBack = (
  origin: string,
  now: TreeHead | undefined,
  then: VerifiedLog | undefined,
): void => {
  if (then === undefined) return;
  if (now === undefined || now.size < then.size) {
    broken(
      'dropped-leaf',
      `${origin} had ${then.size} leaves when it was last verified, and has ${now?.size ?? 0} now.`,
    );
  } else if (now.size === then.size && !sameBytes(now.root, rootFrom(then.root))) {
    broken('forked-log', `${origin} has ${now.size} leaves as it had then, and another root.`);
  }
};

/** The checkpoint of this size, once it is signed by a key of the log; `undefined` if there is none. */
export const checkpointAt = async (
  { logs, keys }: Pick<VerifierStores, 'logs' | 'keys'>,
  origin: string,
  size: number,
): Promise<Checkpoint | undefined> => {
  const note = await logs.readCheckpoint(origin, size);
  if (note === undefined) return undefined;
  const checkpoint = openCheckpoint(note, { origin, keys: keysFor(origin, keys) });
  if (checkpoint.size === size) return checkpoint;
  return broken('forged-tree', `The checkpoint of ${size} leaves of ${origin} is signed for ${checkpoint.size}.`);
};

/** That a signed root is that of the leaves that we have. Throws `forked-log`. */
export const requireSameTree = (checkpoint: Checkpoint, tree: TreeHead, day?: string): void => {
  if (sameBytes(checkpoint.root, tree.root)) return;
  broken('forked-log', `${checkpoint.origin} signed another root of ${tree.size} leaves than it has.`, day);
};

/**
 * That the head is what was signed. False = it is not signed yet, which is as it should be for a while after `grownAtMs`,
 * and the seal makes up for it. Throws `wrong-key`, `forked-log` and whatever else a checkpoint may be refused for.
 */
export const isSigned = async (
  stores: Pick<VerifierStores, 'logs' | 'keys'>,
  { origin, range, revision }: LogHead,
  grownAtMs: number,
  nowMs: number,
): Promise<boolean> => {
  const checkpoint = await checkpointAt(stores, origin, range.size);
  if (checkpoint !== undefined) {
    requireSameTree(checkpoint, treeOfHead(range));
    return true;
  }
  // A seal that catches up with days long past moves the head under our eyes.
  const again = await stores.logs.readHead(origin);
  if (again?.revision !== revision || nowMs - grownAtMs < SIGNED_WITHIN_MS) return false;
  return broken('dropped-leaf', `There is no checkpoint of the ${range.size} leaves of ${origin}.`);
};
