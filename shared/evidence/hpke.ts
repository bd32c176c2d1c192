import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto';

/**
 * Hybrid public key encryption (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256) and HKDF-SHA256. Only
 * what a token needs, by the primitives of node:crypto; the vectors of the RFC are its test.
 */
export interface Aead {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm';
  /** RFC 9180 §7.3. */
  readonly id: number;
  readonly keyBytes: number;
}

export const AES_256_GCM: Aead = { cipher: 'aes-256-gcm', id: 2, keyBytes: 32 };
/** Of the RFC's own vectors. */
export const AES_128_GCM: Aead = { cipher: 'aes-128-gcm', id: 1, keyBytes: 16 };

/** Length of raw X25519 keys. */
export const X25519_BYTES = 32;
export const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const HASH_BYTES = 32;
const KEM_ID = 0x0020;
const KDF_ID = 0x0001;
const MODE_BASE = 0;

/**
 * What is bound to a message without being in it. Where there is only one message to a key, the RFC (§8.1) wants all of
 * it in `info`; `associated` is there for its vectors.
 */
export interface HpkeContext {
  readonly aead: Aead;
  readonly info: Uint8Array;
  readonly associated?: Uint8Array;
}

/**
 * Seals to a raw public key. `ephemeral` is a raw private key of 32 fresh random bytes, used this once and forgotten:
 * two messages under one of them would share key and nonce. Throws on a public key of low order.
 */
export const sealTo = (
  publicKey: Uint8Array,
  ephemeral: Uint8Array,
  plain: Uint8Array,
  context: HpkeContext,
): { readonly encapsulated: Uint8Array; readonly sealed: Uint8Array } => {
  const encapsulated = publicKeyOf(ephemeral);
  const shared = sharedSecret(exchange(ephemeral, publicKey), encapsulated, publicKey);
  const { key, nonce } = keySchedule(shared, context);
  const cipher = createCipheriv(context.aead.cipher, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(context.associated ?? nothing);
  const hidden = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { encapsulated, sealed: Buffer.concat([hidden, cipher.getAuthTag()]) };
};

/** Opens with a raw private key; `undefined` = not sealed to this key under this context, or changed since. */
export const openWith = (
  privateKey: Uint8Array,
  encapsulated: Uint8Array,
  sealed: Uint8Array,
  context: HpkeContext,
): Uint8Array | undefined => {
  if (sealed.length < TAG_BYTES) return undefined;
  const shared = agreed(privateKey, encapsulated);
  if (shared === undefined) return undefined;
  const { key, nonce } = keySchedule(shared, context);
  const decipher = createDecipheriv(context.aead.cipher, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(context.associated ?? nothing);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plain;
};

/** The raw public key of a raw private one. */
export const publicKeyOf = (privateKey: Uint8Array): Uint8Array =>
  createPublicKey(privateObject(privateKey)).export({ format: 'der', type: 'spki' }).subarray(-X25519_BYTES);

/** A sender may name any 32 bytes: of low order, they agree on nothing, and OpenSSL refuses them. */
const agreed = (privateKey: Uint8Array, encapsulated: Uint8Array): Uint8Array | undefined => {
  const own = publicKeyOf(privateKey);
  try {
    return sharedSecret(exchange(privateKey, encapsulated), encapsulated, own);
  } catch {
    return undefined;
  }
};

/** DER of RFC 8410 before the raw bytes. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

const privateObject = (raw: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, ofKeyLength(raw)]), format: 'der', type: 'pkcs8' });

const publicObject = (raw: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, ofKeyLength(raw)]), format: 'der', type: 'spki' });

const ofKeyLength = (raw: Uint8Array): Uint8Array => {
  if (raw.length !== X25519_BYTES) throw new RangeError(`a raw X25519 key has ${X25519_BYTES} bytes`);
  return raw;
};

const exchange = (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array =>
  diffieHellman({ privateKey: privateObject(privateKey), publicKey: publicObject(publicKey) });

const ascii = (text: string): Uint8Array => Buffer.from(text, 'ascii');
const twoBytes = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(parts)).digest();

const nothing = new Uint8Array(0);
const version = ascii('HPKE-v1');
const kemSuite = Buffer.concat([ascii('KEM'), twoBytes(KEM_ID)]);
const hpkeSuite = ({ id }: Aead): Uint8Array =>
  Buffer.concat([ascii('HPKE'), twoBytes(KEM_ID), twoBytes(KDF_ID), twoBytes(id)]);

/** RFC 9180 §4. */
const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array): Buffer =>
  hmac(salt, version, suite, ascii(label), secret);

/** RFC 9180 §4; one block of HKDF is enough for all that is derived here. */
const labeledExpand = (
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array => hmac(key, twoBytes(length), version, suite, ascii(label), info, Uint8Array.of(1)).subarray(0, length);

/** DHKEM: RFC 9180 §4.1. */
const sharedSecret = (exchanged: Uint8Array, encapsulated: Uint8Array, publicKey: Uint8Array): Uint8Array => {
  const extracted = labeledExtract(kemSuite, nothing, 'eae_prk', exchanged);
  const kemContext = Buffer.concat([encapsulated, publicKey]);
  return labeledExpand(kemSuite, extracted, 'shared_secret', kemContext, HASH_BYTES);
};

/** RFC 9180 §5.1, without a pre-shared key, for the first message. */
const keySchedule = (
  shared: Uint8Array,
  { aead, info }: HpkeContext,
): { readonly key: Uint8Array; readonly nonce: Uint8Array } => {
  const suite = hpkeSuite(aead);
  const schedule = Buffer.concat([
    Uint8Array.of(MODE_BASE),
    labeledExtract(suite, nothing, 'psk_id_hash', nothing),
    labeledExtract(suite, nothing, 'info_hash', info),
  ]);
  const secret = labeledExtract(suite, shared, 'secret', nothing);
  return {
    key: labeledExpand(suite, secret, 'key', schedule, aead.keyBytes),
    nonce: labeledExpand(suite, secret, 'base_nonce', schedule, NONCE_BYTES),
  };
};
