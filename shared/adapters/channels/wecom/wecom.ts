import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { textWithLink } from '../../../domain/delivery/channel-text.ts';
import type { Channel } from '../../../ports/channel.ts';
import { type ChannelSettings, postJson } from '../http-post.ts';
import { type DocumentedCodes, outcomeOfBody, refused } from '../outcome.ts';
import { addressed, placedSecretOf, secretText } from '../secret.ts';

/** The group bot of WeCom: 20 messages a minute, 2,048 bytes of text. */
export const wecomLimits: ChannelLimits = { most: 20, withinMs: 60_000, reserved: 8, longestBytes: 2_048 };

const codes: DocumentedCodes = {
  field: 'errcode',
  success: '0',
  // 93000: no such bot (any more). 40058: a parameter is wrong, such as a text that is too long. 40008: its kind.
  refused: new Set(['93000', '40058', '40008']),
  limitedMs: { '45009': 60_000 },
};

/** The key is in the URL; the bot knows no signature. */
const secretSchema = addressed(secretText.optional());

/** Everybody in the group is called where a child may be in danger, and never for a drill. */
const bodyOf = (message: ChannelMessage): string =>
  JSON.stringify({
    msgtype: 'text',
    text: {
      content: textWithLink(message, wecomLimits.longestBytes ?? 0),
      mentioned_list: message.lane === 'life-safety' && !message.drill ? ['@all'] : [],
    },
  });

/** A group bot of WeCom (企业微信). Secret: `{"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"}`. */
export const makeWecom = (settings: ChannelSettings): Channel => ({
  kind: 'wecom',
  limits: wecomLimits,
  send: async (message, to) => {
    const secret = placedSecretOf(secretSchema, to.secret, settings);
    if (secret === undefined) return refused('secret-malformed');
    return outcomeOfBody(await postJson({ url: secret.url, body: bodyOf(message) }, settings), codes);
  },
});
