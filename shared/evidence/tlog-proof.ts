import { fromBase64, toBase64 } from './base64.ts';
import { type Checkpoint, openCheckpoint, type TrustedLog } from './checkpoint.ts';
import { fromDecimal } from './decimal.ts';
import { EvidenceError } from './evidence-error.ts';
import { HASH_BYTES } from './merkle.ts';
import { MOST_NOTE_BYTES } from './signed-note.ts';
import { type Inclusion, verifyLeaf } from './verify-merkle.ts';

/*
 * C2SP tlog-proof: one file that shows, to whoever has the leaf and the key of the log and nothing else, that the log
 * holds this leaf. No network, no clock. Stored with the extension `.tlog-proof`.
 */

/** The file, read and not believed yet. */
export interface TlogProof extends Inclusion {
  /** The signed note, byte for byte. */
  readonly checkpoint: Uint8Array;
  /** Whatever somebody wrote beside it. Nobody signed it: it may help to find the leaf and proves nothing. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree that we can count is at most 53 levels high. */
const MOST_HASHES = 53;
const MOST_PROOF_BYTES = 2 * MOST_NOTE_BYTES;

const refuse = (detail: string): never => {
  throw new EvidenceError('malformed', detail);
};

/** The bytes of the file. A `RangeError` on what is no proof: a fault of ours. */
export const formatTlogProof = ({ index, hashes, checkpoint, extra }: TlogProof): Uint8Array => {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`${index} is no index`);
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw new RangeError('no hash');
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
    '',
  ];
  return new Uint8Array(Buffer.concat([Buffer.from(lines.map((line) => `${line}\n`).join('')), checkpoint]));
};

const hashFrom = (line: string): Uint8Array => {
  const hash = fromBase64(line);
  return hash?.length === HASH_BYTES ? hash : refuse('A line of the proof is not Base64 of 32 bytes.');
};

/** What follows `word` and a space in the line. */
const after = (word: string, line: string | undefined): string | undefined =>
  line?.startsWith(`${word} `) === true ? line.slice(word.length + 1) : undefined;

/** Reads the file by its form alone. Throws `malformed`. */
export const parseTlogProof = (bytes: Uint8Array): TlogProof => {
  if (bytes.length > MOST_PROOF_BYTES)
    refuse(`A proof has at most ${MOST_PROOF_BYTES} bytes, and this has ${bytes.length}.`);
  const end = Buffer.from(bytes).indexOf('\n\n');
  if (end < 0) refuse('A proof has an empty line before its checkpoint.');
  const lines = Buffer.from(bytes.subarray(0, end)).toString('latin1').split('\n');
  if (lines.shift() !== HEADER) refuse(`A proof begins with ${HEADER}.`);

  const encoded = after('extra', lines[0]);
  if (encoded !== undefined) lines.shift();
  const extra = encoded === undefined ? undefined : (fromBase64(encoded) ?? refuse('The extra line is not Base64.'));
  const index =
    fromDecimal(after('index', lines.shift()) ?? '') ?? refuse('The proof does not say which leaf it is about.');
  if (lines.length > MOST_HASHES) refuse(`A proof has at most ${MOST_HASHES} hashes, and this has ${lines.length}.`);
  return {
    index,
    hashes: lines.map(hashFrom),
    checkpoint: bytes.subarray(end + 2),
    ...(extra === undefined ? {} : { extra }),
  };
};

/** What the file proved. */
export interface ProvedLeaf {
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/**
 * That this log holds these very bytes as a leaf. Throws an `EvidenceError` of any code but those of two checkpoints.
 * First the signature, then the tree: until the signature holds, root and size are anybody's.
 */
export const verifyTlogProof = (file: Uint8Array, leaf: Uint8Array, log: TrustedLog): ProvedLeaf => {
  const proof = parseTlogProof(file);
  const checkpoint = openCheckpoint(proof.checkpoint, log);
  verifyLeaf(leaf, proof, checkpoint);
  return { index: proof.index, checkpoint };
};
