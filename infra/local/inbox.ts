import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSame, isSigned, type Letter, letterOfBot, letterOfWebhook } from './inbox/letters.ts';
import { inboxPage } from './inbox/page.ts';

export interface Inbox {
  readonly url: string;
  /** The value of a secret with which a channel of this kind reaches the inbox. */
  secretFor(name: string, kind: Letter['kind']): string;
  /** The latest, oldest first. */
  letters(): readonly Letter[];
  stop(): Promise<void>;
}

const MOST_LETTERS = 300;
const LARGEST_BODY_BYTES = 262_144;
const KEY_BYTES = 32;

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

interface Answer {
  readonly status: number;
  readonly body: object;
}

const answered = (status: number, body: object): Answer => ({ status, body });
const nothingHere = answered(404, { error: 'nothing is here' });

const give = (response: ServerResponse, { status, body }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
};

/**
 * Stands for the mailboxes and group bots of the demo's people: it takes signed webhooks and what a WeCom bot takes,
 * keeps the last messages in memory, and shows them on a page. Nothing of it is part of the template.
 */
export const startInbox = async (onLetter: (letter: Letter) => void): Promise<Inbox> => {
  const key = randomBytes(KEY_BYTES);
  const botKey = randomBytes(KEY_BYTES).toString('hex');
  let letters: readonly Letter[] = [];

  /** A repeat is dropped by its id, as every receiver may. */
  const take = (letter: Letter): void => {
    const isRepeat = letter.id !== undefined && letters.some((one) => one.id === letter.id && one.to === letter.to);
    if (isRepeat) return;
    letters = [...letters, letter].slice(-MOST_LETTERS);
    onLetter(letter);
  };

  const webhook = ({ headers }: IncomingMessage, to: string, body: string): Answer => {
    const atMs = Date.now();
    if (!isSigned(headers, body, key, atMs)) return answered(401, { error: 'not signed with our key' });
    const letter = letterOfWebhook(body);
    if (letter === undefined) return answered(422, { error: 'not a message' });
    take({ to, kind: 'webhook', atMs, ...letter });
    return answered(200, {});
  };

  /** As the bot does it: 200 whatever happens, and the code in the body says what did. */
  const bot = (to: string, given: string | null, body: string): Answer => {
    if (given === null || !isSame(given, botKey)) return answered(200, { errcode: 93000, errmsg: 'no such bot' });
    const letter = letterOfBot(body);
    if (letter === undefined) return answered(200, { errcode: 40008, errmsg: 'invalid message type' });
    take({ to, kind: 'wecom', atMs: Date.now(), ...letter });
    return answered(200, { errcode: 0, errmsg: 'ok' });
  };

  const post = async (request: IncomingMessage, { pathname, searchParams }: URL): Promise<Answer> => {
    const [, kind, to = ''] = pathname.split('/');
    const body = await readBody(request);
    if (body === undefined) return answered(413, { error: 'too large' });
    if (kind === 'webhook') return webhook(request, decodeURIComponent(to), body);
    return kind === 'wecom' ? bot(decodeURIComponent(to), searchParams.get('key'), body) : nothingHere;
  };

  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'POST' && url !== null) {
      post(request, url)
        .then((made) => give(response, made))
        .catch(() => response.destroy());
    } else if (request.method === 'GET' && url?.pathname === '/') {
      // The links on it answer for the demo's people: no other page may frame it or run anything in it.
      const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
      response.writeHead(200, {
        ...headers,
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      });
      response.end(inboxPage(letters));
    } else {
      give(response, nothingHere);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    secretFor: (name, kind) => {
      const address = `${url}/${kind}/${encodeURIComponent(name)}`;
      return kind === 'webhook'
        ? JSON.stringify({ url: address, key: `whsec_${key.toString('base64')}` })
        : JSON.stringify({ url: `${address}?key=${botKey}` });
    },
    letters: () => letters,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
