import * as z from 'zod';
import type { ChannelLimits, ChannelMessage } from '../../../domain/delivery/channel.ts';
import { LONGEST_VARIABLE, templateWords } from '../../../domain/delivery/template-words.ts';
import type { Channel } from '../../../ports/channel.ts';
import { type CallOptions, callAlibabaCloud } from '../alibaba-cloud/call.ts';
import { mobileNumber } from '../alibaba-cloud/number.ts';
import { refused } from '../outcome.ts';
import { secretOf, secretText } from '../secret.ts';

/** Notifications of one signature and template to one number: 50 in 24 hours. */
export const smsLimits: ChannelLimits = {
  most: 50,
  withinMs: 24 * 60 * 60_000,
  reserved: 25,
  longestCharacters: 70,
};

const secretSchema = z.strictObject({
  accessKeyId: secretText,
  accessKeySecret: secretText,
  signName: secretText,
  /** With `${what}`, `${place}` and, after the platform's own address, `${code}`. */
  answerTemplate: secretText,
  /** With `${what}` and `${place}`. */
  informTemplate: secretText,
});

/** The provider takes no address in a variable, so that the template has it and the variable only its last part. */
const codeOf = ({ link }: ChannelMessage): string | undefined => {
  const code = link?.split('/').at(-1) ?? '';
  return code !== '' && code.length <= LONGEST_VARIABLE ? code : undefined;
};

/**
 * An SMS by Alibaba Cloud (短信服务), in a template that was approved. Secret: `{"accessKeyId", "accessKeySecret",
 * "signName", "answerTemplate", "informTemplate"}`; the address is a mobile number of the mainland.
 */
export const makeSms = (options: CallOptions): Channel => ({
  kind: 'sms',
  limits: smsLimits,
  send: async (message, to) => {
    const secret = secretOf(secretSchema, to.secret);
    if (secret === undefined) return refused('secret-malformed');
    const number = mobileNumber(to.address);
    if (number === undefined) return refused('address-malformed');
    const code = codeOf(message);
    const words = templateWords(message);
    const query = {
      PhoneNumbers: number,
      SignName: secret.signName,
      TemplateCode: code === undefined ? secret.informTemplate : secret.answerTemplate,
      TemplateParam: JSON.stringify(code === undefined ? words : { ...words, code }),
    };
    return callAlibabaCloud(options, secret, { action: 'SendSms', query, idField: 'BizId' });
  },
});
