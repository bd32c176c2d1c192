import type { BilingualName } from '../domain/facility.ts';
import { canonicalBytes, parseCanonical } from './canonical-json.ts';
import { EvidenceError } from './evidence-error.ts';
import { sameBytes } from './merkle.ts';
import { facilityId, hashText, instant, object, type Reader, text, word } from './read-json.ts';
import { digestOf, type KeptContent, type RecordContent, SALT_BYTES } from './salted-digest.ts';

export { digestOf, type KeptContent, type RecordContent, SALT_BYTES } from './salted-digest.ts';

/*
 * The leaf of a record is an envelope: what it is, when it was received, and a salted digest of what it said. What it
 * said stays outside, and can be deleted: without the salt, nobody can even try guesses against the digest.
 */

const SCHEMA = 'cradlewatch-leaf/1';

/** What is sealed of one record, for good. It names no person. */
export interface Envelope {
  readonly schema: typeof SCHEMA;
  readonly facility: string;
  /** Such as `recording`, `check`, `step`. */
  readonly kind: string;
  /** Unique within its kind at this facility. */
  readonly id: string;
  /** RFC 3339 in UTC, with milliseconds. */
  readonly receivedAt: string;
  /** SHA-256 over salt, body and signature base, in hexadecimal. */
  readonly digest: string;
}

const readEnvelope: Reader<Envelope> = object<Envelope>({
  schema: word(SCHEMA),
  facility: facilityId,
  kind: text(/^[a-z][a-z0-9-]{0,31}$/, 'the kind of a record'),
  id: text(/^[!-~]{1,256}$/, 'the id of a record'),
  receivedAt: instant,
  digest: hashText,
});

/** The bytes that a record has in the tree of its day. A `RangeError` on what is no envelope: a fault of ours. */
export const leafOf = (record: Omit<Envelope, 'schema' | 'digest'>, content: RecordContent): Uint8Array =>
  leafOfDigest({ ...record, digest: digestOf(content) });

/** The same of a record whose digest alone is kept: what it said may have been deleted before its day was sealed. */
export const leafOfDigest = (record: Omit<Envelope, 'schema'>): Uint8Array => {
  const { facility, kind, id, receivedAt, digest } = record;
  const leaf = canonicalBytes({ schema: SCHEMA, facility, kind, id, receivedAt, digest });
  try {
    parseLeaf(leaf);
  } catch (cause) {
    throw new RangeError('no envelope of a record', { cause });
  }
  return leaf;
};

/** The envelope in a leaf; one spelling only. Throws `malformed`. */
export const parseLeaf = (leaf: Uint8Array): Envelope =>
  readEnvelope(parseCanonical(leaf, 'envelope of a record'), 'envelope');

/**
 * What can still be read of a sealed record. `deleted`: its salt was destroyed, so that it stays proved that there was a
 * record and when, and nothing that is shown as its body can be checked. `body-missing`: its salt is kept, and its body is
 * not here.
 */
export type OpenedLeaf =
  | {
      readonly state: 'readable';
      readonly envelope: Envelope;
      readonly body: Uint8Array;
      readonly signatureBase: Uint8Array;
    }
  | { readonly state: 'deleted' | 'body-missing'; readonly envelope: Envelope };

export type LeafState = OpenedLeaf['state'];

/** The same in plain words. */
export const leafStateWords: Readonly<Record<LeafState, BilingualName>> = {
  readable: {
    zh: '记录内容与封存时逐字节一致。',
    en: 'The record reads as it was sealed, to the byte.',
  },
  deleted: {
    zh: '内容已删除（盐值已销毁）：该记录曾被收到及其时间仍可证明，其内容已无法读取，也无法核对。',
    en: 'Its content was deleted (its salt is destroyed): that it was received, and when, is still proved; what it said can no longer be read, nor checked.',
  },
  'body-missing': {
    zh: '未附内容：该记录曾被收到及其时间可以证明，其内容未随附。',
    en: 'Its content is not here: that it was received, and when, is proved; what it said is not shown.',
  },
};

/**
 * Opens a leaf with what is kept. Throws `malformed`, or `changed-byte` if salt, body or signature base are not those that
 * were sealed. Without the salt nothing of the rest is handed on: anybody could have written it.
 */
export const openLeaf = (leaf: Uint8Array, { salt, body, signatureBase }: KeptContent): OpenedLeaf => {
  const envelope = parseLeaf(leaf);
  if (salt === undefined) return { state: 'deleted', envelope };
  if (salt.length !== SALT_BYTES) throw new EvidenceError('malformed', `A salt has ${SALT_BYTES} bytes.`);
  if (body === undefined || signatureBase === undefined) return { state: 'body-missing', envelope };
  const digest = digestOf({ salt, body, signatureBase });
  if (!sameBytes(Buffer.from(digest), Buffer.from(envelope.digest))) {
    throw new EvidenceError(
      'changed-byte',
      `What is shown as ${envelope.kind} ${envelope.id} is not what was sealed under that name.`,
    );
  }
  return { state: 'readable', envelope, body, signatureBase };
};
