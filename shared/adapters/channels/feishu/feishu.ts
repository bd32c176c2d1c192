import { createHmac } from 'node:crypto';
import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { textWithLink } from '../../../domain/delivery/channel-text.ts';
import type { Channel } from '../../../ports/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type ChannelSettings, postJson } from '../http-post.ts';
import { type DocumentedCodes, outcomeOfBody, refused } from '../outcome.ts';
import { addressed, placedSecretOf, secretText } from '../secret.ts';

/** The custom bot of Feishu: 100 a minute, 5 a second; 20 KB of body, in which a text may double. */
export const feishuLimits: ChannelLimits = { most: 100, withinMs: 60_000, reserved: 40, longestBytes: 9_000 };

const codes: DocumentedCodes = {
  field: 'code',
  success: '0',
  // 19021 signature or clock, 19022 address of the sender, 19024 keyword, 19001 no such bot, 9499 form of the body.
  refused: new Set(['19001', '19021', '19022', '19024', '9499']),
  // 11232: too much for the platform, mostly at full and half hours. 99991400 comes with the seconds in a header.
  limitedMs: { '11232': 60_000, '99991400': 60_000 },
};

const secretSchema = addressed(secretText.optional());

/** `sign` of Feishu: HMAC-SHA256 over nothing, with instant (seconds) and key as its key, base64. */
export const feishuSign = (key: string, nowSeconds: number): string =>
  createHmac('sha256', `${nowSeconds}\n${key}`).digest('base64');

const signature = (key: string | undefined, nowSeconds: number) =>
  key === undefined ? {} : { timestamp: String(nowSeconds), sign: feishuSign(key, nowSeconds) };

/** `<at …>` in a text calls people: no name of a facility may. */
const callingNobody = (message: ChannelMessage): ChannelMessage => ({
  ...message,
  text: message.text.replaceAll('<', '＜'),
});

const bodyOf = (message: ChannelMessage, signed: object): string =>
  JSON.stringify({
    ...signed,
    msg_type: 'text',
    content: { text: textWithLink(callingNobody(message), feishuLimits.longestBytes ?? 0) },
  });

/** A custom bot of Feishu (飞书). Secret: `{"url": "https://open.feishu.cn/open-apis/bot/v2/hook/…", "key": "…"}`. */
export const makeFeishu = (settings: ChannelSettings, now: Clock): Channel => ({
  kind: 'feishu',
  limits: feishuLimits,
  send: async (message, to) => {
    const secret = placedSecretOf(secretSchema, to.secret, settings);
    if (secret === undefined) return refused('secret-malformed');
    const body = bodyOf(message, signature(secret.key, Math.floor(now() / 1000)));
    return outcomeOfBody(await postJson({ url: secret.url, body }, settings), codes);
  },
});
