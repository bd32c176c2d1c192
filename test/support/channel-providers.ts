import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createNet } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A certificate of this machine that nobody but a test trusts. */
const fixture = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
export const loopbackCertificate = fixture('loopback-cert');
const tls = { cert: loopbackCertificate, key: fixture('loopback-key') };

/** One request as a provider saw it. */
export interface Seen {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a provider answers; `silence` keeps the line open, `endless` never ends its answer, `hang-up` breaks it off. */
export type Reply =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'silence'
  | 'endless'
  | 'hang-up';

export interface Provider {
  readonly url: URL;
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

const seenOf = async (request: IncomingMessage): Promise<Seen> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { path: pathname, query: searchParams, headers, body: Buffer.concat(chunks).toString('utf8') };
};

const say = (reply: Reply, response: ServerResponse): void => {
  if (reply === 'silence') return;
  if (reply === 'hang-up') response.destroy();
  else if (reply === 'endless') {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', more);
    more();
  } else response.writeHead(reply.status, reply.headers).end(reply.body);
};

/** A provider over HTTP on this machine that answers by what it sees. */
export const startHttpProvider = async (
  answer: (seen: Seen) => Reply,
  { secure = false }: { readonly secure?: boolean } = {},
): Promise<Provider> => {
  const seen: Seen[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await seenOf(request);
    seen.push(one);
    say(answer(one), response);
  };
  const server = secure ? createHttps(tls, listener) : createHttp(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  return {
    url: new URL(`${secure ? 'https' : 'http'}://127.0.0.1:${port}/`),
    seen,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export interface SmtpProvider {
  readonly port: number;
  /** Mails as they came over the line. */
  readonly mails: readonly string[];
  stop(): Promise<void>;
}

/** An SMTP server on this machine. `refuse` says no to the data with a reply of SMTP; without it mails are taken. */
export const startSmtp = async ({
  refuse,
  secure = false,
  login,
}: {
  readonly refuse?: { readonly code: number; readonly text: string };
  readonly secure?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
} = {}): Promise<SmtpProvider> => {
  const mails: string[] = [];
  const server = new SMTPServer({
    logger: false,
    authOptional: login === undefined,
    disabledCommands: secure ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    ...tls,
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(new Error(`wrong login ${username}`)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (!refuse) {
          mails.push(Buffer.concat(chunks).toString('utf8'));
          return done();
        }
        const said = session.envelope.rcptTo.map(({ address }) => address).join();
        return done(Object.assign(new Error(`${refuse.text} <${said}>`), { responseCode: refuse.code }));
      });
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as { readonly port: number };
  return { port, mails, stop: () => new Promise((resolve) => server.close(() => resolve())) };
};

/** The text of a mail as it came over the line. */
export const textOfMail = (mail: string): string => {
  const [head = '', ...body] = mail.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/content-transfer-encoding: base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  if (!/content-transfer-encoding: quoted-printable/i.test(head)) return text;
  const joined = text.replaceAll('=\r\n', '');
  return Buffer.from(
    joined.replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
};

/** Something that listens and speaks no protocol: silent, or saying the given words. */
export const startRaw = async (words?: string): Promise<SmtpProvider> => {
  const server = createNet((socket) => {
    socket.on('error', () => undefined);
    if (words !== undefined) socket.write(words);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  return { port, mails: [], stop: async () => void server.close() };
};

/** A port at which nobody listens any more. */
export const closedPort = async (): Promise<number> => {
  const { port, stop } = await startRaw();
  await stop();
  return port;
};
