import { createHash } from 'node:crypto';
import { civilDayInterval } from '../../shared/domain/civil-day.ts';
import { type Checkpoint, signCheckpoint } from '../../shared/evidence/checkpoint.ts';
import { type CompactRange, emptyRange } from '../../shared/evidence/compact-range.ts';
import type { EvidenceKind } from '../../shared/evidence/evidence-kinds.ts';
import {
  appendStatement,
  checkpointOf,
  emptyFacilityLog,
  type FacilityLog,
} from '../../shared/evidence/facility-log.ts';
import { parseLeaf } from '../../shared/evidence/leaf.ts';
import { leavesFile } from '../../shared/evidence/leaves-file.ts';
import { leafHash } from '../../shared/evidence/merkle.ts';
import { appendRegionalDay, originOfRegion, regionalLeafOf } from '../../shared/evidence/regional.ts';
import { nameOfRegion, regionalDayFile } from '../../shared/evidence/regional-day.ts';
import { addressOf } from '../../shared/evidence/statement.ts';
import { host, keptOf, sealedDays, signer, type WorldOptions, zone } from './bundle-world.ts';
import { memorySealedObjects } from './memory/sealed-objects.ts';
import { memoryEvidenceStore, memoryLogStore, memoryRegistryStore } from './memory-stores.ts';
import { nursery } from './nursery.ts';

export const region = '3212';
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const addressOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface SealedFacility extends Omit<WorldOptions, 'facility' | 'firstDay'> {
  readonly id: string;
}

/**
 * The stores of a stack after its seal: each facility has this many days in its log, the last of them closed in the
 * region, day by day.
 */
export const sealedWorld = async (facilities: readonly SealedFacility[], firstDay = '2026-11-01') => {
  const [logs, objects, evidence, registry] = [
    memoryLogStore(),
    memorySealedObjects(),
    memoryEvidenceStore(),
    memoryRegistryStore(),
  ];
  const checkpoints = new Map<string, Checkpoint[]>();
  for (const { id, ...options } of facilities) {
    await registry.putFacility(nursery(id));
    let log: FacilityLog = emptyFacilityLog(host, id);
    for (const [number, { day, statement, tree, contents }] of sealedDays({
      ...options,
      facility: id,
      firstDay,
    }).entries()) {
      for (const leaf of tree.leaves) {
        const { kind, id: record, receivedAt } = parseLeaf(leaf);
        const content = contents.get(Buffer.from(leaf).toString());
        if (content === undefined) throw new Error('a leaf without a record');
        const place = { facility: id, kind: kind as EvidenceKind, id: record, receivedAtMs: Date.parse(receivedAt) };
        await evidence.put({ ...place, ...keptOf(content) });
      }
      log = appendStatement(log, statement).log;
      await objects.put(statement);
      await logs.decideDay({
        facility: id,
        day,
        number,
        statement: addressOf(statement),
        ...(tree.size > 0 && { leaves: await objects.put(leavesFile(tree.leaves)) }),
        leafHash: hex(leafHash(statement)),
      });
      const { origin, range } = log;
      await logs.saveHead({ origin, range, lastDay: day, last: addressOf(statement), revision: number + 1 });
      const checkpoint = checkpointOf(log);
      await logs.decideCheckpoint(origin, range.size, await signCheckpoint(checkpoint, [signer]));
      checkpoints.set(day, [...(checkpoints.get(day) ?? []), checkpoint]);
    }
  }
  await sealRegion(logs, objects, checkpoints);
  return { logs, objects, evidence, registry };
};

export type SealedWorld = Awaited<ReturnType<typeof sealedWorld>>;

const sealRegion = async (
  logs: SealedWorld['logs'],
  objects: SealedWorld['objects'],
  checkpoints: ReadonlyMap<string, readonly Checkpoint[]>,
): Promise<void> => {
  const origin = originOfRegion(host, region);
  let range: CompactRange = emptyRange;
  for (const [at, [day, all]] of [...checkpoints].sort(([a], [b]) => (a < b ? -1 : 1)).entries()) {
    const before = range;
    const grown = appendRegionalDay(before, all);
    for (const { origin: of, index } of grown.entries) {
      const checkpoint = all.find((one) => one.origin === of);
      if (checkpoint === undefined) throw new Error('an entry without a checkpoint');
      const facility = of.slice(`${host}/f/`.length);
      const hash = hex(leafHash(regionalLeafOf(checkpoint)));
      await logs.decideRegionalLeaf({ region, index, facility, size: checkpoint.size, day, leafHash: hash });
    }
    range = grown.range;
    const file = regionalDayFile({ region: origin, day, checkpoints: all });
    const last = await objects.put(file);
    const number = before.size;
    await logs.decideDay({
      facility: nameOfRegion(region),
      day,
      number,
      statement: last,
      leafHash: hex(leafHash(file)),
    });
    await logs.saveHead({ origin, range, lastDay: day, last, before, revision: at + 1 });
    await logs.decideCheckpoint(origin, range.size, await signCheckpoint(checkpointOf({ origin, range }), [signer]));
  }
};

/** An hour after the end of a day. */
export const hourAfter = (day: string): number => civilDayInterval(day, zone).toMs + 3_600_000;
