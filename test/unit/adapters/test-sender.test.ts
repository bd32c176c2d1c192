import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { makeTestSender } from '../../../shared/adapters/sqs/test-sender.ts';
import { deliveryMessage } from '../../../shared/contracts/notice-message.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';

const sqs = mockClient(SQSClient);
const sender = makeTestSender(new SQSClient({ region: 'local' }), 'http://localhost/queue');
const test = { id: 'test-1', post: 'police~321202', contact: 'li', channel: 'sms', by: 'https://id.example|1' };

describe('a channel test', () => {
  afterEach(() => sqs.reset());

  it('goes to the queue as deliver-notices reads it', async () => {
    sqs.on(SendMessageCommand).resolves({});
    await sender.send(test);
    const { QueueUrl, MessageBody = '' } = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input ?? {};
    expect(QueueUrl).toBe('http://localhost/queue');
    expect(deliveryMessage.parse(JSON.parse(MessageBody))).toEqual({ schema: 'cradlewatch-channel-test/1', ...test });
  });

  it('that the queue does not take may be asked for again', async () => {
    sqs.on(SendMessageCommand).rejects(Object.assign(new Error('x'), { name: 'ServiceUnavailable' }));
    await expect(sender.send(test)).rejects.toBeInstanceOf(UnavailableError);
  });
});
