import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeWorkQueue } from '../../../shared/adapters/sqs/work-queue.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';

const sqs = mockClient(SQSClient);
const queue = makeWorkQueue<{ readonly n: number }>(new SQSClient({ region: 'local' }), 'https://queue.example/1/seal');
const pieces = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

describe('a queue of work', () => {
  beforeEach(() => {
    sqs.reset();
  });

  it('is sent ten pieces at a time, and nothing for nothing', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await queue.send([]);
    expect(sqs.calls()).toHaveLength(0);
    await queue.send(pieces(23));
    const batches = sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => input);
    expect(batches.map(({ Entries }) => Entries?.length)).toEqual([10, 10, 3]);
    expect(batches.flatMap(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody))).toEqual(
      pieces(23).map((piece) => JSON.stringify(piece)),
    );
    expect(batches.every(({ QueueUrl }) => QueueUrl === 'https://queue.example/1/seal')).toBe(true);
  });

  it('says so when SQS did not take one of them', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    });
    await expect(queue.send(pieces(2))).rejects.toThrow(UnavailableError);
  });
});
