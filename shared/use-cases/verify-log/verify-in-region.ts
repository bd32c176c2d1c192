import { civilDayInterval } from '../../domain/civil-day.ts';
import type { Checkpoint } from '../../evidence/checkpoint.ts';
import { leafHash } from '../../evidence/merkle.ts';
import { originOfRegion, regionalLeafOf } from '../../evidence/regional.ts';
import type { RegionalLeaf, VerifiedLog } from '../../ports/sealed-store.ts';
import { broken } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';
import { checkpointAt } from './verify-head.ts';

/** A log as it stands, in whose region its checkpoints are looked for. */
interface Grown {
  readonly facility: string;
  readonly origin: string;
  readonly size: number;
  /** What was verified before. */
  readonly then: VerifiedLog | undefined;
}

/**
 * That the log of the region has the newest checkpoint of a facility that it could have, and has it as we do. A day of
 * the region takes in whatever its facilities have by then: the log as it was when it was verified before the last of
 * these days ended has to be there. One leaf less is no finding, for a log that was not signed yet at that very moment
 * comes in a day later. Throws `unwitnessed` or `forked-log`.
 */
export const verifyInRegion = async (stores: VerifierStores, log: Grown): Promise<void> => {
  const { logs, logName, region, zone } = stores;
  const { facility, origin, size, then } = log;
  // The head first: the leaves of its days are put before it moves.
  const head = await logs.readHead(originOfRegion(logName, region));
  if (head?.lastDay === undefined) return;
  const { toMs } = civilDayInterval(head.lastDay, zone);
  // Whoever is verified in the hour of sealing was so last after that end, and before the day was closed.
  const before = [then, then?.earlier].find((one) => one !== undefined && one.atMs < toMs);
  const least = Math.max(1, Math.min(before?.size ?? size, size) - 1);
  for (let one = size; one >= least; one -= 1) {
    const leaf = await logs.readRegionalLeaf(region, facility, one);
    // Beyond the head: of a day that is being closed.
    if (leaf === undefined || leaf.index >= head.range.size) continue;
    const checkpoint = await checkpointAt(stores, origin, one);
    if (checkpoint !== undefined) return requireSameLeaf(stores, checkpoint, leaf);
  }
  if (before === undefined) return;
  broken(
    'unwitnessed',
    `${origin} had ${before.size} leaves before ${head.lastDay} ended, and ${head.origin} has no checkpoint of ${least} or more.`,
    head.lastDay,
  );
};

/** What is found by facility is what stands in the log, and both are the checkpoint that we have. */
const requireSameLeaf = async (
  { logs }: VerifierStores,
  checkpoint: Checkpoint,
  { region, index, leafHash: found, day }: RegionalLeaf,
): Promise<void> => {
  const due = Buffer.from(leafHash(regionalLeafOf(checkpoint))).toString('hex');
  const [inLog] = await logs.regionalLeaves(region, index, index + 1);
  if (found === due && inLog?.leafHash === due) return;
  const { origin, size } = checkpoint;
  broken('forked-log', `The log of the region has another checkpoint of ${size} leaves than ${origin}.`, day);
};
