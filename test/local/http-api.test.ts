import { createConnection } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { routeMatcher } from '../../infra/local/http-event.ts';
import { tokenBucket } from '../../infra/local/throttle.ts';
import { type SmallStack, startSmallStack, stopSmallStacks } from './small-stack.ts';

afterAll(stopSmallStacks);

const echo = {
  code: 'exports.handler = async (event) => ({ statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(event) });',
};
interface Event {
  readonly [key: string]: unknown;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Record<string, string>;
}
const started = startSmallStack({ functions: { echo } });

/** Sends the very bytes, so that header names keep their casing and repeated headers stay apart. */
const raw = (stack: SmallStack, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port, hostname } = new URL(stack.url);
    let answer = '';
    const socket = createConnection({ port: Number(port), host: hostname });
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.write(text);
  });
const send = async (
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  headers: Record<string, string> = {},
): Promise<Event> => {
  const stack = await started;
  const response = await fetch(`${stack.url}/v1/echo`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...headers },
  });
  return (await response.json()) as Event;
};

describe('the event of a request', () => {
  it('has the shape of payload format 2.0', async () => {
    const stack = await started;
    const url = `${stack.url}/v1/echo/a%20b/things/%E8%8A%BD?one=1&two=a&two=b%2Cc&empty`;
    const event = (await (await fetch(url, { headers: { cookie: 'x=1; y=2', 'user-agent': 'test' } })).json()) as Event;
    const { host } = new URL(stack.url);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/echo/{first}/things/{second}',
      rawPath: '/v1/echo/a b/things/芽',
      rawQueryString: 'one=1&two=a&two=b%2Cc&empty',
      queryStringParameters: { one: '1', two: 'a,b,c', empty: '' },
      pathParameters: { first: 'a b', second: '芽' },
      cookies: ['x=1', 'y=2'],
      isBase64Encoded: false,
      requestContext: {
        domainName: host,
        stage: '$default',
        routeKey: 'GET /v1/echo/{first}/things/{second}',
        http: { method: 'GET', userAgent: 'test', sourceIp: '127.0.0.1' },
      },
    });
    expect(event.body).toBeUndefined();
    expect(event.headers).toMatchObject({ host, 'x-forwarded-proto': 'http' });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('has header names in lower case and repeated ones joined by a comma', async () => {
    const stack = await started;
    const lines = [
      'POST /v1/echo HTTP/1.1',
      'Host: box.example:1234',
      'X-ReDo: a, b',
      'x-redo: c',
      'Signature-Input: sig1=("@method")',
      'Content-Type: application/json',
      'Content-Length: 2',
      'Connection: close',
    ];
    const answer = await raw(stack, `${lines.join('\r\n')}\r\n\r\n{}`);
    const event = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Event;
    expect(event.headers).toMatchObject({
      host: 'box.example:1234',
      'x-redo': 'a, b,c',
      'signature-input': 'sig1=("@method")',
    });
    expect(event).toMatchObject({ body: '{}', requestContext: { domainName: 'box.example:1234' } });
  });

  it.each([
    ['spaces, newlines and a byte order mark', Buffer.from('\ufeff {"a" :\r\n 1}\n ')],
    ['characters of several bytes', Buffer.from('{"name":"托育🍼"}')],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
    ['a NUL', Buffer.from('{"a":"\u0000"}')],
  ])('keeps a JSON body with %s byte for byte', async (_what, bytes) => {
    const event = await send(new Uint8Array(bytes), 'application/json; charset=utf-8');
    expect(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').equals(bytes)).toBe(true);
  });

  it.each([
    ['application/json', {}, false],
    ['text/csv', {}, false],
    ['application/octet-stream', {}, true],
    ['application/x-www-form-urlencoded', {}, true],
    ['application/json', { 'content-encoding': 'gzip' }, true],
  ])('of type %s %o is base64: %s', async (type, headers, isBase64Encoded) => {
    expect(await send('{}', type, headers as Record<string, string>)).toMatchObject({ isBase64Encoded });
  });
});

describe('the gateway itself answers', () => {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${(await started).url}${path}`, init);
    return [response.status, await response.json()];
  };

  it('404 for a path that is no route, and for another method', async () => {
    expect(await ask('/v1/nothing')).toEqual([404, { message: 'Not Found' }]);
    expect(await ask('/v1/echo', { method: 'DELETE' })).toEqual([404, { message: 'Not Found' }]);
    expect(await ask('/v1/echo/', { method: 'POST' })).toEqual([404, { message: 'Not Found' }]);
  });

  it('413 for more than it takes', async () => {
    expect(await ask('/v1/echo', { method: 'POST', body: new Uint8Array(10 * 1024 * 1024 + 1) })).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
  });

  it('429 above the throttle of a route, and others are not held up by it', async () => {
    const routeSettings = { 'POST /v1/echo': { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 0.001 } };
    const stack = await startSmallStack({ functions: { echo, other: echo }, routeSettings });
    const post = (name: string) => fetch(`${stack.url}/v1/${name}`, { method: 'POST' });
    const first = [await post('echo'), await post('echo'), await post('echo')];
    expect(first.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(first[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post('other')).status).toBe(200);
  });

  it('with what the handler returned: status, headers, cookies, bytes; or its plain value as 200', async () => {
    const code = `const answers = {
      bytes: { statusCode: 201, headers: { 'X-It': 'is' }, cookies: ['a=1', 'b=2'], body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true },
      empty: { statusCode: 204 }, value: { plain: true }, odd: { statusCode: 'many' }, large: { statusCode: 200, body: 'x'.repeat(7e6) } };
      exports.handler = async (event) => answers[event.body];`;
    const stack = await startSmallStack({ functions: { giver: { code } } });
    const get = (body: string) =>
      fetch(`${stack.url}/v1/giver`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });
    const bytes = await get('bytes');
    expect([bytes.status, bytes.headers.get('x-it'), bytes.headers.getSetCookie()]).toEqual([
      201,
      'is',
      ['a=1', 'b=2'],
    ]);
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255]);
    expect((await get('empty')).status).toBe(204);
    expect(await (await get('value')).json()).toEqual({ plain: true });
    expect([(await get('odd')).status, (await get('large')).status]).toEqual([500, 500]);
  });
});

describe('choosing a route', () => {
  const match = routeMatcher(['GET /v1/a/{x}', 'GET /v1/a/fixed', 'ANY /v1/{rest+}', 'POST /v1/a/{x}/end']);
  it.each([
    ['GET', '/v1/a/fixed', 'GET /v1/a/fixed', {}],
    ['GET', '/v1/a/other', 'GET /v1/a/{x}', { x: 'other' }],
    ['POST', '/v1/a/o%7Ep/end', 'POST /v1/a/{x}/end', { x: 'o~p' }],
    // The path is decoded before the route is chosen: a slash that is encoded once splits it.
    ['POST', '/v1/a/o%2Fp/end', 'ANY /v1/{rest+}', { rest: 'a/o/p/end' }],
    ['POST', '/v1/a/o%252Fp/end', 'POST /v1/a/{x}/end', { x: 'o%2Fp' }],
    ['PUT', '/v1/b/c', 'ANY /v1/{rest+}', { rest: 'b/c' }],
  ])('%s %s → %s', (method, path, routeKey, pathParameters) => {
    expect(match(method, path)).toEqual({ routeKey, pathParameters });
  });
  it('finds none for a path outside', () => expect(match('GET', '/v2')).toBeUndefined());
});

describe('a throttle', () => {
  it('lets its burst through at once and its rate from then on', () => {
    let nowMs = 0;
    const take = tokenBucket({ burst: 2, ratePerSecond: 0.5 }, () => nowMs);
    expect([take(), take(), take()]).toEqual([undefined, undefined, 2]);
    nowMs = 1_999;
    expect(take()).toBe(1);
    nowMs = 2_000;
    expect(take()).toBeUndefined();
  });
});
