import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { marked } from '../../../domain/delivery/channel-text.ts';
import { cutToBytes } from '../../../domain/graphemes.ts';
import type { Channel } from '../../../ports/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type ChannelSettings, postJson } from '../http-post.ts';
import { outcomeOfStatus, refused } from '../outcome.ts';
import { addressed, placedSecretOf } from '../secret.ts';

/** Ours to choose, since a receiver is built for us. */
export const webhookLimits: ChannelLimits = { most: 120, withinMs: 60_000, reserved: 60, longestBytes: 16_000 };

const SHORTEST_KEY_BYTES = 24;
const LONGEST_KEY_BYTES = 64;

/** Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
const key = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/)
  .transform((text) => Buffer.from(text.slice('whsec_'.length), 'base64'))
  .refine(({ length }) => length >= SHORTEST_KEY_BYTES && length <= LONGEST_KEY_BYTES);

const secretSchema = addressed(key);

/** `webhook-signature` over id, seconds and body; a receiver checks it with any library of Standard Webhooks. */
const signature = (signingKey: Buffer, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', signingKey).update(`${id}.${seconds}.${body}`).digest('base64')}`;

const bodyOf = ({ id, lane, drill, subjectLine, text, shortText, link, data }: ChannelMessage): string =>
  JSON.stringify({
    type: 'cradlewatch-message/1',
    id,
    lane,
    drill,
    subjectLine,
    text: cutToBytes(marked(text, drill), webhookLimits.longestBytes ?? 0),
    shortText: marked(shortText, drill),
    link,
    data,
  });

/**
 * A receiver of the department's own, by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`): the
 * id lets it drop a repeat, the signed instant lets it refuse an old one. Any 2xx is yes. Secret:
 * `{"url": "https://…", "key": "whsec_…"}`.
 */
export const makeWebhook = (settings: ChannelSettings, now: Clock): Channel => ({
  kind: 'webhook',
  limits: webhookLimits,
  send: async (message, to) => {
    const secret = placedSecretOf(secretSchema, to.secret, settings);
    if (secret === undefined) return refused('secret-malformed');
    const seconds = Math.floor(now() / 1000);
    const body = bodyOf(message);
    const headers = {
      'webhook-id': message.id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signature(secret.key, message.id, seconds, body),
    };
    return outcomeOfStatus(await postJson({ url: secret.url, headers, body }, settings));
  },
});
