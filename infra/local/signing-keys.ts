import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import path from 'node:path';
import { readTexts, writeTexts } from './kept-texts.ts';
import { type JsonObject, type Resource, TemplateError, textAt } from './template.ts';

/** What KMS answers: a body, or the name of its error. */
export type KeyAnswer = { readonly body: JsonObject } | { readonly error: string; readonly message: string };

/** The signing keys of the template, by ARN or id. */
export interface SigningKeys {
  answer(operation: string, body: JsonObject): KeyAnswer;
}

const ALGORITHM = 'ECDSA_SHA_256';
/** What KMS takes as a raw message. */
const MOST_RAW_BYTES = 4096;
const DIGEST_BYTES = 32;

/** Order of the group of P-256: FIPS 186-5. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

const modulo = (value: bigint): bigint => ((value % ORDER) + ORDER) % ORDER;

/** By Fermat: the order is prime. */
const inverse = (value: bigint): bigint => {
  let [result, base, exponent] = [1n, modulo(value), ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = modulo(result * base);
    base = modulo(base * base);
  }
  return result;
};

/** DER of a positive integer: no leading zeros but the one that keeps it positive. */
const derInteger = (value: bigint): Buffer => {
  const bytes = bytesOf(value);
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(start === -1 ? bytes.length - 1 : start);
  const positive = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
};

/** Node signs messages only; what is a digest already is signed here, as FIPS 186-5 §6.4.1 says, with a random nonce. */
const signDigest = (digest: Uint8Array, key: KeyObject): Buffer => {
  const secret = numberOf(Buffer.from(String(key.export({ format: 'jwk' }).d), 'base64url'));
  for (;;) {
    const nonce = numberOf(randomBytes(40)) % ORDER;
    if (nonce === 0n) continue;
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(bytesOf(nonce));
    const r = modulo(numberOf(curve.getPublicKey().subarray(1, 33)));
    const s = modulo(inverse(nonce) * (numberOf(digest) + r * secret));
    if (r === 0n || s === 0n) continue;
    const body = Buffer.concat([derInteger(r), derInteger(s)]);
    return Buffer.concat([Buffer.of(0x30, body.length), body]);
  }
};

const failed = (error: string, message: string): KeyAnswer => ({ error, message });

const signAs = (arn: string, key: KeyObject, body: JsonObject): KeyAnswer => {
  const algorithm = textAt(body, 'SigningAlgorithm');
  if (algorithm !== ALGORITHM) return failed('InvalidKeyUsage', `Algorithm ${algorithm} is incompatible with the key.`);
  const message = Buffer.from(textAt(body, 'Message') ?? '', 'base64');
  const type = textAt(body, 'MessageType') ?? 'RAW';
  if (type === 'RAW' && message.length > 0 && message.length <= MOST_RAW_BYTES) {
    return {
      body: { KeyId: arn, Signature: sign('sha256', message, key).toString('base64'), SigningAlgorithm: ALGORITHM },
    };
  }
  if (type === 'DIGEST' && message.length === DIGEST_BYTES) {
    return {
      body: { KeyId: arn, Signature: signDigest(message, key).toString('base64'), SigningAlgorithm: ALGORITHM },
    };
  }
  return failed('Validation', `A message of ${message.length} bytes cannot be signed as ${type}.`);
};

/** Whether a key of the template signs; one that this machine could only pretend to have stops the start. */
export const isSigningKey = ({ logicalId, properties }: Resource): boolean => {
  const usage = textAt(properties, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
  const spec = textAt(properties, 'KeySpec') ?? 'SYMMETRIC_DEFAULT';
  if (usage === 'ENCRYPT_DECRYPT' && spec === 'SYMMETRIC_DEFAULT') return false;
  if (usage === 'SIGN_VERIFY' && spec === 'ECC_NIST_P256') return true;
  throw new TemplateError(logicalId, `a key for ${usage} of ${spec} is not kept on this machine`);
};

const newKey = (): string =>
  String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }));

/** The file of the private keys, by logical id; they are made once and kept with the data. */
export const signingKeysIn = (dataDir: string): string => path.join(dataDir, 'signing-keys.json');

/** Opens the signing keys of the given ARNs (`…:key/<logical id>`). */
export const openSigningKeys = (arns: readonly string[], dataDir: string | undefined): SigningKeys => {
  const file = dataDir === undefined ? undefined : signingKeysIn(dataDir);
  const kept = file === undefined ? {} : readTexts(file);
  const idOf = (arn: string): string => arn.split('/').at(-1) ?? arn;
  const pems = Object.fromEntries(arns.map((arn) => [idOf(arn), kept[idOf(arn)] ?? newKey()]));
  if (file !== undefined && arns.length > 0) writeTexts(file, { ...kept, ...pems });
  const keys = new Map(arns.map((arn) => [idOf(arn), { arn, key: createPrivateKey(pems[idOf(arn)] ?? '') }]));
  return {
    answer: (operation, body) => {
      const asked = textAt(body, 'KeyId') ?? '';
      const found = keys.get(idOf(asked));
      if (found === undefined) return failed('NotFound', `Key '${asked}' does not exist, or does not sign.`);
      if (operation === 'Sign') return signAs(found.arn, found.key, body);
      const spki = createPublicKey(found.key).export({ format: 'der', type: 'spki' });
      return {
        body: {
          KeyId: found.arn,
          PublicKey: spki.toString('base64'),
          KeySpec: 'ECC_NIST_P256',
          KeyUsage: 'SIGN_VERIFY',
          SigningAlgorithms: [ALGORITHM],
        },
      };
    },
  };
};
