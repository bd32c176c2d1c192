import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A link to an object that carries its own signature: SigV4 in the query. */
export interface PresignedLink {
  readonly accessKey: string;
  /** The address without the parameters of the signature, as the engine is asked. */
  readonly plainUrl: string;
  /** Headers of the answer that the link asks for. */
  readonly answerHeaders: Readonly<Record<string, string>>;
}

/** Why a link is refused, in the words of S3. */
export interface LinkRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** S3 takes no link for longer than a week. */
const LONGEST_SECONDS = 7 * 86_400;
/** How far a link may be dated ahead of the clock. */
const AHEAD_MS = 15 * 60_000;

const ofSignature =
  /^x-amz-(algorithm|credential|date|expires|signature|signedheaders|content-sha256|security-token|checksum-mode)$/i;
const answerHeaderOf: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-content-disposition': 'content-disposition',
  'response-cache-control': 'cache-control',
};

const queryOf = (url: string): URLSearchParams => new URL(url, 'http://s3').searchParams;

/** Reads a link; undefined = the address carries no signature. */
export const presignedIn = (url: string): PresignedLink | undefined => {
  const query = queryOf(url);
  const scope = /^([^/]+)\/\d{8}\/[^/]+\/s3\/aws4_request$/.exec(query.get('X-Amz-Credential') ?? '');
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || scope?.[1] === undefined) return undefined;
  const plain = new URLSearchParams();
  const answerHeaders: Record<string, string> = {};
  for (const [name, value] of query) {
    const header = answerHeaderOf[name];
    if (header !== undefined) answerHeaders[header] = value;
    else if (!ofSignature.test(name)) plain.append(name, value);
  }
  const path = url.split('?')[0] ?? '/';
  return { accessKey: scope[1], plainUrl: plain.size === 0 ? path : `${path}?${plain}`, answerHeaders };
};

/** RFC 3986, as SigV4 asks for it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const byCode = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const canonicalRequest = (
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  signed: readonly string[],
): string => {
  const query = [...queryOf(url)]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort(byCode);
  const lines = signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`);
  return [method, url.split('?')[0], query.join('&'), ...lines, '', signed.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const signatureOf = (secret: string, date: string, scope: readonly string[], canonical: string): Buffer => {
  const key = scope.reduce<string | Buffer>((inner, part) => hmac(inner, part), `AWS4${secret}`);
  const hash = createHash('sha256').update(canonical).digest('hex');
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), hash].join('\n'));
};

/** `20261122T032242Z` in milliseconds. */
const instantOf = (text: string): number => {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [year = Number.NaN, month = 1, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

const denied = (message: string): LinkRefusal => ({ status: 403, code: 'AccessDenied', message });

export interface AskedLink {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Checks the time and the signature of a link, as S3 does. `secret` is the one of the caller whom the link names. */
export const refusalOfLink = (asked: AskedLink, secret: string | undefined, nowMs: number): LinkRefusal | undefined => {
  const query = queryOf(asked.url);
  const date = query.get('X-Amz-Date') ?? '';
  const seconds = Number(query.get('X-Amz-Expires'));
  const startsAt = instantOf(date);
  if (Number.isNaN(startsAt) || !Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_SECONDS) {
    return {
      status: 400,
      code: 'AuthorizationQueryParametersError',
      message: 'The date or the expiry is no such thing',
    };
  }
  if (startsAt > nowMs + AHEAD_MS) return denied('Request is not valid yet');
  if (nowMs > startsAt + seconds * 1_000) return denied('Request has expired');
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const scope = (query.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const canonical = canonicalRequest(asked.method, asked.url, asked.headers, signed);
  const wanted = secret === undefined ? undefined : signatureOf(secret, date, scope, canonical);
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex');
  const isRight =
    wanted !== undefined &&
    signed.includes('host') &&
    scope[0] === date.slice(0, 8) &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted);
  if (isRight) return undefined;
  const message = 'The request signature we calculated does not match the signature you provided.';
  return { status: 403, code: 'SignatureDoesNotMatch', message };
};
