import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { verifySignature } from 'http-message-sig';
import { describe, expect, it } from 'vitest';
import { signatureBaseOf } from '../../../shared/adapters/signature/signature-base.ts';
import { makeVerifyRequest } from '../../../shared/adapters/signature/verify-signature.ts';
import { digestFault } from '../../../shared/evidence/content-digest.ts';
import { contentDigest, signatureBase } from '../../support/rfc9421-signer.ts';

/** RFC 9421 Appendix B.1.4 and B.2.6, letter for letter. */
const publicKey = createPublicKey({
  key: Buffer.from('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64'),
  format: 'der',
  type: 'spki',
});
const privateKey = createPrivateKey({
  key: Buffer.from('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF', 'base64'),
  format: 'der',
  type: 'pkcs8',
});
const parameters =
  '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
const base = `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ${parameters}`;
const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==';

const headers = {
  host: 'example.com',
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-digest':
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
  'content-length': '18',
  'signature-input': `sig-b26=${parameters}`,
  signature: `sig-b26=:${signature}:`,
};
const body = Buffer.from('{"hello": "world"}');
const message = {
  kind: 'request',
  method: 'POST',
  targetUri: 'https://example.com/foo?param=Value&Pet=dog',
  fields: Object.entries(headers).map(([name, value]) => ({ name, value })),
} as const;

describe('RFC 9421 Appendix B.2.6', () => {
  it('is verified by the library', async () => {
    const verified = await verifySignature(message, {
      policy: { algorithms: ['ed25519'], requiredComponents: ['@method'], requiredParameters: ['created'] },
      resolveVerifier: () => ({ algorithm: 'ed25519', verify: (data, bytes) => verify(null, data, publicKey, bytes) }),
    });
    expect(verified.label).toBe('sig-b26');
  });

  it('is what the signer of the tests makes', () => {
    const values = {
      date: headers.date,
      '@method': 'POST',
      '@path': '/foo',
      '@authority': 'example.com',
      'content-type': 'application/json',
      'content-length': '18',
    };
    expect(signatureBase(values, parameters)).toBe(base);
    expect(sign(null, Buffer.from(base), privateKey).toString('base64')).toBe(signature);
  });

  it('has the base that we show to a signer who is refused', () => {
    expect(signatureBaseOf(message)).toBe(base);
  });

  it('is not of our profile, and is refused with the reason', async () => {
    const verdict = await makeVerifyRequest(['example.com'])({ method: 'POST', path: '/foo', headers, body });
    expect(verdict).toMatchObject({ ok: false, code: 'signature-invalid', part: 'signature-input' });
  });
});

describe('RFC 9530 content digests', () => {
  const sha256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';

  it('fit the body of the RFC, alone and together', () => {
    expect(digestFault(headers['content-digest'], body)).toBeUndefined();
    expect(digestFault(sha256, body)).toBeUndefined();
    expect(digestFault(`${sha256}, ${headers['content-digest']}`, body)).toBeUndefined();
    expect(contentDigest(body)).toBe(sha256);
  });

  it('are refused if any that we know is wrong, though another fits', () => {
    const wrong = contentDigest('something else', 'sha-512');
    expect(digestFault(`${sha256}, ${wrong}`, body)).toContain('sha-512');
  });

  it('may name algorithms that we do not know, beside one that we do', () => {
    expect(digestFault(`md5=:AAAA:, ${sha256}`, body)).toBeUndefined();
    expect(digestFault('md5=:AAAA:', body)).toContain('names none');
  });

  it.each(['', 'sha-256', 'sha-256=abc', 'sha-256=("a")', 'sha-256=:AAAA:', '%%%'])('are refused when %j', (field) => {
    expect(digestFault(field, body)).toBeTypeOf('string');
  });
});
