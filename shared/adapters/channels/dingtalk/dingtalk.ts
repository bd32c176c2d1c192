import { createHmac } from 'node:crypto';
import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { textWithLink } from '../../../domain/delivery/channel-text.ts';
import type { Channel } from '../../../ports/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type ChannelSettings, postJson } from '../http-post.ts';
import { type DocumentedCodes, outcomeOfBody, refused } from '../outcome.ts';
import { addressed, placedSecretOf, secretText } from '../secret.ts';

/** The custom bot of DingTalk: 20 a minute, then shut for 10; 20,000 bytes of body, in which a text may double. */
export const dingtalkLimits: ChannelLimits = { most: 20, withinMs: 60_000, reserved: 8, longestBytes: 9_000 };

const LOCK_OUT_MS = 10 * 60_000;

const codes: DocumentedCodes = {
  field: 'errcode',
  success: '0',
  refused: new Set([
    '310000', // keyword, signature or address of the sender
    '300001', // no such token
    '300005',
    '400101',
    '40035', // a parameter is missing
    '43004', // content type
    '400013', // the group was dissolved
    '400102', // the bot was stopped
    '400105', // kind of message
    '400106', // no such bot
    '101002', // too long
    '460101',
  ]),
  limitedMs: { '130101': LOCK_OUT_MS, '410100': LOCK_OUT_MS },
};

const secretSchema = addressed(secretText.optional());

/** `sign` of DingTalk: HMAC-SHA256 with the key over instant and key, base64. */
export const dingtalkSign = (key: string, nowMs: number): string =>
  createHmac('sha256', key).update(`${nowMs}\n${key}`).digest('base64');

const signed = (url: URL, key: string | undefined, nowMs: number): URL => {
  if (key === undefined) return url;
  const copy = new URL(url);
  copy.searchParams.set('timestamp', String(nowMs));
  copy.searchParams.set('sign', dingtalkSign(key, nowMs));
  return copy;
};

const bodyOf = (message: ChannelMessage): string =>
  JSON.stringify({
    msgtype: 'text',
    text: { content: textWithLink(message, dingtalkLimits.longestBytes ?? 0) },
    at: { isAtAll: message.lane === 'life-safety' && !message.drill },
  });

/** A custom bot of DingTalk (钉钉). Secret: `{"url": "https://oapi.dingtalk.com/robot/send?access_token=…", "key": "SEC…"}`. */
export const makeDingtalk = (settings: ChannelSettings, now: Clock): Channel => ({
  kind: 'dingtalk',
  limits: dingtalkLimits,
  send: async (message, to) => {
    const secret = placedSecretOf(secretSchema, to.secret, settings);
    if (secret === undefined) return refused('secret-malformed');
    const url = signed(secret.url, secret.key, now());
    return outcomeOfBody(await postJson({ url, body: bodyOf(message) }, settings), codes);
  },
});
