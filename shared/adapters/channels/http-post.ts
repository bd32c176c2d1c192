import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** How every channel reaches out. */
export interface ChannelSettings {
  /** The whole of a try: connecting, sending, the answer. Then it counts as failed, since it may have arrived. */
  readonly answerMs: number;
  /** Roots to trust instead of those of Node (PEM), for a provider with a certificate authority of its own. */
  readonly trustedRoots?: string;
  /**
   * True = providers on this machine are spoken to, and without TLS: in tests and in the local run. In the cloud a secret
   * that names this machine would lead into the function's own runtime.
   */
  readonly onThisMachine?: boolean;
}

/** What came back, or a closed word for why nothing did. Never the address, which may be the key itself. */
export type HttpAnswer =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string;
    }
  | { readonly trouble: 'timeout' | 'tls' | 'unreachable' };

export interface HttpPost {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A provider answers with a line of JSON; whoever answers with more is cut short. */
const LONGEST_ANSWER = 65_536;

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether this name can only be this machine, where nobody listens in. */
export const isLoopback = (hostname: string): boolean => loopback.test(hostname);

/** An address that we may send to: https with nothing but a host and a path, or http on this machine. */
export const addressOf = (text: string): URL | undefined => {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : undefined;
};

const tlsTrouble = /CERT|SELF_SIGNED|TLS|SSL|EPROTO|UNABLE_TO_/;

/** The word for what Node says when there was no answer; its message would name the host. */
export const troubleOf = (error: unknown): 'timeout' | 'tls' | 'unreachable' => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') return 'timeout';
  return typeof code === 'string' && tlsTrouble.test(code) ? 'tls' : 'unreachable';
};

/**
 * One POST of JSON, on a connection of its own: an instance that slept between two messages would find its kept one
 * dead, and could not know whether the message had got through. Follows no redirect, verifies the certificate whatever
 * the environment says, and never throws.
 */
export const postJson = ({ url, headers, body }: HttpPost, settings: ChannelSettings): Promise<HttpAnswer> =>
  new Promise((resolve) => {
    const fail = (error: unknown): void => resolve({ trouble: troubleOf(error) });
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, {
      method: 'POST',
      agent: false,
      rejectUnauthorized: true,
      ...(settings.trustedRoots === undefined ? {} : { ca: settings.trustedRoots }),
      signal: AbortSignal.timeout(settings.answerMs),
      headers: {
        ...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
        'content-length': Buffer.byteLength(body),
        'user-agent': 'cradlewatch',
        ...headers,
      },
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const done = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= LONGEST_ANSWER) return;
        done();
        request.destroy();
      });
      response.on('error', fail);
      response.on('end', done);
    });
    request.end(body);
  });
