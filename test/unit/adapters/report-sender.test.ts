import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { keyFromSecret, makeReportSender } from '../../../shared/adapters/signature/report-sender.ts';
import { makeSigV4 } from '../../../shared/adapters/signature/sigv4.ts';
import { makeVerifyRequest } from '../../../shared/adapters/signature/verify-signature.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Seen {
  verdict?: Awaited<ReturnType<ReturnType<typeof makeVerifyRequest>>>;
  authorization?: string | undefined;
  body?: string;
}

/** Takes one request, verifies its signature as the receivers do, and answers. */
const receiver = async (answer: unknown, status = 200) => {
  const seen: Seen = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = request.headers as Record<string, string | undefined>;
    const verify = makeVerifyRequest([headers.host ?? '']);
    seen.verdict = await verify({ method: request.method ?? '', path: request.url ?? '', headers, body });
    seen.authorization = headers.authorization;
    seen.body = body.toString();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { seen, api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const accepted = { results: [{ id: 'x', result: 'accepted' }] };
const senderTo = (api: string, over = {}) =>
  makeReportSender({
    api,
    facilityId: 'canary',
    box: 'canary',
    privateKey: keyFromSecret('a secret'),
    clock: () => Date.parse('2026-03-02T10:00:00Z'),
    ...over,
  });

describe('a report of our own', () => {
  it('is signed as a box signs, with a key that follows from the secret', async () => {
    const { seen, api } = await receiver(accepted);
    const sender = senderTo(api);
    await sender.send('/v1/alarms', { id: 'x' });
    expect(seen.verdict).toMatchObject({ ok: true, facilityId: 'canary', box: 'canary', key: sender.key });
    expect(seen.body).toBe('{"id":"x"}');
    expect(senderTo(api).key).toBe(sender.key);
    expect(senderTo(api, { privateKey: keyFromSecret('another') }).key).not.toBe(sender.key);
  });

  it('carries SigV4 beside it where the gateway asks for it', async () => {
    const { seen, api } = await receiver(accepted);
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'token' };
    await senderTo(api, { signFurther: makeSigV4('cn-north-1', credentials) }).send('/v1/alarms', { id: 'x' });
    expect(seen.verdict).toMatchObject({ ok: true });
    expect(seen.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/cn-north-1\/execute-api\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    );
  });

  it.each([
    ['rejected', { results: [{ result: 'rejected' }] }, 200],
    ['key-not-live', { code: 'key-not-live' }, 403],
    ['none', {}, 500],
  ])('that is not accepted (%s) is an error', async (word, answer, status) => {
    const { api } = await receiver(answer, status);
    const failure = senderTo(api).send('/v1/alarms', { id: 'x' });
    await expect(failure).rejects.toThrow(UnavailableError);
    await expect(failure).rejects.toThrow(`/v1/alarms answered ${status} ${word}`);
  });
});
