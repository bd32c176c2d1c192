import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64, toBase64 } from './base64.ts';
import { EvidenceError, quoted } from './evidence-error.ts';
import { sameBytes } from './merkle.ts';

/*
 * The keys of C2SP signed notes. A key has a name (for a log: its origin) and an id of four bytes that follows from the
 * key, so that a reader knows which signature is whose.
 */

/** What a key of ours signs with: Ed25519 from a local file, ECDSA P-256 over SHA-256 from KMS in every partition. */
export type NoteAlgorithm = 'ed25519' | 'ecdsa-p256';

/** The signature type byte of c2sp.org/signed-note. */
const types: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 0x01, 'ecdsa-p256': 0x02 };

/** Signs a note; kept by a port, since the private key is in KMS or in a file. */
export interface NoteSigner {
  readonly name: string;
  /** Eight lower-case hexadecimal digits. */
  readonly keyId: string;
  /** Ed25519 over the bytes; or ECDSA over their SHA-256, as ASN.1 DER (as KMS answers `ECDSA_SHA_256`). */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Whom a reader trusts, and how that one's signatures are told. */
export interface NoteKey {
  readonly name: string;
  readonly keyId: string;
  readonly algorithm: NoteAlgorithm;
  /** Ed25519: the 32 bytes of RFC 8032. ECDSA: DER of the SubjectPublicKeyInfo, as KMS `GetPublicKey` answers. */
  readonly publicKey: Uint8Array;
  isSignedBy(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Not empty, and without what separates: Unicode spaces and `+`. */
export const isKeyName = (name: string): boolean => /^[^\p{White_Space}\p{Cc}+]+$/u.test(name);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Ed25519: over name, newline, type and key. ECDSA: over the key alone, as the logs that began with it do. */
const keyIdOf = (name: string, algorithm: NoteAlgorithm, publicKey: Uint8Array): string => {
  const hashed =
    algorithm === 'ecdsa-p256'
      ? sha256(publicKey)
      : sha256(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(types.ed25519), publicKey]));
  return hashed.subarray(0, 4).toString('hex');
};

/** The DER before the 32 bytes of an Ed25519 key: RFC 8410 §4. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const keyObjectOf = (algorithm: NoteAlgorithm, publicKey: Uint8Array): KeyObject | undefined => {
  const spki = algorithm === 'ed25519' ? Buffer.concat([ED25519_SPKI, publicKey]) : Buffer.from(publicKey);
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const isCurve = algorithm === 'ed25519' || key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    // Only the one spelling of a key: its id is the hash of these bytes.
    return isCurve && sameBytes(key.export({ format: 'der', type: 'spki' }), spki) ? key : undefined;
  } catch {
    return undefined;
  }
};

/** A key to trust. Throws `malformed` if the name or the bytes cannot be those of a key. */
export const noteKeyOf = (name: string, algorithm: NoteAlgorithm, publicKey: Uint8Array): NoteKey => {
  if (!isKeyName(name)) throw new EvidenceError('malformed', `“${quoted(name)}” cannot be the name of a key.`);
  const key = keyObjectOf(algorithm, publicKey);
  if (key === undefined) throw new EvidenceError('malformed', `The key of ${quoted(name)} is no ${algorithm} key.`);
  const digest = algorithm === 'ed25519' ? null : 'sha256';
  return {
    name,
    keyId: keyIdOf(name, algorithm, publicKey),
    algorithm,
    publicKey,
    isSignedBy: (bytes, signature) => verify(digest, bytes, key, signature),
  };
};

/** A key as one line of text: `name+id+base64(type ‖ key)`. This is what an auditor pins. */
export const formatNoteKey = ({ name, keyId, algorithm, publicKey }: NoteKey): string =>
  `${name}+${keyId}+${toBase64(Buffer.concat([Uint8Array.of(types[algorithm]), publicKey]))}`;

const algorithmOf = (type: number | undefined): NoteAlgorithm | undefined =>
  (Object.keys(types) as NoteAlgorithm[]).find((algorithm) => types[algorithm] === type);

/** Reads what `formatNoteKey` wrote. Throws `malformed`, also for an id that is not the one of this name and key. */
export const parseNoteKey = (text: string): NoteKey => {
  const [, name, keyId, encoded] = /^([^+]*)\+([0-9a-f]{8})\+([^\n]*)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes === undefined) {
    throw new EvidenceError('malformed', 'A key is written name+id+base64, and this is not.');
  }
  const algorithm = algorithmOf(bytes[0]);
  if (algorithm === undefined) {
    throw new EvidenceError('malformed', `The key of ${quoted(name)} is neither Ed25519 nor ECDSA P-256.`);
  }
  const key = noteKeyOf(name, algorithm, bytes.subarray(1));
  if (key.keyId !== keyId) {
    throw new EvidenceError(
      'malformed',
      `The key of ${quoted(name)} has the id ${key.keyId}, and ${keyId} is written.`,
    );
  }
  return key;
};

/** A signer whose private key lies in this process: on one machine, and in tests. */
export const localSigner = (name: string, privateKey: KeyObject): NoteSigner & { readonly key: NoteKey } => {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const isEd25519 = privateKey.asymmetricKeyType === 'ed25519';
  const publicKey = isEd25519 ? spki.subarray(ED25519_SPKI.length) : spki;
  const key = noteKeyOf(name, isEd25519 ? 'ed25519' : 'ecdsa-p256', new Uint8Array(publicKey));
  return {
    name,
    keyId: key.keyId,
    key,
    sign: async (bytes) => new Uint8Array(sign(isEd25519 ? null : 'sha256', bytes, privateKey)),
  };
};
