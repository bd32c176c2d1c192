import { randomBytes } from 'node:crypto';
import { type Reply, type Seen, startHttpProvider, startSmtp, textOfMail } from './channel-providers.ts';

/** A message as somebody got it. */
export interface Letter {
  /** Name of the secret by which it was sent, or the mailbox. */
  readonly to: string;
  readonly text: string;
  /** The answer link in it. */
  readonly link?: string;
  /** The whole body of a webhook. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Behind these are people: bots, webhooks and one mail server on this machine, each answering as it documents. */
export interface Letterboxes {
  /** What the stack is to find under each name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What was taken since the last time that this was asked. */
  collect(): readonly Letter[];
  /** How often somebody knocked at this one, taken or not. */
  knocks(name: string): number;
  /** From now on this one answers so; without a reply, as usual again. */
  reply(name: string, reply?: Reply): void;
  stop(): Promise<void>;
}

export type BoxKind = 'webhook' | 'wecom' | 'dingtalk';

const taken: Readonly<Record<BoxKind, Reply>> = {
  webhook: { status: 200, body: '{}' },
  wecom: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
  dingtalk: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
};

const linkIn = (text: string): { link?: string } => {
  const link = /http:\/\/127\.0\.0\.1:\d+\/a\/[\w-]+\.[\w-]+/.exec(text)?.[0];
  return link === undefined ? {} : { link };
};

const namedIn = ({ path }: Seen): { readonly kind: BoxKind; readonly name: string } => {
  const [, kind, name = ''] = path.split('/');
  return { kind: kind as BoxKind, name: decodeURIComponent(name) };
};

const letterOf = (seen: Seen): Letter => {
  const { kind, name } = namedIn(seen);
  const body = JSON.parse(seen.body) as Record<string, unknown>;
  const text = kind === 'webhook' ? `${body.text}` : `${(body.text as { content?: string }).content}`;
  const link = kind === 'webhook' && typeof body.link === 'string' ? { link: body.link } : linkIn(text);
  return { to: name, text, ...link, ...(kind === 'webhook' && { body }) };
};

const letterOfMail = (mail: string): Letter => {
  const text = textOfMail(mail);
  return { to: /^to: *(\S+)/im.exec(mail)?.[1] ?? '', text, ...linkIn(text) };
};

/** @param kinds what stands behind each secret, by its name */
export const startLetterboxes = async (kinds: Readonly<Record<string, BoxKind>>): Promise<Letterboxes> => {
  const replies = new Map<string, Reply>();
  const knocks = new Map<string, number>();
  let letters: Letter[] = [];
  let mailsCollected = 0;
  const isYes = (reply: Reply): boolean => Object.values(taken).includes(reply);

  const http = await startHttpProvider((seen) => {
    const { kind, name } = namedIn(seen);
    knocks.set(name, (knocks.get(name) ?? 0) + 1);
    const reply = replies.get(name) ?? taken[kind];
    if (isYes(reply)) letters.push(letterOf(seen));
    return reply;
  });
  const smtp = await startSmtp();
  const key = `whsec_${randomBytes(32).toString('base64')}`;
  const secretOf = ([name, kind]: [string, BoxKind]): [string, string] => {
    const url = new URL(`${kind}/${encodeURIComponent(name)}`, http.url).href;
    return [name, JSON.stringify({ url, ...(kind === 'webhook' && { key }) })];
  };
  return {
    secrets: {
      ...Object.fromEntries(Object.entries(kinds).map(secretOf)),
      smtp: JSON.stringify({ host: '127.0.0.1', port: smtp.port, from: 'alerts@city.example' }),
    },
    collect: () => {
      const mails = smtp.mails.slice(mailsCollected).map(letterOfMail);
      mailsCollected = smtp.mails.length;
      const collected = [...letters, ...mails];
      letters = [];
      return collected;
    },
    knocks: (name) => knocks.get(name) ?? 0,
    reply: (name, reply) => void (reply === undefined ? replies.delete(name) : replies.set(name, reply)),
    stop: async () => {
      await http.stop();
      await smtp.stop();
    },
  };
};
