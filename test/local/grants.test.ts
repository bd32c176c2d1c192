import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GrantRefusedError, tokenWithRole } from '../../infra/local/grants.ts';
import { type LocalIssuer, startIssuer } from '../../infra/local/oidc.ts';
import { grantBody } from '../../shared/contracts/registry.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const textOf = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

interface Asked {
  readonly line: string;
  readonly by: unknown;
  readonly body: unknown;
}

/** A registry that answers what the test says, in order, and remembers what it was asked. */
const registry = async (answers: readonly (readonly [number, object])[]) => {
  const asked: Asked[] = [];
  const left = [...answers];
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const by = claimsOf((request.headers.authorization ?? '').slice('Bearer '.length)).sub;
    asked.push({
      line: `${request.method} ${decodeURIComponent(decodeURIComponent(request.url ?? ''))}`,
      by,
      body: text === '' ? undefined : JSON.parse(text),
    });
    const [status, body] = left.shift() ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  const issuer: LocalIssuer = await startIssuer(undefined, 0, () => Date.now());
  stops.push(issuer.stop);
  return { asked, running: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, issuer: issuer.url } };
};

const officer = { role: 'officer', department: 'police', division: '3212' } as const;

describe('a token for a role', () => {
  it('is granted by the local administrator through the public API, and names the person', async () => {
    const { asked, running } = await registry([
      [404, {}],
      [200, {}],
    ]);
    const claims = claimsOf(await tokenWithRole(running, officer));
    expect(claims).toMatchObject({ sub: 'officer-police-3212', iss: running.issuer, aud: 'cradlewatch' });
    const address = `/v1/registry/grants/${running.issuer}|officer-police-3212`;
    expect(asked).toEqual([
      { line: `GET ${address}`, by: 'local-administrator', body: undefined },
      { line: `PUT ${address}`, by: 'local-administrator', body: { roles: [officer] } },
    ]);
    expect(grantBody.safeParse(asked[1]?.body).success).toBe(true);
  });

  it('edits nothing when the grant is there already', async () => {
    const { asked, running } = await registry([[200, { subject: 'x', version: 3, roles: [officer] }]]);
    await tokenWithRole(running, officer);
    expect(asked).toHaveLength(1);
  });

  it('replaces another grant of that name by its version, and looks again when it lost a race', async () => {
    const other = { subject: 'x', version: 3, roles: [] };
    const { asked, running } = await registry([
      [200, other],
      [409, {}],
      [200, { ...other, version: 4 }],
      [200, {}],
    ]);
    await tokenWithRole(running, officer);
    expect(asked.map(({ body }) => body)).toMatchObject([undefined, { version: 3 }, undefined, { version: 4 }]);
  });

  it('is not given when the registry refuses the grant', async () => {
    const { running } = await registry([
      [404, {}],
      [403, { code: 'forbidden' }],
    ]);
    await expect(tokenWithRole(running, officer)).rejects.toThrow(GrantRefusedError);
  });
});
