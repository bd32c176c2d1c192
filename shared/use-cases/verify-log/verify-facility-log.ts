import { civilDayInterval } from '../../domain/civil-day.ts';
import { DAY_MS } from '../../domain/time.ts';
import { originOfFacility } from '../../evidence/facility-log.ts';
import { sameBytes, treeOf } from '../../evidence/merkle.ts';
import { verifyHistory } from '../../evidence/verify-merkle.ts';
import type { LogHead, SealedDay, VerifiedLog } from '../../ports/sealed-store.ts';
import { broken, onDay } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';
import { daysOf, OBJECTS_EVERY_DAYS, readDays } from './verify-days.ts';
import { checkpointAt, isSigned, requireNotRolledBack, requireSameTree, rootFrom, treeOfHead } from './verify-head.ts';
import { verifyInRegion } from './verify-in-region.ts';
import { verifyRecords } from './verify-records.ts';

/** The records of a day of long ago were compared many times, and are removed when their time is over. */
const RECORDS_FOR_MS = 30 * DAY_MS;

/** What there is of a log that is in order. */
export type Found = 'verified' | 'nothing-sealed' | 'not-signed-yet';

/**
 * Verifies the log of one facility against everything that it rests on. Throws an `EvidenceError` at the first thing that
 * is not as it was sealed, and `UnavailableError` where it could not look. Dying anywhere is harmless: the mark of what
 * was found right moves last.
 */
export const verifyFacilityLog = async (stores: VerifierStores, facility: string, nowMs: number): Promise<Found> => {
  const origin = originOfFacility(stores.logName, facility);
  // The mark first: a log that grows in between is longer than its mark, never shorter.
  const then = await stores.logs.readVerified(origin);
  const head = await stores.logs.readHead(origin);
  requireNotRolledBack(origin, head && treeOfHead(head.range), then);
  if (head === undefined || head.range.size === 0) return 'nothing-sealed';

  const days = await daysOf(stores, facility, head);
  const turn = Math.floor(nowMs / DAY_MS) % OBJECTS_EVERY_DAYS;
  const isDue = (number: number): boolean => number >= (then?.size ?? 0) || number % OBJECTS_EVERY_DAYS === turn;
  const newest = await readDays(stores, days, isDue);
  if (newest === undefined) throw new Error('a log with leaves has a newest day');

  const { day, zone } = newest.statement;
  const { toMs } = civilDayInterval(day, zone);
  const signed = await isSigned(stores, head, toMs, nowMs);
  await verifyTree(stores, head, days, then, isDue);
  if (nowMs - toMs < RECORDS_FOR_MS) {
    await onDay(day, () => verifyRecords(stores, { place: facility, day, zone, leaves: newest.leaves }));
  }
  await verifyInRegion(stores, { facility, origin, size: head.range.size, then });
  if (!signed) return 'not-signed-yet';
  const root = Buffer.from(treeOfHead(head.range).root).toString('hex');
  const earlier = then && { size: then.size, atMs: then.atMs };
  await stores.logs.saveVerified(origin, { size: head.range.size, root, atMs: nowMs, ...(earlier && { earlier }) });
  return 'verified';
};

/**
 * That the days make the tree of the head, that they begin with what was verified before, and that what was signed of
 * them on the way is theirs too.
 */
const verifyTree = async (
  stores: VerifierStores,
  { origin, range }: LogHead,
  days: readonly SealedDay[],
  then: VerifiedLog | undefined,
  isDue: (number: number) => boolean,
): Promise<void> => {
  const hashes = days.map((day) => rootFrom(day.leafHash));
  const head = treeOfHead(range);
  const tree = treeOf(hashes);
  if (!sameBytes(tree.root(), head.root)) {
    broken('rewritten-day', `The ${head.size} days of ${origin} do not make its root: at least one was rewritten.`);
  }
  if (then !== undefined) verifyHistory(hashes, { size: then.size, root: rootFrom(then.root) }, head);
  for (const { day, number } of days.filter(({ number }) => isDue(number))) {
    await onDay(day, async () => {
      const size = number + 1;
      const checkpoint = await checkpointAt(stores, origin, size);
      if (checkpoint !== undefined) requireSameTree(checkpoint, { size, root: tree.root(size) });
    });
  }
};
