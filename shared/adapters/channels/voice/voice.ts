import * as z from 'zod';
import type { ChannelLimits } from '../../../domain/delivery/channel.ts';
import { templateWords } from '../../../domain/delivery/template-words.ts';
import type { Channel } from '../../../ports/channel.ts';
import { type CallOptions, callAlibabaCloud } from '../alibaba-cloud/call.ts';
import { callableNumber } from '../alibaba-cloud/number.ts';
import { refused } from '../outcome.ts';
import { secretOf, secretText } from '../secret.ts';

/**
 * Calls to one number: 5 an hour. The limits of a minute (1) and of 24 hours (20) are left to the provider, which says so.
 */
export const voiceLimits: ChannelLimits = {
  most: 5,
  withinMs: 60 * 60_000,
  reserved: 4,
  longestCharacters: 70,
};

const secretSchema = z.strictObject({
  accessKeyId: secretText,
  accessKeySecret: secretText,
  /** With `${place}` and `${what}`, not side by side. */
  template: secretText,
  /** A number of our own that is shown; absent = one that the provider shares out. */
  showNumber: secretText.optional(),
});

/**
 * A call that reads a template aloud, by Alibaba Cloud (语音服务). Secret: `{"accessKeyId", "accessKeySecret", "template",
 * "showNumber"?}`; the address is a mobile number or a landline of the mainland.
 */
export const makeVoice = (options: CallOptions): Channel => ({
  kind: 'voice',
  limits: voiceLimits,
  send: async (message, to) => {
    const secret = secretOf(secretSchema, to.secret);
    if (secret === undefined) return refused('secret-malformed');
    const number = callableNumber(to.address);
    if (number === undefined) return refused('address-malformed');
    const query = {
      CalledNumber: number,
      ...(secret.showNumber === undefined ? {} : { CalledShowNumber: secret.showNumber }),
      TtsCode: secret.template,
      TtsParam: JSON.stringify(templateWords(message)),
      PlayTimes: message.lane === 'life-safety' ? '3' : '2',
    };
    return callAlibabaCloud(options, secret, { action: 'SingleCallByTts', query, idField: 'CallId' });
  },
});
