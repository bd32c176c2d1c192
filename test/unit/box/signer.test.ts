import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { boxIdentity, newPrivateKeyPem, readPrivateKeyPem, signedHeaders } from '../../../box/signer.ts';

const createdMs = Date.parse('2026-11-21T08:30:07.900Z');
const identity = boxIdentity('sunrise-hailing', 'box-1', readPrivateKeyPem(newPrivateKeyPem()));
const body = Buffer.from('[{"id":"019aa000-0000-7000-8000-000000000001"}]');
const url = new URL('http://127.0.0.1:8787/v1/heartbeats?ignored=1');
const headers = signedHeaders(identity, { method: 'POST', url, body, createdMs });

/** The signature base of RFC 9421 §2.5, written out by hand. */
const baseByHand = [
  '"@method": POST',
  '"@authority": 127.0.0.1:8787',
  '"@path": /v1/heartbeats',
  '"content-type": application/json',
  `"content-digest": sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
  `"@signature-params": ("@method" "@authority" "@path" "content-type" "content-digest");created=${Math.floor(
    createdMs / 1000,
  )};keyid="sunrise-hailing/box-1/${identity.key}";tag="cradlewatch-v1"`,
].join('\n');

const signatureBytes = (): Buffer => {
  const value = /^sig1=:([A-Za-z0-9+/=]+):$/.exec(headers.signature ?? '')?.[1];
  if (value === undefined) throw new Error(`not a signature field: ${headers.signature}`);
  return Buffer.from(value, 'base64');
};

describe('a signed request', () => {
  test('is what RFC 9421 makes of the same five components', () => {
    expect(signatureBytes()).toEqual(sign(null, Buffer.from(baseByHand), identity.privateKey));
  });

  test('verifies with nothing but the key in its keyid', () => {
    const raw = /keyid="[^"]*\/([A-Za-z0-9_-]{43})"/.exec(headers['signature-input'] ?? '')?.[1];
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw ?? '' }, format: 'jwk' });
    expect(verify(null, Buffer.from(baseByHand), key, signatureBytes())).toBe(true);
    expect(verify(null, Buffer.from(baseByHand.replace('POST', 'PUT')), key, signatureBytes())).toBe(false);
  });

  test('says its label, components and parameters in the order that was signed', () => {
    expect(headers['signature-input']).toBe(`sig1=${baseByHand.split('"@signature-params": ')[1]}`);
  });

  test('carries the digest of the very bytes', () => {
    expect(headers['content-digest']).toBe(`sha-256=:${createHash('sha256').update(body).digest('base64')}:`);
  });
});
