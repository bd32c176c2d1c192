import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { localAccount } from './template.ts';

/** The route that a request met, and the values of its path parameters. */
export interface Matched {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface ParsedRoute {
  readonly routeKey: string;
  readonly method: string;
  readonly segments: readonly string[];
}

const parseRoute = (routeKey: string): ParsedRoute => {
  const [method = '', path = ''] = routeKey.split(' ');
  return { routeKey, method, segments: path.split('/').slice(1) };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const matchSegments = (wanted: readonly string[], actual: readonly string[]): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name?.endsWith('+') && actual.length > index) {
      parameters[name.slice(0, -1)] = actual.slice(index).join('/');
      return parameters;
    }
    const value = actual[index];
    if (value === undefined || (name === undefined ? value !== segment : value === '')) return undefined;
    if (name !== undefined) parameters[name] = value;
  }
  return wanted.length === actual.length ? parameters : undefined;
};

/**
 * Chooses as the HTTP API does: the most specific route wins (fixed segments before parameters before `{rest+}`), a
 * method of its own before ANY, `$default` last. No match, or another method, is the same 404. The path is decoded first,
 * once: a slash that was encoded once splits it, and one that was encoded twice arrives encoded.
 */
export const routeMatcher = (routeKeys: readonly string[]) => {
  const specificity = ({ segments, method }: ParsedRoute): string =>
    `${segments.map((segment) => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0')).join('')}${method === 'ANY' ? '1' : '0'}`;
  const parsed = routeKeys
    .filter((key) => key !== '$default')
    .map(parseRoute)
    .sort((a, b) => (specificity(a) < specificity(b) ? -1 : 1));
  return (method: string, path: string): Matched | undefined => {
    const segments = decode(path).split('/').slice(1);
    for (const route of parsed) {
      if (route.method !== method && route.method !== 'ANY') continue;
      const pathParameters = matchSegments(route.segments, segments);
      if (pathParameters !== undefined) return { routeKey: route.routeKey, pathParameters };
    }
    return routeKeys.includes('$default') ? { routeKey: '$default', pathParameters: {} } : undefined;
  };
};

/** Content types whose bodies the HTTP API hands on as text. Everything else, and whatever is compressed, is base64. */
const textType = /^(text\/.*|application\/(json|javascript|xml|vnd\.api\+json))$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const bodyOf = (
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): { body?: string; isBase64Encoded: boolean } => {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (textType.test(type) && headers['content-encoding'] === undefined) {
    try {
      return { body: utf8.decode(body), isBase64Encoded: false };
    } catch {
      // not UTF-8: only base64 keeps the bytes that the signature covers
    }
  }
  return { body: body.toString('base64'), isBase64Encoded: true };
};

/** Header names lower-cased, repeated ones joined by a comma, cookies apart. */
const headersOf = (incoming: IncomingMessage): { headers: Record<string, string>; cookies: string[] } => {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    const name = incoming.rawHeaders[at]?.toLowerCase() ?? '';
    const value = incoming.rawHeaders[at + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
};

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const accessLogTime = (at: Date): string => {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${monthNames[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
};

/** The event of payload format 2.0 for one request, as the HTTP API would hand it to the function. */
export const httpEvent = (incoming: IncomingMessage, body: Buffer, matched: Matched, nowMs: number): object => {
  const [rawPath = '/', ...query] = (incoming.url ?? '/').split('?');
  const rawQueryString = query.join('?');
  const { headers, cookies } = headersOf(incoming);
  const sourceIp = incoming.socket.remoteAddress ?? '127.0.0.1';
  const host = headers.host ?? '';
  const queryStringParameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    queryStringParameters[name] = name in queryStringParameters ? `${queryStringParameters[name]},${value}` : value;
  }
  const path = decode(rawPath);
  return {
    version: '2.0',
    routeKey: matched.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: {
      'content-length': String(body.length),
      ...headers,
      'x-amzn-trace-id': `Root=1-${Math.floor(nowMs / 1_000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      'x-forwarded-for':
        headers['x-forwarded-for'] === undefined ? sourceIp : `${headers['x-forwarded-for']}, ${sourceIp}`,
      'x-forwarded-port': host.split(':')[1] ?? '80',
      'x-forwarded-proto': 'http',
    },
    ...(rawQueryString === '' ? {} : { queryStringParameters }),
    ...(Object.keys(matched.pathParameters).length === 0 ? {} : { pathParameters: matched.pathParameters }),
    requestContext: {
      accountId: localAccount.accountId,
      apiId: 'local',
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: {
        method: incoming.method ?? 'GET',
        path,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: matched.routeKey,
      stage: '$default',
      time: accessLogTime(new Date(nowMs)),
      timeEpoch: nowMs,
    },
    ...bodyOf(body, headers),
  };
};
