import { createHash } from 'node:crypto';

/*
 * What a receiver needs of the evidence, and no more: how a record is sealed, not how a seal is read.
 */

export const SALT_BYTES = 32;

/** What a record said. Kept apart from its leaf, and deleted at its time. */
export interface RecordContent {
  /** 32 fresh random bytes, used for this record alone. */
  readonly salt: Uint8Array;
  /** As it arrived, to the byte. */
  readonly body: Uint8Array;
  /** What its sender signed (RFC 9421 §2.5); empty for a record of our own making. */
  readonly signatureBase: Uint8Array;
}

/** Whatever is kept of a record. */
export type KeptContent = { readonly [K in keyof RecordContent]?: RecordContent[K] };

/** Eight bytes that say how many follow: without them, the end of one part could be the beginning of the next. */
const lengthOf = (bytes: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return length;
};

/** SHA-256 over salt, body and signature base, each behind its length. */
export const digestOf = ({ salt, body, signatureBase }: RecordContent): string => {
  if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes`);
  const hash = createHash('sha256');
  for (const part of [salt, body, signatureBase]) hash.update(lengthOf(part)).update(part);
  return hash.digest('hex');
};

const NOTHING = new Uint8Array();

/**
 * Names a signed request: it holds when it was signed, by whom and over which body. Salted, because the id stays in the
 * leaf for good: a signature base holds the digest of the body, and by its bare hash every guess at a body that was erased
 * or withheld could be tried.
 */
export const requestIdOf = ({ salt, signatureBase }: RecordContent): string =>
  Buffer.from(digestOf({ salt, body: NOTHING, signatureBase }), 'hex').toString('base64url');
