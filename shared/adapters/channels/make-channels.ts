import type { ChannelKind } from '../../domain/delivery/channel.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { makeDingtalk } from './dingtalk/dingtalk.ts';
import { makeEmail } from './email/email.ts';
import { makeFeishu } from './feishu/feishu.ts';
import type { ChannelSettings } from './http-post.ts';
import { makeSms } from './sms/sms.ts';
import { makeVoice } from './voice/voice.ts';
import { makeWebhook } from './webhook/webhook.ts';
import { makeWecom } from './wecom/wecom.ts';

/** Every kind that reaches somebody; `canary` reaches nobody. */
export type Channels = Readonly<Record<Exclude<ChannelKind, 'canary'>, Channel>>;

/** Where Alibaba Cloud answers for SMS and for calls; another address is for tests. */
export interface Endpoints {
  readonly sms: URL;
  readonly voice: URL;
}

const alibabaCloud: Endpoints = {
  sms: new URL('https://dysmsapi.aliyuncs.com/'),
  voice: new URL('https://dyvmsapi.aliyuncs.com/'),
};

/** Life safety waits in a queue that hides a message for 60 s: three channels may be slow within it. */
const DEFAULT_ANSWER_MS = 8_000;

/** All channels by kind. */
export const makeChannels = (
  now: Clock,
  settings: Partial<ChannelSettings> = {},
  endpoints: Endpoints = alibabaCloud,
): Channels => {
  const every: ChannelSettings = { answerMs: DEFAULT_ANSWER_MS, ...settings };
  return {
    email: makeEmail(every),
    webhook: makeWebhook(every, now),
    wecom: makeWecom(every),
    dingtalk: makeDingtalk(every, now),
    feishu: makeFeishu(every, now),
    sms: makeSms({ settings: every, now, endpoint: endpoints.sms }),
    voice: makeVoice({ settings: every, now, endpoint: endpoints.voice }),
  };
};
