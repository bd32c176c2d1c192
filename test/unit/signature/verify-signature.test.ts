import { verify as check, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeVerifyRequest } from '../../../shared/adapters/signature/verify-signature.ts';
import { formatKeyId } from '../../../shared/contracts/signature-profile.ts';
import type { SignedRequest } from '../../../shared/ports/request-verifier.ts';
import {
  contentDigest,
  makeTestKey,
  profileComponents,
  type RequestToSign,
  signRequest,
} from '../../support/rfc9421-signer.ts';

const AUTHORITY = 'api.example.com';
const key = makeTestKey();
const keyid = formatKeyId({ facilityId: 'taizhou-0001', box: 'box-1', key: key.publicKey });
const body = '{"id":"1"}';

const toSign = (changes: Partial<RequestToSign> = {}): RequestToSign => ({
  authority: AUTHORITY,
  path: '/v1/heartbeats',
  body,
  keyid,
  privateKey: key.privateKey,
  created: 1_772_413_200,
  ...changes,
});

const requestOf = (changes: Partial<RequestToSign> = {}): SignedRequest => {
  const request = toSign(changes);
  return { method: 'POST', path: request.path, headers: signRequest(request), body: Buffer.from(request.body) };
};

const verify = makeVerifyRequest([AUTHORITY, 'LOCAL.example.com:8787']);

describe('a request signed from the RFC alone', () => {
  it('is accepted, and says who signed and when', async () => {
    expect(await verify(requestOf())).toEqual({
      ok: true,
      signatureBase: expect.any(Uint8Array),
      signature: expect.any(Uint8Array),
      facilityId: 'taizhou-0001',
      box: 'box-1',
      key: key.publicKey,
      createdMs: 1_772_413_200_000,
    });
  });

  it('hands on what was signed and the signature over it, which fit each other under its key', async () => {
    const verified = await verify(requestOf());
    if (!verified.ok) throw new Error(verified.detail);
    const { signatureBase, signature } = verified;
    const lines = Buffer.from(signatureBase).toString().split('\n');
    expect(lines).toContain(`"content-digest": ${contentDigest(body)}`);
    expect(lines.at(-1)).toContain('"@signature-params":');
    const publicKey = createPublicKey(key.privateKey);
    expect(check(null, signatureBase, publicKey, signature)).toBe(true);
    expect(check(null, Buffer.concat([signatureBase, Buffer.from(' ')]), publicKey, signature)).toBe(false);
  });

  it.each<[string, Partial<RequestToSign>]>([
    [
      'its components are in another order',
      { components: ['content-digest', '@path', 'content-type', '@authority', '@method'] },
    ],
    ['its digest is sha-512', { digest: 'sha-512' }],
    ['its label is another', { label: 'box' }],
    ['it names its algorithm', { moreParameters: ';alg="ed25519"' }],
    ['it has a nonce', { moreParameters: ';nonce="a1"' }],
    ['its host is written in capitals', { authority: 'API.Example.com' }],
    ['its authority has a port', { authority: 'local.example.com:8787' }],
    ['its clock stands in 1970', { created: 0 }],
    ['its clock runs a century ahead', { created: 4_900_000_000 }],
    ['its body is empty', { body: '' }],
  ])('is accepted when %s', async (_, changes) => {
    expect(await verify(requestOf(changes))).toMatchObject({ ok: true });
  });

  it('is accepted with the port that https implies, which is no part of the authority', async () => {
    const request = requestOf();
    expect(await verify({ ...request, headers: { ...request.headers, host: `${AUTHORITY}:443` } })).toMatchObject({
      ok: true,
    });
  });
});

describe('a request is refused, and the part is named,', () => {
  it.each<[string, Partial<RequestToSign>, string]>([
    [
      '@path is not covered',
      { components: ['@method', '@authority', 'content-type', 'content-digest'] },
      'signature-input',
    ],
    [
      '@authority is not covered',
      { components: ['@method', '@path', 'content-type', 'content-digest'] },
      'signature-input',
    ],
    [
      'content-digest is not covered',
      { components: ['@method', '@authority', '@path', 'content-type'] },
      'signature-input',
    ],
    ['its tag is of another protocol', { tag: 'web-bot-auth' }, 'signature-input'],
    ['it names another algorithm', { moreParameters: ';alg="rsa-pss-sha512"' }, 'signature-input'],
    ['it has a parameter of another profile', { moreParameters: ';expires=9999999999' }, 'signature-input'],
    ['its parameter stands twice', { moreParameters: ';tag="cradlewatch-v1"' }, 'signature-input'],
    ['created is negative', { created: -1 }, 'signature-input'],
    ['created is beyond our keys', { created: 10_000_000_000 }, 'signature-input'],
    ['created is not whole', { created: 1.5 }, 'signature-input'],
    ['the keyid is a name', { keyid: 'box-1' }, 'keyid'],
    ['the keyid names a facility with capitals', { keyid: `Facility/box-1/${key.publicKey}` }, 'keyid'],
    ['the keyid has another separator', { keyid: `f%2Fb%2F${key.publicKey}` }, 'keyid'],
    ['the keyid has a backslash', { keyid: `f\\\\b\\\\${key.publicKey}` }, 'keyid'],
    ['the keyid has a part too many', { keyid: `f/b/c/${key.publicKey}` }, 'keyid'],
    ['the keyid has an empty part', { keyid: `f//${key.publicKey}` }, 'keyid'],
    ['the keyid climbs', { keyid: `f/../${key.publicKey}` }, 'keyid'],
    ['the keyid has blanks around it', { keyid: ` f/b/${key.publicKey} ` }, 'keyid'],
    ['its key is padded', { keyid: `f/b/${key.publicKey}=` }, 'keyid'],
    ['its key is written in plain base64', { keyid: `f/b/${'+'.repeat(42)}A` }, 'keyid'],
    ['its components are given twice', { components: [...profileComponents, '@path'] }, 'signature-input'],
    ['the key of the keyid is of low order', { keyid: `f/b/${'A'.repeat(43)}` }, 'keyid'],
    ['the key of the keyid is another one', { keyid: `f/b/${makeTestKey().publicKey}` }, 'signature'],
  ])('when %s', async (_, changes, part) => {
    expect(await verify(requestOf(changes))).toMatchObject({ ok: false, code: 'signature-invalid', part });
  });

  it.each(['signature', 'signature-input', 'content-digest', 'content-type', 'host'])(
    'when %s is missing',
    async (name) => {
      const { headers, ...rest } = requestOf();
      const verdict = await verify({ ...rest, headers: { ...headers, [name]: undefined } });
      expect(verdict).toMatchObject({ ok: false, code: 'signature-missing', part: name });
    },
  );

  it('when it was made for another host', async () => {
    const verdict = await verify(requestOf({ authority: 'evil.example.com' }));
    expect(verdict).toMatchObject({ ok: false, code: 'authority-unknown', part: '@authority' });
  });

  it('when it was made for another of our hosts', async () => {
    const request = requestOf();
    const verdict = await verify({ ...request, headers: { ...request.headers, host: 'local.example.com:8787' } });
    expect(verdict).toMatchObject({ ok: false, code: 'signature-invalid', part: 'signature' });
  });

  it('when its body is another, though the digest is signed', async () => {
    const verdict = await verify({ ...requestOf(), body: Buffer.from('{"id":"2"}') });
    expect(verdict).toMatchObject({ ok: false, code: 'digest-mismatch', part: 'content-digest' });
  });

  it('when body and digest are others', async () => {
    const other = '{"id":"2"}';
    const { headers, ...rest } = requestOf();
    const digest = contentDigest(other);
    const verdict = await verify({
      ...rest,
      headers: { ...headers, 'content-digest': digest },
      body: Buffer.from(other),
    });
    expect(verdict).toMatchObject({ ok: false, code: 'signature-invalid', part: 'signature' });
  });

  it('and shows the base that we computed, for the signer to compare', async () => {
    const verdict = await verify({ ...requestOf(), path: '/v1/alarms' });
    const input = requestOf().headers['signature-input']?.slice('sig1='.length);
    expect(verdict).toMatchObject({
      part: 'signature',
      signatureBase: [
        '"@method": POST',
        `"@authority": ${AUTHORITY}`,
        '"@path": /v1/alarms',
        '"content-type": application/json',
        `"content-digest": ${contentDigest(body)}`,
        `"@signature-params": ${input}`,
      ].join('\n'),
    });
  });

  it('when the gateway has joined headers that came twice', async () => {
    const { headers, ...rest } = requestOf();
    for (const name of ['signature', 'signature-input', 'content-digest', 'content-type', 'host']) {
      const twice = { ...headers, [name]: `${headers[name]},${headers[name]}` };
      expect((await verify({ ...rest, headers: twice })).ok, name).toBe(false);
    }
  });

  it('when one of several digests is wrong or of no algorithm that we know', async () => {
    const { headers, ...rest } = requestOf();
    const right = contentDigest(body);
    for (const digest of [`${right}, ${contentDigest('x', 'sha-512')}`, 'md5=:AAAA:', 'sha-256=?1', 'sha-256=AAAA']) {
      const verdict = await verify({ ...rest, headers: { ...headers, 'content-digest': digest } });
      expect(verdict, digest).toMatchObject({ ok: false, code: 'digest-mismatch' });
    }
  });

  it('when two signatures leave open which one is meant', async () => {
    const { headers, ...rest } = requestOf();
    const twice = {
      ...headers,
      signature: `${headers.signature}, ${headers.signature?.replace('sig1', 'sig2')}`,
      'signature-input': `${headers['signature-input']}, ${headers['signature-input']?.replace('sig1', 'sig2')}`,
    };
    expect(await verify({ ...rest, headers: twice })).toMatchObject({ ok: false, part: 'signature-input' });
  });
});

describe('whatever is tampered with', () => {
  const signed = requestOf();
  const names = ['signature', 'signature-input', 'content-digest', 'content-type', 'host'] as const;

  it('no changed character of a header is accepted, and none throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(400),
        fc.string({ minLength: 1, maxLength: 2, unit: 'binary' }),
        async (name, at, replacement) => {
          const value = signed.headers[name] ?? '';
          const where = at % value.length;
          const changed = value.slice(0, where) + replacement + value.slice(where + 1);
          const isSame = changed.trim().toLowerCase() === value.toLowerCase() && name === 'host';
          fc.pre(changed !== value && !isSame);
          const verdict = await verify({ ...signed, headers: { ...signed.headers, [name]: changed } });
          // Structured fields may be spelled in several ways: what still verifies must mean the very same.
          if (verdict.ok) expect(changed.replace(/[ \t]/g, '')).toBe(value.replace(/[ \t]/g, ''));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('no garbage in the signature headers throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (input, signature) => {
        const headers = { ...signed.headers, 'signature-input': `a${input}`, signature: `a${signature}` };
        expect(await verify({ ...signed, headers })).toMatchObject({ ok: false });
      }),
      { numRuns: 500 },
    );
  });
});
