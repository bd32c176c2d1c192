import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChallengeAnswer } from '../domain/challenges/challenge.ts';
import { formatKeyMonth, parseKeyMonth } from '../domain/challenges/key-month.ts';
import type { HeardAnswer } from '../domain/challenges/settle.ts';
import type { BilingualName } from '../domain/facility.ts';
import { HOUR_MS } from '../domain/time.ts';
import { AES_256_GCM, type HpkeContext, openWith, sealTo, TAG_BYTES, X25519_BYTES } from './hpke.ts';

/**
 * A token is what a box seals while it records: which slice of the hour, and what HMAC that slice gives under a key
 * that the box then forgets. Only the holder of the month's private key can read it.
 *
 * Bytes: version (1) ‖ key id (year 2, month 1, number 1) ‖ encapsulated key (32) ‖ sealed (72 + 16), together 125.
 * Sealed: offset of the slice in its hour (4, ms) ‖ length (4, ms) ‖ key (32) ‖ HMAC-SHA-256(key, slice) (32).
 */
const VERSION = 1;
const HEADER_BYTES = 5;
const KEY_BYTES = 32;
const MAC_BYTES = 32;
const SECRET_BYTES = 8 + KEY_BYTES + MAC_BYTES;
export const TOKEN_BYTES = HEADER_BYTES + X25519_BYTES + SECRET_BYTES + TAG_BYTES;

const SCHEME = 'cradlewatch-challenge/1';

/** Which camera-hour a token is about. Bound to it, not hidden in it. */
export interface TokenSubject {
  readonly facilityId: string;
  readonly camera: string;
  /** Start of the hour. */
  readonly hourMs: number;
}

/** What only the seal holds. */
export interface TokenSecret {
  /** Start of the slice, from the start of the hour. */
  readonly offsetMs: number;
  readonly lengthMs: number;
  readonly key: Uint8Array;
  readonly mac: Uint8Array;
}

/** Why a token was not opened. */
export type TokenRefusal =
  | 'wrong-length'
  | 'unknown-version'
  | 'key-id-malformed'
  | 'another-key'
  | 'untimely-key'
  | 'not-authentic'
  | 'slice-outside-hour';

/** The same in plain words, for whoever has to do something about it. */
export const tokenRefusalWords: Readonly<Record<TokenRefusal, BilingualName>> = {
  'wrong-length': { zh: '凭据长度不对，不是125字节', en: `the token is not ${TOKEN_BYTES} bytes long` },
  'unknown-version': { zh: '凭据版本未知', en: 'the token is of a version that is not known here' },
  'key-id-malformed': { zh: '凭据中的密钥编号不成立', en: 'the token names no key that could exist' },
  'another-key': {
    zh: '凭据是用另一个月的密钥封存的',
    en: 'the token was sealed to the key of another month than the one it is opened with',
  },
  'untimely-key': {
    zh: '凭据的密钥月份与录像时间相差过大，不是录像时封存的',
    en: 'the token was sealed to a key of a month in which that hour was not recorded, so not while it was recorded',
  },
  'not-authentic': {
    zh: '凭据被改动，或者属于另一机构、摄像机、时段或密钥',
    en: 'the token was changed, or it belongs to another facility, camera, hour or key',
  },
  'slice-outside-hour': {
    zh: '凭据所指片段不在该小时之内',
    en: 'the slice that the token names does not lie within its hour',
  },
};

export type OpenedToken =
  | { readonly ok: true; readonly secret: TokenSecret }
  | { readonly ok: false; readonly reason: TokenRefusal };

/** HMAC-SHA-256(key, slice): what the box seals, and what it answers. */
export const macOfSlice = (key: Uint8Array, slice: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(slice).digest();

/**
 * Seals one token. `ephemeral` is 32 fresh random bytes that are used this once and forgotten. Throws `RangeError` on
 * what no box of ours would pass: a malformed key id or subject, a slice outside its hour, keys of another length.
 */
export const sealToken = (
  secret: TokenSecret,
  subject: TokenSubject,
  to: { readonly keyId: string; readonly publicKey: Uint8Array },
  ephemeral: Uint8Array,
): Uint8Array => {
  const header = headerOf(to.keyId);
  if (!isInHour(secret)) throw new RangeError('a slice lies within its hour');
  if (secret.key.length !== KEY_BYTES || secret.mac.length !== MAC_BYTES) {
    throw new RangeError('key and mac of a slice have 32 bytes each');
  }
  const plain = Buffer.concat([Buffer.alloc(8), secret.key, secret.mac]);
  plain.writeUInt32BE(secret.offsetMs, 0);
  plain.writeUInt32BE(secret.lengthMs, 4);
  const { encapsulated, sealed } = sealTo(to.publicKey, ephemeral, plain, contextOf(subject, to.keyId));
  plain.fill(0);
  return Buffer.concat([header, encapsulated, sealed]);
};

/** To which key a token says it was sealed; the seal binds it. */
export const keyIdOfToken = (
  token: Uint8Array,
): { readonly ok: true; readonly keyId: string } | { readonly ok: false; readonly reason: TokenRefusal } => {
  if (token.length !== TOKEN_BYTES) return { ok: false, reason: 'wrong-length' };
  const bytes = Buffer.from(token.buffer, token.byteOffset, token.length);
  if (bytes.readUInt8(0) !== VERSION) return { ok: false, reason: 'unknown-version' };
  const [year, month, number] = [bytes.readUInt16BE(1), bytes.readUInt8(3), bytes.readUInt8(4)];
  const keyId = formatKeyMonth({ year, month, number });
  return parseKeyMonth(keyId) === undefined ? { ok: false, reason: 'key-id-malformed' } : { ok: true, keyId };
};

/** Opens a token that came with the report of `subject`. Whatever the bytes are, it answers and does not throw. */
export const openToken = (
  token: Uint8Array,
  subject: TokenSubject,
  key: { readonly keyId: string; readonly privateKey: Uint8Array },
): OpenedToken => {
  const named = keyIdOfToken(token);
  if (!named.ok) return named;
  if (named.keyId !== key.keyId) return { ok: false, reason: 'another-key' };
  const body = token.subarray(HEADER_BYTES);
  const plain = openWith(
    key.privateKey,
    body.subarray(0, X25519_BYTES),
    body.subarray(X25519_BYTES),
    contextOf(subject, key.keyId),
  );
  if (plain === undefined) return { ok: false, reason: 'not-authentic' };
  const secret = secretOf(plain);
  return isInHour(secret) ? { ok: true, secret } : { ok: false, reason: 'slice-outside-hour' };
};

/** Compares what a box answered with what it had sealed, in a time that says nothing about where they differ. */
export const hearAnswer = (answer: ChallengeAnswer, sealedMac: Uint8Array): HeardAnswer => {
  if (answer.is !== 'shown') return answer;
  const shown = Buffer.from(answer.mac, 'base64url');
  const matches = shown.length === sealedMac.length && timingSafeEqual(shown, sealedMac);
  return { id: answer.id, is: 'shown', matches };
};

const headerOf = (keyId: string): Uint8Array => {
  const key = parseKeyMonth(keyId);
  if (key === undefined) throw new RangeError('a key id reads 2026-11.1');
  return Uint8Array.of(VERSION, key.year >> 8, key.year & 0xff, key.month, key.number);
};

const secretOf = (plain: Uint8Array): TokenSecret => {
  const bytes = Buffer.from(plain);
  return {
    offsetMs: bytes.readUInt32BE(0),
    lengthMs: bytes.readUInt32BE(4),
    key: bytes.subarray(8, 8 + KEY_BYTES),
    mac: bytes.subarray(8 + KEY_BYTES),
  };
};

const isInHour = ({ offsetMs, lengthMs }: TokenSecret): boolean =>
  Number.isInteger(offsetMs) &&
  Number.isInteger(lengthMs) &&
  offsetMs >= 0 &&
  lengthMs > 0 &&
  offsetMs + lengthMs <= HOUR_MS;

/** What the seal binds, in one spelling: lines that no id can break, the hour as `2026-11-03T02:00:00Z`. */
const contextOf = ({ facilityId, camera, hourMs }: TokenSubject, keyId: string): HpkeContext => {
  if (!isOneLine(facilityId) || !isOneLine(camera) || !(hourMs % HOUR_MS === 0)) {
    throw new RangeError('a token is about a facility, a camera and a whole hour');
  }
  const hour = new Date(hourMs).toISOString().replace('.000Z', 'Z');
  const lines = [SCHEME, facilityId, camera, hour, keyId];
  return { aead: AES_256_GCM, info: Buffer.from(lines.join('\n'), 'utf8') };
};

const isOneLine = (id: string): boolean => /^[^\n]+$/.test(id);
