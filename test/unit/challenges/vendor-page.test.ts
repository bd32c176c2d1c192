import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { macOfSlice, openToken, sealToken } from '../../../shared/evidence/challenge-token.ts';
import { publicKeyOf } from '../../../shared/evidence/hpke.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'vendors', 'challenges.md'), 'utf8');
const vector = JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'challenge-token.json'), 'utf8')) as {
  readonly [field in
    | 'facility'
    | 'camera'
    | 'hour'
    | 'keyId'
    | 'sliceBytes'
    | 'serverPrivateKey'
    | 'serverPublicKey'
    | 'ephemeralPrivateKey'
    | 'key'
    | 'mac'
    | 'token'
    | 'tokenBase64url'
    | 'sealedByAnotherImplementation']: string;
} & { readonly offsetMs: number; readonly lengthMs: number };

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex');

const subject = { facilityId: vector.facility, camera: vector.camera, hourMs: Date.parse(vector.hour) };
const secret = {
  offsetMs: vector.offsetMs,
  lengthMs: vector.lengthMs,
  key: bytes(vector.key),
  mac: bytes(vector.mac),
};
const opener = { keyId: vector.keyId, privateKey: bytes(vector.serverPrivateKey) };

describe('the vector of the vendors’ page', () => {
  it('is what our code makes, to the byte', () => {
    const publicKey = publicKeyOf(opener.privateKey);
    expect(hexOf(publicKey)).toBe(vector.serverPublicKey);
    expect(hexOf(macOfSlice(secret.key, Buffer.from(vector.sliceBytes)))).toBe(vector.mac);
    const token = sealToken(secret, subject, { keyId: vector.keyId, publicKey }, bytes(vector.ephemeralPrivateKey));
    expect(hexOf(token)).toBe(vector.token);
    expect(Buffer.from(token).toString('base64url')).toBe(vector.tokenBase64url);
  });

  it('opens, and so does the same secret sealed by another implementation', () => {
    // `sealedByAnotherImplementation`: Python package cryptography 48, Suite(X25519, HKDF_SHA256, AES_256_GCM).encrypt.
    expect(openToken(bytes(vector.token), subject, opener)).toEqual({ ok: true, secret });
    expect(openToken(bytes(vector.sealedByAnotherImplementation), subject, opener)).toEqual({ ok: true, secret });
  });

  it('is printed there whole', () => {
    const printed = page.replaceAll(/[\s,]/g, '');
    const { sealedByAnotherImplementation: _, ...shown } = vector;
    for (const value of Object.values(shown)) expect(printed).toContain(String(value).replaceAll(' ', ''));
  });
});
