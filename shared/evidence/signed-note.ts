import { fromBase64, toBase64 } from './base64.ts';
import { EvidenceError, quoted } from './evidence-error.ts';
import { isKeyName, type NoteKey, type NoteSigner } from './note-key.ts';

/*
 * C2SP signed-note: a text, an empty line, and a line for each signature. Signed is the text with its last newline. What
 * strangers signed is passed over, so that keys can be changed and witnesses can sign beside us.
 */

/** One line below the text. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A note as it was read: nothing in it is to be believed before a known key was verified. */
export interface UnverifiedNote {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note that was signed by somebody whom the reader trusts. */
export interface VerifiedNote {
  readonly text: string;
  /** The known keys whose signatures hold, at least one, in the order of the note. */
  readonly signedBy: readonly NoteKey[];
  /** Signatures of keys that the reader does not know: nothing follows from them. */
  readonly unknown: readonly NoteSignature[];
}

/** A note that is longer, or has more signatures, is not read. C2SP asks for at least 16 signatures. */
export const MOST_NOTE_BYTES = 1_000_000;
export const MOST_SIGNATURES = 100;

const KEY_ID_BYTES = 4;

const refuse = (detail: string): never => {
  throw new EvidenceError('malformed', detail);
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a note must not have.
const controls = /[\u0000-\u0009\u000b-\u001f]/;

const decoded = (bytes: Uint8Array): string => {
  if (bytes.length > MOST_NOTE_BYTES)
    refuse(`A note has at most ${MOST_NOTE_BYTES} bytes, and this has ${bytes.length}.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('The note is not UTF-8.');
  }
};

const parseSignature = (line: string): NoteSignature => {
  const [, name = '', encoded = ''] =
    /^— ([^ ]+) ([^ ]+)$/u.exec(line) ?? refuse('A signature line is not of the form “— name base64”.');
  if (!isKeyName(name)) refuse(`“${quoted(name)}” cannot be the name of a key.`);
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES)
    return refuse(`The signature of ${quoted(name)} is not Base64 of a key id and a signature.`);
  return {
    name,
    keyId: Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex'),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
};

/** The note behind these bytes, by its form alone. Throws `malformed`. */
export const parseNote = (bytes: Uint8Array): UnverifiedNote => {
  const whole = decoded(bytes);
  if (controls.test(whole)) refuse('The note has a control character other than the newline.');
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n'))
    refuse('A note is a text, an empty line and signature lines, each ended by a newline.');
  const lines = whole
    .slice(end + 2)
    .split('\n')
    .slice(0, -1);
  if (lines.length === 0) refuse('The note has no signature.');
  if (lines.length > MOST_SIGNATURES)
    refuse(`A note has at most ${MOST_SIGNATURES} signatures, and this has ${lines.length}.`);
  return { text: whole.slice(0, end + 1), signatures: lines.map(parseSignature) };
};

/**
 * The note, once at least one key that the reader knows has signed it. A known key whose signature does not hold spoils
 * the whole note, whoever else signed. Throws `malformed`, `wrong-key` or `changed-byte`.
 */
export const openNote = (bytes: Uint8Array, known: readonly NoteKey[]): VerifiedNote => {
  const { text, signatures } = parseNote(bytes);
  const signed = new TextEncoder().encode(text);
  // A set: one key that signed twice is one witness.
  const signedBy = new Set<NoteKey>();
  const unknown: NoteSignature[] = [];
  for (const line of signatures) {
    const key = known.find(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (key === undefined) unknown.push(line);
    else if (key.isSignedBy(signed, line.signature)) signedBy.add(key);
    else {
      throw new EvidenceError(
        'changed-byte',
        `The signature of ${quoted(line.name)} (${line.keyId}) does not fit the text: one of the two was changed.`,
      );
    }
  }
  if (signedBy.size > 0) return { text, signedBy: [...signedBy], unknown };
  const signers = [...new Set(unknown.map(({ name, keyId }) => `${name} (${keyId})`))].join(', ');
  throw new EvidenceError('wrong-key', `Signed by ${quoted(signers)}, and by none of the keys that were given.`);
};

const formatSignature = (name: string, keyId: string, signature: Uint8Array): string =>
  `— ${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;

/**
 * The bytes of the note, signed by each of the signers in their order. A `RangeError` if the text has not the form of a
 * note, or nobody signs: faults of ours, found before a key is used.
 */
export const signNote = async (text: string, signers: readonly NoteSigner[]): Promise<Uint8Array> => {
  if (!text.endsWith('\n') || controls.test(text) || !text.isWellFormed()) throw new RangeError('no text of a note');
  if (signers.length === 0 || signers.length > MOST_SIGNATURES) throw new RangeError(`${signers.length} signers`);
  const bytes = new TextEncoder().encode(text);
  const lines: string[] = [];
  // One after the other: a note that lacks the second signature is not written, and nothing is lost by trying again.
  for (const { name, keyId, sign } of signers) lines.push(formatSignature(name, keyId, await sign(bytes)));
  return new TextEncoder().encode(`${text}\n${lines.join('')}`);
};
