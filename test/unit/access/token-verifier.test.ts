import { createHmac, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseIssuers } from '../../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier, type SignatureAlgorithm } from '../../../shared/adapters/oidc/token-verifier.ts';
import { TokenRefusedError, UnavailableError } from '../../../shared/domain/errors.ts';

const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
const AUDIENCE = 'cradlewatch';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let rsa: Keys;
let other: Keys;
let server: Server;
let issuer: string;
const asked: string[] = [];
let answerStatus = 200;
let claimedIssuer: string | undefined;

beforeAll(async () => {
  rsa = await generateKeyPair('RS256', { extractable: true });
  other = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(rsa.publicKey)), kid: 'one', use: 'sig' };
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(answerStatus, { 'content-type': 'application/json' });
    const discovery = { issuer: claimedIssuer ?? issuer, jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : discovery));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked.length = 0;
  answerStatus = 200;
  claimedIssuer = undefined;
});

const verifierOf = (algorithms: readonly SignatureAlgorithm[] = ['RS256'], jwksUri?: string) =>
  makeTokenVerifier({ issuers: [{ issuer, audience: AUDIENCE, jwksUri, algorithms }], clock: () => NOW_MS });

const seconds = (ms: number): number => Math.floor(ms / 1_000);

const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: AUDIENCE,
  sub: 'wang',
  iat: seconds(NOW_MS),
  exp: seconds(NOW_MS) + 600,
  ...more,
});

const signed = (payload: JWTPayload, key: Keys['privateKey'] = rsa.privateKey, header: object = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const refusal = async (token: string, verifier = verifierOf()): Promise<string> => {
  const error = await verifier.verify(token).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TokenRefusedError);
  return (error as Error).message;
};

describe('a token is believed', () => {
  it('if the issuer signed it for us and it is still valid; keys are found by discovery, once', async () => {
    const verifier = verifierOf();
    expect(await verifier.verify(await signed(claims()))).toBe(`${issuer}|wang`);
    expect(await verifier.verify(await signed(claims({ sub: 'li' })))).toBe(`${issuer}|li`);
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('with the keys from a setting, without discovery', async () => {
    expect(await verifierOf(['RS256'], `${issuer}/keys`).verify(await signed(claims()))).toBe(`${issuer}|wang`);
    expect(asked).toEqual(['/keys']);
  });

  it('if ours is one of several audiences', async () => {
    expect(await verifierOf().verify(await signed(claims({ aud: ['portal', AUDIENCE] })))).toBe(`${issuer}|wang`);
  });
});

describe('a token is refused', () => {
  it('one second after its expiry and the tolerance, and not before', async () => {
    const edge = seconds(NOW_MS) - 30;
    expect(await refusal(await signed(claims({ exp: edge })))).toBe('the token has expired');
    expect(await verifierOf().verify(await signed(claims({ exp: edge + 1 })))).toBe(`${issuer}|wang`);
  });

  it('before it is valid', async () => {
    expect(await refusal(await signed(claims({ nbf: seconds(NOW_MS) + 60 })))).toContain('nbf');
  });

  it('without an expiry, and without a subject', async () => {
    const { exp: _exp, ...endless } = claims();
    expect(await refusal(await signed(endless))).toContain('exp');
    const { sub: _sub, ...nobody } = claims();
    expect(await refusal(await signed(nobody))).toContain('sub');
  });

  it('if another key signed it, under our key id or its own', async () => {
    expect(await refusal(await signed(claims(), other.privateKey))).toBe('the signature is wrong');
    expect(await refusal(await signed(claims(), other.privateKey, { kid: 'two' }))).toContain('does not publish');
  });

  it('if it was altered after signing', async () => {
    const [header, , signature] = (await signed(claims())).split('.');
    expect(await refusal(`${header}.${base64url(claims({ sub: 'admin' }))}.${signature}`)).toBe(
      'the signature is wrong',
    );
  });

  it('for another audience or of another issuer', async () => {
    expect(await refusal(await signed(claims({ aud: 'another-app' })))).toContain('another audience');
    expect(await refusal(await signed(claims({ iss: 'https://evil.example' })))).toContain('issuer is not known');
    expect(asked).toEqual([]);
  });

  it('with "alg": "none", in any spelling, with or without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      await refusal(`${base64url({ alg, kid: 'one' })}.${base64url(claims())}.`);
      await refusal(`${base64url({ alg, kid: 'one' })}.${base64url(claims())}.c2ln`);
    }
  });

  it('signed with HS256 and our public key as the secret', async () => {
    const input = `${base64url({ alg: 'HS256', kid: 'one' })}.${base64url(claims())}`;
    const secrets = [
      await exportSPKI(rsa.publicKey),
      Buffer.from((await exportJWK(rsa.publicKey)).n ?? '', 'base64url'),
    ] as const;
    for (const secret of secrets) {
      const signature = createHmac('sha256', secret as string | KeyObject)
        .update(input)
        .digest('base64url');
      expect(await refusal(`${input}.${signature}`)).toContain('algorithm');
    }
  });

  it('signed with an algorithm that is not pinned for this issuer, though the key is right', async () => {
    expect(await refusal(await signed(claims()), verifierOf(['ES256']))).toContain('algorithm');
  });

  it('that brings its own key or names another place for keys', async () => {
    const jwk = await exportJWK(other.publicKey);
    await refusal(await signed(claims(), other.privateKey, { jwk }));
    await refusal(await signed(claims(), other.privateKey, { jku: `${issuer}/evil` }));
    expect(asked).not.toContain('/evil');
  });

  it('if it is no token at all', async () => {
    for (const text of ['', 'x', 'a.b.c', '..', `${'a'.repeat(20_000)}.b.c`, base64url({ alg: 'RS256' })]) {
      await refusal(text);
    }
  });

  it('if its subject could be read in two ways', async () => {
    for (const sub of ['', 'a b', 'a\n', '王', 'x'.repeat(256)]) await refusal(await signed(claims({ sub })));
  });
});

describe('an issuer that does not answer', () => {
  it('is trouble of ours (503), not a fault of the token, and the next request asks again', async () => {
    const verifier = verifierOf();
    answerStatus = 500;
    await expect(verifier.verify(await signed(claims()))).rejects.toBeInstanceOf(UnavailableError);
    answerStatus = 200;
    expect(await verifier.verify(await signed(claims()))).toBe(`${issuer}|wang`);
  });

  it('is the same when nobody listens', async () => {
    const dead = 'http://127.0.0.1:1';
    const verifier = makeTokenVerifier({
      issuers: [{ issuer: dead, audience: AUDIENCE, algorithms: ['RS256'] }],
      clock: () => NOW_MS,
    });
    await expect(verifier.verify(await signed(claims({ iss: dead })))).rejects.toBeInstanceOf(UnavailableError);
  });

  it('is the same when its discovery document speaks for somebody else', async () => {
    claimedIssuer = 'https://evil.example';
    await expect(verifierOf().verify(await signed(claims()))).rejects.toBeInstanceOf(UnavailableError);
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });
});

describe('without any issuer', () => {
  it('every token is refused', async () => {
    const verifier = makeTokenVerifier({ issuers: [], clock: () => NOW_MS });
    expect(await refusal(await signed(claims()), verifier)).toContain('issuer is not known');
  });
});

describe('settings that could not be trusted stop the start', () => {
  const start =
    (issuerOf: string, algorithms: readonly string[], audience = AUDIENCE) =>
    () =>
      makeTokenVerifier({
        issuers: [{ issuer: issuerOf, audience, algorithms: algorithms as SignatureAlgorithm[] }],
        clock: () => NOW_MS,
      });

  it('no audience, no algorithm, HMAC, none, keys over plain HTTP', () => {
    expect(start('https://id.example', ['RS256'], '')).toThrow('no audience');
    expect(start('https://id.example', [])).toThrow('algorithms');
    expect(start('https://id.example', ['RS256', 'HS256'])).toThrow('algorithms');
    expect(start('https://id.example', ['none'])).toThrow('algorithms');
    expect(start('http://id.example', ['RS256'])).toThrow('https');
    expect(start('https://id.example', ['RS256'])).not.toThrow();
  });

  it('a list that is not one is named with its faults', () => {
    const good = { issuer: 'https://id.example', audience: AUDIENCE, algorithms: ['RS256'] };
    expect(parseIssuers([good])).toEqual([good]);
    expect(() => parseIssuers([{ ...good, algorithms: ['HS256'] }])).toThrow('algorithms');
    expect(() => parseIssuers([{ ...good, secret: 'x' }])).toThrow('secret');
    expect(() => parseIssuers('x')).toThrow('not a list of issuers');
  });
});
