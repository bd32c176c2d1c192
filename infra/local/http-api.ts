import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Feed } from './feed.ts';
import type { Invoked, LocalFunction } from './functions.ts';
import { httpEvent, routeMatcher } from './http-event.ts';
import type { RouteSpec } from './model.ts';
import { tokenBucket } from './throttle.ts';

/** The HTTP API takes 10 MB. */
const maxBodyBytes = 10 * 1024 * 1024;
/** Lambda takes and gives 6 MB. */
const maxPayloadBytes = 6 * 1024 * 1024;

export interface HttpApi {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface HttpApiOptions {
  readonly routes: readonly RouteSpec[];
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly port: number;
  readonly now: () => number;
  readonly feed: Feed;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
}

const plain = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ message }),
});
const notFound = plain(404, 'Not Found');
const tooLarge = plain(413, 'Request Entity Too Large');
const internalError = plain(500, 'Internal Server Error');
const unavailable = plain(503, 'Service Unavailable');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads what a handler returned: an object with a status code is an answer, anything else is the body of a 200. */
const answerOf = (payload: string | undefined): Answer => {
  if (payload === undefined) return { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' };
  const result: unknown = JSON.parse(payload);
  if (!isRecord(result) || result.statusCode === undefined) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: typeof result === 'string' ? result : payload,
    };
  }
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return internalError;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(isRecord(result.headers) ? result.headers : {}))
    headers[name.toLowerCase()] = String(value);
  if (Array.isArray(result.cookies)) headers['set-cookie'] = result.cookies.map(String);
  const body = result.body;
  const text = body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  if (text !== '' && headers['content-type'] === undefined) headers['content-type'] = 'text/plain;charset=UTF-8';
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text };
};

const answerToInvoked = (invoked: Invoked): Answer => {
  if (!invoked.ok) return invoked.why === 'failed' ? internalError : unavailable;
  if (Buffer.byteLength(invoked.payload ?? '') > maxPayloadBytes) return internalError;
  return answerOf(invoked.payload);
};

/** The whole body, byte for byte, or undefined when it is longer than the API takes (the rest is read and dropped). */
const readBody = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(chunks);
};

const limited = async (invoked: Promise<Invoked>, timeoutMs: number): Promise<Invoked> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Invoked>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, why: 'timed-out', error: 'the integration timed out' }), timeoutMs);
  });
  return Promise.race([invoked, late]).finally(() => clearTimeout(timer));
};

/** Serves the routes of the template as the HTTP API does. The gateway's own errors have the gateway's own texts. */
export const startHttpApi = async ({ routes, functions, port, now, feed }: HttpApiOptions): Promise<HttpApi> => {
  const match = routeMatcher(routes.map((route) => route.routeKey));
  const served = new Map(
    routes.map((route) => [
      route.routeKey,
      { route, take: route.throttle === undefined ? undefined : tokenBucket(route.throttle) },
    ]),
  );

  const answerTo = async (incoming: IncomingMessage): Promise<Answer & { routeKey: string }> => {
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const matched = match(incoming.method ?? 'GET', path);
    const at = matched === undefined ? undefined : served.get(matched.routeKey);
    const waitSeconds = at?.take?.();
    const body = await readBody(incoming);
    if (matched === undefined || at === undefined) return { ...notFound, routeKey: '-' };
    const { routeKey } = matched;
    if (waitSeconds !== undefined)
      return { ...plain(429, 'Too Many Requests', { 'retry-after': String(waitSeconds) }), routeKey };
    if (body === undefined || body.length > maxPayloadBytes) return { ...tooLarge, routeKey };
    const target = functions.get(at.route.functionId);
    if (target === undefined) return { ...unavailable, routeKey }; // the stack is still starting
    const invoked = await limited(target.invoke(httpEvent(incoming, body, matched, now())), at.route.timeoutMs);
    return { ...answerToInvoked(invoked), routeKey };
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const { status, headers, body, routeKey } = await answerTo(incoming);
    const hasBody = status !== 204 && status !== 304;
    response.writeHead(status, { ...headers, ...(hasBody ? { 'content-length': Buffer.byteLength(body) } : {}) });
    response.end(hasBody && incoming.method !== 'HEAD' ? body : undefined);
    feed({ kind: 'request', routeKey, path: incoming.url ?? '', status, tookMs: performance.now() - startedAt });
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // The caller went away in the middle of its request, or a handler returned what no HTTP answer can hold.
      if (!incoming.destroyed) feed({ kind: 'fault', message: `the gateway failed: ${String(error)}` });
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(internalError.body);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(force);
    },
  };
};
