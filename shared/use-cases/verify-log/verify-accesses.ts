import { emptyRange, rootOfRange } from '../../evidence/compact-range.ts';
import { parseLeavesFile } from '../../evidence/leaves-file.ts';
import { leafHash, sameBytes } from '../../evidence/merkle.ts';
import { regionalLeafOf } from '../../evidence/regional.ts';
import { ACCESSES, accessTreeOf, nameOfAccesses } from '../../evidence/regional-accesses.ts';
import { nameOfRegion, parseRegionalDay } from '../../evidence/regional-day.ts';
import type { LogHead } from '../../ports/sealed-store.ts';
import { EVERY_DIVISION } from '../audit/own-records.ts';
import { broken, onDay } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';
import { objectOf } from './verify-days.ts';
import { rootFrom } from './verify-head.ts';
import { verifyRecords } from './verify-records.ts';

/**
 * That what is kept of the questions about whole divisions, of the last day of the region, is what its log has of them.
 * Throws an `EvidenceError`.
 */
export const verifyAccesses = (stores: VerifierStores, { origin: log, last }: LogHead, day: string): Promise<void> =>
  onDay(day, async () => {
    const { logs, region, zone } = stores;
    const of = { host: stores.logName, region, day, zone };
    const [sealed] = await logs.days(nameOfRegion(region), day, day);
    if (sealed === undefined || sealed.statement !== last) {
      return broken('rewritten-day', `The day is not the one that ${log} was closed with.`);
    }
    const { checkpoints } = parseRegionalDay(await objectOf(stores, sealed.statement, 'day of the region'));
    const leaves = sealed.leaves === undefined ? [] : parseLeavesFile(await objectOf(stores, sealed.leaves, ACCESSES));
    const { head } = accessTreeOf(of, leaves);
    const stated = checkpoints.find(({ origin }) => origin === head.origin);
    if (!sameBytes(stated?.root ?? rootOfRange(emptyRange), head.root)) {
      return broken('changed-byte', `The ${leaves.length} leaves of ${head.origin} are not those that were sealed.`);
    }
    if (stated !== undefined) {
      const leaf = await logs.readRegionalLeaf(region, nameOfAccesses(of), stated.size);
      const [inLog] = leaf === undefined ? [] : await logs.regionalLeaves(region, leaf.index, leaf.index + 1);
      if (inLog === undefined || !sameBytes(rootFrom(inLog.leafHash), leafHash(regionalLeafOf(stated)))) {
        return broken('forked-log', `${log} does not have ${head.origin} as its day has it.`);
      }
    }
    return verifyRecords(stores, { place: EVERY_DIVISION, day, zone, leaves });
  });
