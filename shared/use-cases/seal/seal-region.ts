import { addDays, civilDayInterval } from '../../domain/civil-day.ts';
import { type Checkpoint, openCheckpoint } from '../../evidence/checkpoint.ts';
import { emptyRange } from '../../evidence/compact-range.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { keysFor, originOfFacility } from '../../evidence/facility-log.ts';
import { leavesFile } from '../../evidence/leaves-file.ts';
import { leafHash } from '../../evidence/merkle.ts';
import type { NoteKey } from '../../evidence/note-key.ts';
import { appendRegionalDay, originOfRegion, regionalLeafOf } from '../../evidence/regional.ts';
import { ACCESSES, accessTreeOf } from '../../evidence/regional-accesses.ts';
import { nameOfRegion, parseRegionalDay, regionalDayFile } from '../../evidence/regional-day.ts';
import type { LogHead, SealedDay } from '../../ports/sealed-store.ts';
import { EVERY_DIVISION } from '../audit/own-records.ts';
import { inParallel } from '../in-parallel.ts';
import type { SealDeps, SealProgress } from './dependencies.ts';
import { everyFacility } from './every-facility.ts';
import { readSealed, signHead } from './grow-log.ts';
import { leafOfKept } from './read-day.ts';

/** So many facilities are looked at, at a time. */
const AT_ONCE = 16;
/** Fewer leaves are put at a time: they lie in one partition, which takes a thousand writes a second. */
const PUT_AT_ONCE = 8;

/**
 * Adds to the log of the region, day by day up to `day`, the checkpoints of its facilities. The first day is `day`
 * itself. `untilMs`: no further day is begun after it; at least one is.
 */
export const sealRegion = async (deps: SealDeps, day: string, untilMs: number): Promise<SealProgress> => {
  const origin = originOfRegion(deps.logName, deps.region);
  for (let sealed = 0; ; sealed += 1) {
    const head = await deps.logs.readHead(origin);
    if (head !== undefined) await signHead(deps, head);
    const next = head?.lastDay === undefined ? day : addDays(head.lastDay, 1);
    if (next > day) return 'done';
    if (sealed > 0 && deps.clock() >= untilMs) return 'more';
    await sealDay(deps, origin, head, next);
  }
};

/** The day is decided as one list, so that two runs that saw other facilities make the same leaves. */
const sealDay = async (deps: SealDeps, origin: string, head: LogHead | undefined, day: string): Promise<void> => {
  const { logs, region } = deps;
  const before = head?.range ?? emptyRange;
  const decided = (await logs.readDay(nameOfRegion(region), day)) ?? (await decideDay(deps, origin, before.size, day));
  const { checkpoints } = parseRegionalDay(await readSealed(deps, decided.statement));
  const { range, entries } = appendRegionalDay(before, checkpoints);
  const byOrigin = new Map(checkpoints.map((checkpoint) => [checkpoint.origin, checkpoint]));
  // Found by index and by facility before the head says that they are there. Dying among them: they are put again.
  await inParallel(entries, PUT_AT_ONCE, async ({ origin: of, index }) => {
    const checkpoint = byOrigin.get(of) as Checkpoint;
    const leaf = {
      region,
      index,
      facility: nameIn(deps, of),
      size: checkpoint.size,
      day,
      leafHash: Buffer.from(leafHash(regionalLeafOf(checkpoint))).toString('hex'),
    };
    const stands = await logs.decideRegionalLeaf(leaf);
    if (stands.leafHash === leaf.leafHash) return;
    throw new EvidenceError('forked-log', `Leaf ${index} of ${origin} is decided, and is not that of ${of}.`);
  });
  const next: LogHead = {
    origin,
    range,
    before,
    lastDay: day,
    last: decided.statement,
    revision: (head?.revision ?? 0) + 1,
  };
  // As for a facility: dying before it does the same again, dying after it leaves a head that the next run signs.
  if (await logs.saveHead(next)) await signHead(deps, next);
};

/** How a leaf is found: by the id of its facility, or by what follows the name of the log. */
const nameIn = ({ logName }: SealDeps, origin: string): string => {
  const ofFacilities = originOfFacility(logName, '');
  return origin.slice((origin.startsWith(ofFacilities) ? ofFacilities : `${logName}/`).length);
};

const decideDay = async (deps: SealDeps, origin: string, number: number, day: string): Promise<SealedDay> => {
  const { tree, head } = await accessesOf(deps, day);
  const asked = tree.size > 0;
  const checkpoints = [...(await checkpointsOf(deps, day)), ...(asked ? [head] : [])];
  const file = regionalDayFile({ region: origin, day, checkpoints });
  return deps.logs.decideDay({
    facility: nameOfRegion(deps.region),
    day,
    number,
    // Dying before the decision leaves objects that nothing names.
    statement: await deps.objects.put(file),
    ...(asked && { leaves: await deps.objects.put(leavesFile(tree.leaves)) }),
    leafHash: Buffer.from(leafHash(file)).toString('hex'),
  });
};

/** What auditors asked of whole divisions on that day. */
const accessesOf = async ({ evidence, logName, region, zone }: SealDeps, day: string) => {
  const kept = await evidence.digestsWithin(EVERY_DIVISION, civilDayInterval(day, zone));
  const leaves = kept.map((one) => leafOfKept({ ...one, facility: ACCESSES }));
  return accessTreeOf({ host: logName, region, day, zone }, leaves);
};

const checkpointsOf = async (deps: SealDeps, day: string): Promise<readonly Checkpoint[]> => {
  const { keys } = await deps.keys();
  // One that moved to another county meanwhile is listed twice.
  const found = new Map<string, Checkpoint>();
  for await (const { facilities } of everyFacility(deps.registry)) {
    await inParallel(facilities, AT_ONCE, async ({ id }) => {
      const checkpoint = await orRefused(deps, id, checkpointAt(deps, id, day, keys));
      if (checkpoint !== undefined) found.set(checkpoint.origin, checkpoint);
    });
  }
  return [...found.values()];
};

/** One facility whose log was tampered with must not keep the others out of theirs. A store in trouble stops them all. */
const orRefused = async (
  { tell }: SealDeps,
  facility: string,
  checkpoint: Promise<Checkpoint | undefined>,
): Promise<Checkpoint | undefined> => {
  try {
    return await checkpoint;
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    tell('checkpoint-refused', facility, cause);
    return undefined;
  }
};

/**
 * The checkpoint of a facility after a day. Of one that is behind, its last one unless the region has it already: it may
 * be the last that it ever makes. Of one whose newest is not signed at this moment, the one before it likewise.
 */
const checkpointAt = async (
  { logs, logName, region }: SealDeps,
  facility: string,
  day: string,
  keys: readonly NoteKey[],
): Promise<Checkpoint | undefined> => {
  const origin = originOfFacility(logName, facility);
  const head = await logs.readHead(origin);
  if (head?.lastDay === undefined) return undefined;
  const isBehind = head.lastDay < day;
  const size = isBehind ? head.range.size : await sizeAfter(logs, facility, head, day);
  if (size === undefined) return undefined;
  const isThere = async (one: number) => (await logs.readRegionalLeaf(region, facility, one)) !== undefined;
  if (isBehind && (await isThere(size))) return undefined;
  const newest = await logs.readCheckpoint(origin, size);
  const note = newest ?? ((await isThere(size - 1)) ? undefined : await logs.readCheckpoint(origin, size - 1));
  return note && openCheckpoint(note, { origin, keys: keysFor(origin, keys) });
};

/** Absent = its log begins after that day. */
const sizeAfter = async (
  logs: SealDeps['logs'],
  facility: string,
  head: LogHead,
  day: string,
): Promise<number | undefined> => {
  if (head.lastDay === day) return head.range.size;
  const sealed = await logs.readDay(facility, day);
  return sealed && sealed.number + 1;
};
