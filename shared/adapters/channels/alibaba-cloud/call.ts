import { randomUUID } from 'node:crypto';
import type { SendOutcome } from '../../../domain/delivery/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type ChannelSettings, postJson } from '../http-post.ts';
import { type DocumentedCodes, outcomeOfBody } from '../outcome.ts';
import { type AccessKey, queryOf, signedHeaders } from './sign-request.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Both products share their codes. What is wrong with the account (money, rights, key) is `failed`: it is ours to mend. */
const codes = (idField: string): DocumentedCodes => ({
  field: 'Code',
  success: 'OK',
  refused: new Set([
    'isv.MOBILE_NUMBER_ILLEGAL',
    'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
    'isv.SMS_SIGNATURE_ILLEGAL',
    'isv.SMS_SIGNATURE_SCENE_ILLEGAL',
    'isv.SIGN_STATE_ILLEGAL',
    'isv.SMS_TEMPLATE_ILLEGAL',
    'isv.TTS_TEMPLATE_ILLEGAL',
    'isv.TEMPLATE_ILLEGAL',
    'isv.TEMPLATE_MISSING_PARAMETERS',
    'isv.TEMPLATE_PARAMS_ILLEGAL',
    'isv.INVALID_PARAMETERS',
    'isv.INVALID_JSON_PARAM',
    'isv.PARAM_LENGTH_LIMIT',
    'isv.PARAM_NOT_SUPPORT_URL',
    'isv.BLACK_KEY_CONTROL_LIMIT',
    'isv.DISPLAY_NUMBER_ILLEGAL',
    'isv.COMPLAINT_REJECT',
    'isv.DENY_IP_RANGE',
  ]),
  limitedMs: {
    // One code for the limit of a minute, of an hour and of a day: a minute is the least that can help.
    'isv.BUSINESS_LIMIT_CONTROL': MINUTE_MS,
    'isv.DAY_LIMIT_CONTROL': HOUR_MS,
    'isv.MONTH_LIMIT_CONTROL': HOUR_MS,
    Throttling: 1000,
    'Throttling.User': 1000,
    'Throttling.Api': 1000,
  },
  idField,
  ownAccount: true,
});

export interface CallOptions {
  readonly settings: ChannelSettings;
  readonly now: Clock;
  /** Where the product answers, such as `https://dysmsapi.aliyuncs.com/`. */
  readonly endpoint: URL;
}

/** One signed call of a product of Alibaba Cloud's communications. */
export const callAlibabaCloud = async (
  { settings, now, endpoint }: CallOptions,
  key: AccessKey,
  {
    action,
    query,
    idField,
  }: { readonly action: string; readonly query: Readonly<Record<string, string>>; readonly idField: string },
): Promise<SendOutcome> => {
  const headers = signedHeaders(
    {
      host: endpoint.host,
      action,
      version: '2017-05-25',
      query,
      date: `${new Date(now()).toISOString().slice(0, 19)}Z`,
      nonce: randomUUID(),
    },
    key,
  );
  const url = new URL(`?${queryOf(query)}`, endpoint);
  return outcomeOfBody(await postJson({ url, headers, body: '' }, settings), codes(idField));
};
