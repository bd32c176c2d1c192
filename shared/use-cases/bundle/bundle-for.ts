import { NotSealedYetError } from '../../domain/errors.ts';
import type { Facility } from '../../domain/facility.ts';
import type { Bundle, BundledStatement, EarlierCheckpoint } from '../../evidence/bundle.ts';
import { type Checkpoint, parseCheckpoint } from '../../evidence/checkpoint.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { keysFor, originOfFacility } from '../../evidence/facility-log.ts';
import { leafHash, type MerkleTree, treeOf } from '../../evidence/merkle.ts';
import { formatNoteKey } from '../../evidence/note-key.ts';
import { originOfRegion } from '../../evidence/regional.ts';
import { parseNote } from '../../evidence/signed-note.ts';
import { parseStatement } from '../../evidence/statement.ts';
import { formatTlogProof } from '../../evidence/tlog-proof.ts';
import type { LogHead, SealedDay } from '../../ports/sealed-store.ts';
import { queryInvalid } from '../audit/as-of.ts';
import { inParallel } from '../in-parallel.ts';
import { type AskedDays, askedDaysOf, type BundleQuestion } from './question.ts';
import { recordsOfDays } from './records-of-days.ts';
import { regionalProofOf } from './regional-proof.ts';
import type { BundleReads } from './stores.ts';

/** One answer has to carry it. */
export const LARGEST_BUNDLE_BYTES = 3_500_000;
const READ_AT_ONCE = 16;
/** Looked at, from the newest back, for a checkpoint that the region holds already. */
const MOST_CHECKPOINTS = 8;
/** Before any log of ours. */
const BEGINNING = '2000-01-01';

/** The log of a facility as far as its head says; a day decided beyond it is not in it yet. */
interface Log {
  readonly origin: string;
  readonly days: readonly SealedDay[];
  readonly tree: MerkleTree;
}

const readLog = async ({ logs }: BundleReads, facility: string, head: LogHead): Promise<Log> => {
  const all = await logs.days(facility, BEGINNING, head.lastDay ?? BEGINNING);
  const days = all.filter(({ number }) => number < head.range.size).sort((one, other) => one.number - other.number);
  if (days.length < head.range.size) {
    throw new EvidenceError(
      'dropped-leaf',
      `Of the ${head.range.size} days of ${head.origin} ${days.length} are there.`,
    );
  }
  const hashes = days.map(({ leafHash: hash }) => new Uint8Array(Buffer.from(hash, 'hex')));
  return { origin: head.origin, days, tree: treeOf(hashes) };
};

interface Signed {
  readonly note: Uint8Array;
  readonly checkpoint: Checkpoint;
  readonly regional?: Uint8Array;
}

const signedAt = async ({ logs }: BundleReads, origin: string, size: number): Promise<Signed | undefined> => {
  const note = await logs.readCheckpoint(origin, size);
  return note === undefined ? undefined : { note, checkpoint: parseCheckpoint(parseNote(note).text) };
};

/** The newest checkpoint that the region holds; else the newest there is. It is never older than what was asked for. */
const newestFor = async (
  reads: BundleReads,
  facility: string,
  { origin, tree }: Log,
  leastSize: number,
): Promise<Signed | undefined> => {
  let newest: Signed | undefined;
  const oldest = Math.max(leastSize, tree.size - MOST_CHECKPOINTS + 1);
  for (let size = tree.size; size >= oldest; size -= 1) {
    const signed = await signedAt(reads, origin, size);
    if (signed === undefined) continue;
    newest ??= signed;
    const regional = await regionalProofOf(reads, facility, signed.checkpoint);
    if (regional !== undefined) return { ...signed, regional };
  }
  return newest;
};

/** The checkpoint that was signed when the first of these days was sealed: that the log only grew since is shown. */
const earlierOf = async (
  reads: BundleReads,
  { origin, tree }: Log,
  size: number,
  newest: Signed,
): Promise<readonly EarlierCheckpoint[]> => {
  const earlier = size < newest.checkpoint.size ? await signedAt(reads, origin, size) : undefined;
  return earlier === undefined
    ? []
    : [{ checkpoint: earlier.note, consistency: tree.consistency(size, newest.checkpoint.size) }];
};

const readStatements = async ({ sealed }: BundleReads, days: readonly SealedDay[]): Promise<readonly Uint8Array[]> => {
  const read = new Map<number, Uint8Array>();
  await inParallel(days, READ_AT_ONCE, async ({ number, day, statement, leafHash: hash }) => {
    const bytes = await sealed.read(statement);
    if (bytes === undefined || Buffer.from(leafHash(bytes)).toString('hex') !== hash) {
      throw new EvidenceError('dropped-leaf', `The statement of ${day} is not the one that was sealed.`);
    }
    read.set(number, bytes);
  });
  return days.map(({ number }) => read.get(number) as Uint8Array);
};

const spanOf = (log: Log, { firstDay, lastDay }: AskedDays): readonly SealedDay[] => {
  const days = log.days.filter(({ day }) => firstDay <= day && day <= lastDay);
  if (days.length > 0) return days;
  throw queryInvalid('/asOf', `nothing was sealed before the end of ${log.days[0]?.day}`);
};

export interface BundleOptions {
  /** `asked`: records of whole days too, the last day first, as many as fit. */
  readonly records: 'none' | 'asked';
  readonly nowMs: number;
}

/**
 * Everything that somebody who trusts nobody needs to answer one question about one facility. Throws `NotSealedYetError`,
 * `InvalidInputError`, `UnavailableError`; an `EvidenceError` if what we keep is not what was sealed.
 */
export const bundleFor = async (
  reads: BundleReads,
  facility: Facility,
  asked: BundleQuestion,
  { records, nowMs }: BundleOptions,
): Promise<Bundle> => {
  const head = await reads.logs.readHead(originOfFacility(reads.logName, facility.id));
  const about = askedDaysOf(asked, facility, head, nowMs);
  const log = await readLog(reads, facility.id, head as LogHead);
  const days = spanOf(log, about);
  const [first, last] = [days[0] as SealedDay, days.at(-1) as SealedDay];
  const newest = await newestFor(reads, facility.id, log, last.number + 1);
  if (newest === undefined)
    throw new NotSealedYetError('the log is sealed up to there and not signed yet: some minutes');
  const { checkpoint, note, regional } = newest;
  const statements = await readStatements(reads, days);
  const size = statements.reduce((sum, { length }) => sum + length * 1.2 + 1_500, 0);
  if (size > LARGEST_BUNDLE_BYTES) throw queryInvalid('/from', 'is too long ago for one file: ask for fewer days');
  return {
    question: about.question,
    pack: parseStatement(statements.at(-1) as Uint8Array).pack,
    keys: await keysOf(reads, log.origin, regional !== undefined),
    statements: days.map(
      ({ number }, at): BundledStatement => ({
        statement: statements[at] as Uint8Array,
        proof: formatTlogProof({
          index: number,
          hashes: log.tree.inclusion(number, checkpoint.size),
          checkpoint: note,
        }),
      }),
    ),
    earlier: await earlierOf(reads, log, first.number + 1, newest),
    ...(regional === undefined ? {} : { regional }),
    ...(records === 'none'
      ? { records: [], wholeDays: [] }
      : await recordsOfDays(reads, days, facility.calendar.zone, LARGEST_BUNDLE_BYTES - size)),
  };
};

/** Only keys that may sign for a log in the file: a reader refuses any other. */
const keysOf = async (reads: BundleReads, origin: string, withRegion: boolean): Promise<readonly string[]> => {
  const keys = await reads.logKeys();
  const origins = [origin, ...(withRegion ? [originOfRegion(reads.logName, reads.region)] : [])];
  return [...new Set(origins.flatMap((one) => keysFor(one, keys)).map(formatNoteKey))];
};
