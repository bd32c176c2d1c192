import { civilDayInterval } from '../../domain/civil-day.ts';
import { appendLeaf, type CompactRange, emptyRange, rootOfRange } from '../../evidence/compact-range.ts';
import { sameBytes } from '../../evidence/merkle.ts';
import { originOfRegion } from '../../evidence/regional.ts';
import type { LogHead, RegionalLeaf, VerifiedLog } from '../../ports/sealed-store.ts';
import { broken } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';
import { verifyAccesses } from './verify-accesses.ts';
import type { Found } from './verify-facility-log.ts';
import { isSigned, requireNotRolledBack, rootFrom, treeOfHead } from './verify-head.ts';

/** Leaves that are read at once. */
const LEAVES_AT_ONCE = 2_000;

/**
 * Verifies the log of the region: signed, not shorter than it was, no leaf missing, and its leaves make its root and
 * begin with what was verified before; and of its last day what auditors asked. It has a leaf for each facility and
 * day, so that the leaves are only read where it grew, and only those of the new day if nothing else came since.
 */
export const verifyRegionLog = async (stores: VerifierStores, nowMs: number): Promise<Found> => {
  const origin = originOfRegion(stores.logName, stores.region);
  const then = await stores.logs.readVerified(origin);
  const head = await stores.logs.readHead(origin);
  requireNotRolledBack(origin, head && treeOfHead(head.range), then);
  if (head?.lastDay === undefined) return 'nothing-sealed';
  const { toMs } = civilDayInterval(head.lastDay, stores.zone);
  const signed = await isSigned(stores, head, toMs, nowMs);
  if (head.range.size !== then?.size) {
    await verifyLeaves(stores, head, then);
    await verifyAccesses(stores, head, head.lastDay);
  }
  if (!signed) return 'not-signed-yet';
  const root = Buffer.from(treeOfHead(head.range).root).toString('hex');
  await stores.logs.saveVerified(origin, { size: head.range.size, root, atMs: nowMs });
  return 'verified';
};

const isRootOf = (range: CompactRange, then: VerifiedLog): boolean =>
  range.size === then.size && sameBytes(rootOfRange(range), rootFrom(then.root));

/** From where leaves have to be read: after what was verified, if the log still has the hashes to go on from there. */
const startOf = ({ before }: LogHead, then: VerifiedLog | undefined): CompactRange =>
  then !== undefined && before !== undefined && isRootOf(before, then) ? before : emptyRange;

const verifyLeaves = async (
  { logs, region }: VerifierStores,
  head: LogHead,
  then: VerifiedLog | undefined,
): Promise<void> => {
  let range = startOf(head, then);
  while (range.size < head.range.size) {
    const end = Math.min(range.size + LEAVES_AT_ONCE, head.range.size);
    const page = await logs.regionalLeaves(region, range.size, end);
    for (const leaf of page) {
      range = appendNext(range, leaf);
      if (range.size === then?.size && !isRootOf(range, then)) {
        broken('rewritten-day', `The first ${then.size} leaves of ${head.origin} are not those that it had.`, leaf.day);
      }
    }
    if (range.size < end) {
      broken('dropped-leaf', `Leaf ${range.size} of ${head.origin} is missing.`, page.at(-1)?.day ?? head.lastDay);
    }
  }
  if (sameBytes(rootOfRange(range), rootOfRange(head.range))) return;
  broken('rewritten-day', `The ${head.range.size} leaves of ${head.origin} do not make its root.`, head.lastDay);
};

const appendNext = (range: CompactRange, { index, leafHash, day, facility }: RegionalLeaf): CompactRange => {
  if (index !== range.size) broken('dropped-leaf', `Leaf ${range.size} of the log of the region is missing.`, day);
  if (!/^[0-9a-f]{64}$/.test(leafHash)) broken('malformed', `The leaf of ${facility} has no hash.`, day);
  return appendLeaf(range, rootFrom(leafHash)).range;
};
