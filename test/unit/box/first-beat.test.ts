import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boxIdentity, newPrivateKeyPem, readPrivateKeyPem, signedHeaders } from '../../../box/signer.ts';
import { makeVerifyRequest } from '../../../shared/adapters/signature/verify-signature.ts';
import { heartbeatSchema } from '../../../shared/contracts/reports/heartbeat.ts';
import type { RefusedSignature, VerifiedSignature } from '../../../shared/ports/request-verifier.ts';

const script = join(import.meta.dirname, '..', '..', '..', 'docs', 'vendors', 'first-beat.sh');
const run = promisify(execFile);

interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
  readonly verified: VerifiedSignature | RefusedSignature;
}

let calls: Call[];
let server: Server;
let authority: string;
let directory: string;

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

beforeEach(async () => {
  calls = [];
  directory = mkdtempSync(join(tmpdir(), 'first-beat-'));
  server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const body = await bodyOf(request);
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
    const verified = await makeVerifyRequest([authority])({ method, path, headers: flat, body });
    calls.push({ method, path, authorization: headers.authorization, body, verified });
    response.writeHead(path === '/v1/heartbeats' && !verified.ok ? 401 : 200).end('{"results":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

const firstBeat = (env: Record<string, string> = {}) =>
  run('bash', [script], {
    cwd: directory,
    env: { PATH: process.env.PATH, API: `http://${authority}`, FACILITY: 'sunrise', BOX: 'box-9', ...env },
  });

describe('the script of the vendors’ guide', () => {
  test('signs a heartbeat that the verifier and the contract accept, with openssl and curl alone', async () => {
    const { stdout } = await firstBeat();
    expect(stdout.trim()).toBe('{"results":[]}');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.verified).toMatchObject({ ok: true, facilityId: 'sunrise', box: 'box-9' });
    expect(() => heartbeatSchema.parse(JSON.parse(String(calls[0]?.body)))).not.toThrow();
  });

  test('enrols the box and its key first when it has a registrar’s token', async () => {
    await firstBeat({ TOKEN: 'a-token' });
    const key = calls[2]?.verified.ok ? calls[2].verified.key : 'not verified';
    expect(calls.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ['PUT', '/v1/registry/facilities/sunrise/boxes/box-9', 'Bearer a-token'],
      ['PUT', `/v1/registry/facilities/sunrise/boxes/box-9/keys/${key}`, 'Bearer a-token'],
      ['POST', '/v1/heartbeats', undefined],
    ]);
  });

  test('keeps its key: a second beat is signed by the same', async () => {
    await firstBeat();
    await firstBeat();
    const keys = calls.map((call) => (call.verified.ok ? call.verified.key : undefined));
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(calls.map((call) => JSON.parse(String(call.body)).id)).size).toBe(2);
  });

  test('fails, and shows the answer, when the API refuses', async () => {
    authority = authority.replace('127.0.0.1', 'localhost');
    const beat = run('bash', [script], {
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        API: `http://${authority.replace('localhost', '127.0.0.1')}`,
        FACILITY: 'f',
        BOX: 'b',
      },
    });
    await expect(beat).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('results') });
  });
});

test('what the reference box signs, the verifier accepts; with one bit changed it does not', async () => {
  const identity = boxIdentity('sunrise', 'box-1', readPrivateKeyPem(newPrivateKeyPem()));
  const url = new URL('https://api.example.cn/v1/alarms');
  const body = Buffer.from('[]');
  const headers = {
    host: 'api.example.cn',
    ...signedHeaders(identity, { method: 'POST', url, body, createdMs: 1_000 }),
  };
  const verify = makeVerifyRequest(['api.example.cn']);
  const request = { method: 'POST', path: '/v1/alarms', headers, body };
  expect(await verify(request)).toMatchObject({
    ok: true,
    facilityId: 'sunrise',
    box: 'box-1',
    key: identity.key,
    createdMs: 1_000,
  });
  expect(await verify({ ...request, path: '/v1/heartbeats' })).toMatchObject({ ok: false, code: 'signature-invalid' });
  expect(await verify({ ...request, body: Buffer.from('{}') })).toMatchObject({ ok: false, code: 'digest-mismatch' });
});
