import type { Checkpoint } from '../../evidence/checkpoint.ts';
import { emptyRange } from '../../evidence/compact-range.ts';
import { inclusionAfter } from '../../evidence/inclusion-after.ts';
import { originOfRegion } from '../../evidence/regional.ts';
import { formatTlogProof } from '../../evidence/tlog-proof.ts';
import type { LogHead, RegionalLeaf } from '../../ports/sealed-store.ts';
import type { BundleReads } from './stores.ts';

/** Without the log's past as a compact range, every leaf has to be read: so many, and no more. */
const MOST_LEAVES_READ = 50_000;

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** From where the leaves have to be read; absent = they are too many. */
const pastFor = ({ range, before }: LogHead, leaf: RegionalLeaf) => {
  if (before !== undefined && leaf.index >= before.size) return before;
  return range.size <= MOST_LEAVES_READ ? emptyRange : undefined;
};

/**
 * That the log of the region holds this checkpoint of the facility. Absent = it is not in it yet, or lies too far back
 * to be proved in one answer: then the bundle goes without, and its reader is told what that leaves open.
 */
export const regionalProofOf = async (
  { logs, logName, region }: BundleReads,
  facility: string,
  { size }: Checkpoint,
): Promise<Uint8Array | undefined> => {
  const leaf = await logs.readRegionalLeaf(region, facility, size);
  if (leaf === undefined) return undefined;
  const origin = originOfRegion(logName, region);
  const head = await logs.readHead(origin);
  if (head === undefined || leaf.index >= head.range.size) return undefined;
  const [past, checkpoint] = [pastFor(head, leaf), await logs.readCheckpoint(origin, head.range.size)];
  if (past === undefined || checkpoint === undefined) return undefined;
  const leaves = await logs.regionalLeaves(region, past.size, head.range.size);
  const hashes = [...leaves].sort((one, other) => one.index - other.index).map(({ leafHash }) => bytesOf(leafHash));
  return formatTlogProof({ index: leaf.index, hashes: inclusionAfter(past, hashes, leaf.index), checkpoint });
};
