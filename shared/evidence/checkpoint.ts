import { fromBase64, toBase64 } from './base64.ts';
import { fromDecimal } from './decimal.ts';
import { EvidenceError, quoted } from './evidence-error.ts';
import { HASH_BYTES } from './merkle.ts';
import type { NoteKey, NoteSigner } from './note-key.ts';
import { openNote, parseNote, signNote } from './signed-note.ts';
import { type TreeHead, verifyConsistency } from './verify-merkle.ts';

/*
 * C2SP tlog-checkpoint: which log, how many leaves, which root, signed as one. A log that signs two checkpoints of which
 * neither continues the other has given away its own dishonesty: both are proof against it.
 */

/** The state of one log at one size. */
export interface Checkpoint extends TreeHead {
  /** Which log it is: `<host>/f/<facility id>`, or `<host>/region/…`. */
  readonly origin: string;
  /** Further lines, signed with the rest and not audited; we write none. */
  readonly extensions: readonly string[];
}

/** By whom a log is believed. */
export interface TrustedLog {
  readonly origin: string;
  /** The keys that may sign for this origin, the retired ones too. */
  readonly keys: readonly NoteKey[];
}

const refuse = (detail: string): never => {
  throw new EvidenceError('malformed', detail);
};

const isLine = (line: string): boolean => line !== '' && !line.includes('\n');

/** The text that is signed. A `RangeError` on what is no checkpoint: a fault of ours. */
export const formatCheckpoint = ({ origin, size, root, extensions }: Checkpoint): string => {
  if (![origin, ...extensions].every(isLine)) throw new RangeError('a line of a checkpoint is empty or has a newline');
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is no size`);
  if (root.length !== HASH_BYTES) throw new RangeError('no root');
  return [origin, String(size), toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
};

/** Reads the text of a note as a checkpoint; one spelling only. Throws `malformed`. */
export const parseCheckpoint = (text: string): Checkpoint => {
  if (!text.endsWith('\n')) refuse('A checkpoint ends with a newline.');
  const lines = text.slice(0, -1).split('\n');
  if (lines.includes('')) refuse('A checkpoint has no empty line.');
  const [origin, decimal, encoded, ...extensions] = lines;
  if (origin === undefined || decimal === undefined || encoded === undefined) {
    return refuse('A checkpoint has three lines at least: the log, the number of leaves, the root.');
  }
  const size = fromDecimal(decimal) ?? refuse(`“${quoted(decimal)}” is no number of leaves.`);
  const root = fromBase64(encoded);
  if (root?.length !== HASH_BYTES) return refuse('The root of the checkpoint is not Base64 of 32 bytes.');
  return { origin, size, root, extensions };
};

/** The signed note of a checkpoint. */
export const signCheckpoint = (checkpoint: Checkpoint, signers: readonly NoteSigner[]): Promise<Uint8Array> =>
  signNote(formatCheckpoint(checkpoint), signers);

/**
 * The checkpoint in these bytes, once it is signed by this very log. Throws `malformed`, `wrong-origin`, `wrong-key` or
 * `changed-byte`. The origin is compared before anybody's signature, since the key of another log bears another name:
 * "from another log" says more than "by an unknown key". Nothing of the text is believed for it.
 */
export const openCheckpoint = (note: Uint8Array, log: TrustedLog): Checkpoint => {
  const checkpoint = parseCheckpoint(parseNote(note).text);
  if (checkpoint.origin !== log.origin) {
    throw new EvidenceError(
      'wrong-origin',
      `This is a checkpoint of ${quoted(checkpoint.origin)}, not of ${log.origin}.`,
    );
  }
  openNote(note, log.keys);
  return checkpoint;
};

/**
 * That the log only grew from one checkpoint to the other. Both have to be verified before; then a refusal is proof
 * against the log, and not against whoever carried it here (but for `rewritten-day` and `forged-tree`, where the proof
 * itself may be at fault).
 */
export const verifyContinued = (older: Checkpoint, newer: Checkpoint, proof: readonly Uint8Array[]): void => {
  if (older.origin !== newer.origin) {
    throw new EvidenceError('wrong-origin', `${newer.origin} cannot continue ${older.origin}.`);
  }
  verifyConsistency(older, newer, proof);
};
