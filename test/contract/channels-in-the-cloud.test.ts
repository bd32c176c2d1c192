import { expect, it } from 'vitest';
import { makeChannels } from '../../shared/adapters/channels/make-channels.ts';
import type { ChannelMessage } from '../../shared/domain/delivery/channel.ts';
import { NOW_MS, rigs } from './channel-rigs.ts';

const message: ChannelMessage = {
  id: 'n1',
  lane: 'life-safety',
  drill: false,
  subjectLine: 'x',
  text: 'x',
  shortText: 'x',
  data: {},
};

/* A provider on this machine is for tests and the local run; in the cloud it would be the function's own runtime. */
it.each(['email', 'webhook', 'wecom', 'dingtalk', 'feishu'] as const)(
  'the channel %s never speaks to its own machine in the cloud, whatever a secret says',
  async (kind) => {
    for (const situation of ['takes it', 'takes it over TLS'] as const) {
      const provider = await rigs[kind].start(situation);
      const inTheCloud = makeChannels(() => NOW_MS)[kind];
      expect(await inTheCloud.send(message, provider.to)).toEqual({ outcome: 'refused', code: 'secret-malformed' });
      expect(provider.arrived()).toBe(0);
      await provider.stop();
    }
  },
);
