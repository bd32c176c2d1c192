import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A message as it came in for somebody of the demo. */
export interface Letter {
  /** Name of the secret by which it was sent: `<department>.<place>.<name>`. */
  readonly to: string;
  readonly kind: 'webhook' | 'wecom';
  readonly atMs: number;
  /** The first line that a person reads. */
  readonly what: string;
  readonly text: string;
  /** Where to answer; absent = there is nothing to answer. */
  readonly link?: string;
  /** Of a receiver that is told more than text. */
  readonly id?: string;
  readonly drill?: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
}

type Said = Omit<Letter, 'to' | 'kind' | 'atMs'>;

/** As Standard Webhooks advises: an older one may be replayed. */
const OLDEST_SECONDS = 300;

const objectOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

const textAt = (from: Readonly<Record<string, unknown>>, name: string): string | undefined =>
  typeof from[name] === 'string' ? from[name] : undefined;

/** In a time that tells nothing. */
export const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Whether it was signed with the key, a moment ago (Standard Webhooks). */
export const isSigned = (headers: IncomingHttpHeaders, body: string, key: Buffer, nowMs: number): boolean => {
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof seconds !== 'string' || typeof signatures !== 'string') return false;
  if (!/^\d{1,12}$/.test(seconds) || Math.abs(nowMs / 1_000 - Number(seconds)) > OLDEST_SECONDS) return false;
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  return signatures.split(' ').some((one) => isSame(one, expected));
};

/** Only what a browser may open. */
const webAddress = (text: string | undefined): { readonly link?: string } =>
  text !== undefined && /^https?:\/\/\S+$/.test(text) ? { link: text } : {};

const firstLine = (text: string): string => text.split('\n').find((line) => line.trim() !== '') ?? '';

/** Absent = it is no message of ours. */
export const letterOfWebhook = (body: string): Said | undefined => {
  const message = objectOf(body);
  const [id, text] = message === undefined ? [] : [textAt(message, 'id'), textAt(message, 'text')];
  if (message?.type !== 'cradlewatch-message/1' || id === undefined || text === undefined) return undefined;
  const data = typeof message.data === 'object' ? { data: message.data as Record<string, unknown> } : {};
  const what = textAt(message, 'shortText') ?? firstLine(text);
  return { id, text, what, drill: message.drill === true, ...webAddress(textAt(message, 'link')), ...data };
};

const linkLine = /^答复 \/ Answer: (\S+)$/m;

/** What a group reads. Absent = the bot does not know this kind. */
export const letterOfBot = (body: string): Said | undefined => {
  const message = objectOf(body);
  const part = message?.msgtype === 'text' ? message.text : undefined;
  const text =
    typeof part === 'object' && part !== null ? textAt(part as Record<string, unknown>, 'content') : undefined;
  return text === undefined ? undefined : { text, what: firstLine(text), ...webAddress(linkLine.exec(text)?.[1]) };
};
