import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeWatchdog } from '../../../shared/adapters/watchdog/watchdog.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const listen = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-name`;
};

/** What came of a feed: nothing, or the error with all that it says. */
const fed = async (url: string): Promise<string> => {
  try {
    await makeWatchdog(url, 200).feed();
    return 'fed';
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message} ${cause === undefined ? '' : String(cause)}`.trim();
  }
};

describe('the watchdog outside', () => {
  it('takes a POST', async () => {
    const seen: string[] = [];
    const url = await listen((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end();
    });
    expect(await fed(url)).toBe('fed');
    expect(seen).toEqual(['POST /secret-name']);
  });

  it.each([
    ['an error', (response: Parameters<RequestListener>[1]) => response.writeHead(500).end()],
    ['another place', (response: Parameters<RequestListener>[1]) => response.writeHead(302, { location: '/' }).end()],
    ['nothing at all', () => undefined],
  ])('that answers %s was not fed, and its address is in no error', async (_, answer) => {
    const said = await fed(await listen((_request, response) => void answer(response)));
    expect(said).toMatch(/^the watchdog did not take its feed/);
    expect(said).not.toContain('secret-name');
    expect(said).not.toContain('127.0.0.1');
  });

  it('that is gone was not fed', async () => {
    const url = await listen(() => undefined);
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    expect(await fed(url)).toBe('the watchdog did not take its feed: no answer');
  });
});
