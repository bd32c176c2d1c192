import type { ChannelMessage } from './channel.ts';

/** What a channel test says: that it is none of an emergency, and that the link proves somebody reads here. */
export const channelTestMessage = (id: string, link: string): ChannelMessage => ({
  id,
  lane: 'technical',
  drill: false,
  subjectLine: '[Cradlewatch] channel test: nothing has happened',
  text: [
    '【渠道测试】这是托育安全监测平台的测试消息，没有任何事件发生。请打开链接并点“我已知悉”，以证明通知能送达。',
    '',
    '[CHANNEL TEST] A test message of the nursery safety platform: nothing has happened. Open the link and press “I know”, to prove that notices reach you.',
  ].join('\n'),
  shortText: '【渠道测试】托育安全监测平台测试消息，没有事件发生。请打开链接确认收到。',
  link,
  data: { schema: 'cradlewatch-channel-test/1', id, about: 'channel-test' },
});
