import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TestSender } from '../../ports/channel.ts';
import { answered } from '../engine-trouble.ts';

/** Asks through the queue of technical notices: a test waits behind them, and never before life safety. */
export const makeTestSender = (client: SQSClient, queueUrl: string): TestSender => ({
  send: async (test) => {
    const MessageBody = JSON.stringify({ schema: 'cradlewatch-channel-test/1', ...test });
    await answered(client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })));
  },
});
