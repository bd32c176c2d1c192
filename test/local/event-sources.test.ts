import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalStackOptions } from '../../infra/local/stack.ts';
import { localArn } from '../../infra/local/template.ts';
import {
  type Resources,
  type SmallFunction,
  type SmallStack,
  startSmallStack,
  stopSmallStacks,
  temporaryFolder,
} from './small-stack.ts';

afterEach(stopSmallStacks);

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const mayReceive = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: arn('Queue'),
};

/**
 * Tells each batch on a line. Its body says what becomes of a message: `fail` is named as failed, `throw` takes the whole
 * batch with it, `strange` names a message that was never there, `die` ends the process.
 */
const code = `
  exports.handler = async ({ Records }) => {
    console.log(JSON.stringify({ message: 'batch', bodies: Records.map((it) => it.body), first: Records[0] }));
    const bodies = Records.map((it) => it.body);
    if (bodies.includes('throw')) throw new Error('all of them');
    if (bodies.includes('die')) process.exit(1);
    if (bodies.includes('nothing')) return undefined;
    if (bodies.includes('strange')) return { batchItemFailures: [{ itemIdentifier: 'nobody' }] };
    if (bodies.includes('empty')) return { batchItemFailures: [{ itemIdentifier: '' }] };
    return { batchItemFailures: Records.filter((it) => it.body === 'fail').map((it) => ({ itemIdentifier: it.messageId })) };
  };`;

interface Change {
  readonly mapping?: Record<string, unknown>;
  readonly queue?: Record<string, unknown>;
  readonly target?: Partial<SmallFunction>;
  readonly more?: Resources;
}

const template = ({ mapping = {}, queue = {}, target = {}, more = {} }: Change = {}) => ({
  functions: { deliver: { code, statements: [mayReceive], ...target } },
  resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue', VisibilityTimeout: 30, ...queue } },
    Feeds: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arn('Queue'),
        FunctionName: { Ref: 'deliver' },
        Enabled: true,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...mapping,
      },
    },
    ...more,
  } as Resources,
});
const start = (change: Change = {}, options: Partial<LocalStackOptions> = {}) =>
  startSmallStack(template(change), options);

const urlOf = async ({ clients }: SmallStack, QueueName = 'queue') =>
  (await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
const send = async (stack: SmallStack, ...bodies: string[]) => {
  const QueueUrl = await urlOf(stack);
  for (const MessageBody of bodies) await stack.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
};
const left = async (stack: SmallStack, name = 'queue') => {
  const QueueUrl = await urlOf(stack, name);
  const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  return ((await stack.clients.sqs.send(asked)).Messages ?? []).map(({ Body }) => Body);
};
const batches = ({ seen }: SmallStack) =>
  seen.flatMap((event) => (event.kind === 'log' && event.fields?.message === 'batch' ? [event.fields.bodies] : []));
const counts = (fed: readonly { messages: number; failed: number }[]) =>
  fed.map(({ messages, failed }) => [messages, failed]);

describe('a queue that feeds a function by hand', () => {
  it('gives batches of the size that the template says, and forgets what succeeded', async () => {
    const stack = await start({ mapping: { BatchSize: 2 } });
    await send(stack, 'a', 'b', 'c');
    expect(counts(await stack.drain('deliver'))).toEqual([
      [2, 0],
      [1, 0],
    ]);
    expect(await left(stack)).toEqual([]);
    expect(await stack.drain()).toEqual([]);
    await expect.poll(() => batches(stack)).toEqual([['a', 'b'], ['c']]);
  });

  it('collects more than SQS gives at once', async () => {
    const stack = await start({ mapping: { BatchSize: 25, MaximumBatchingWindowInSeconds: 1 } });
    await send(stack, ...Array.from({ length: 30 }, (_, index) => `m${index}`));
    expect(counts(await stack.drain('deliver'))).toEqual([
      [25, 0],
      [5, 0],
    ]);
  });

  it('gives again what the function named as failed, and only that, at the next drain', async () => {
    const stack = await start();
    await send(stack, 'a', 'fail', 'b');
    expect(counts(await stack.drain('deliver'))).toEqual([[3, 1]]);
    expect(await left(stack)).toEqual(['fail']);
    expect(counts(await stack.drain('deliver'))).toEqual([[1, 1]]);
  });

  it.each([
    ['throws', 'throw'],
    ['dies', 'die'],
    ['names a message that was not there', 'strange'],
    ['names nobody', 'empty'],
  ])('gives the whole batch again when the function %s', async (_what, body) => {
    const stack = await start();
    await send(stack, 'a', body);
    expect(counts(await stack.drain('deliver'))).toEqual([[2, 2]]);
    expect((await left(stack)).sort()).toEqual(['a', body].sort());
  });

  it('takes no answer for a success, and any answer where failures are not reported', async () => {
    const stack = await start();
    await send(stack, 'nothing');
    expect(counts(await stack.drain('deliver'))).toEqual([[1, 0]]);
    const whole = await start({ mapping: { FunctionResponseTypes: [] } });
    await send(whole, 'fail');
    expect(counts(await whole.drain('deliver'))).toEqual([[1, 0]]);
  });

  it('gives up after as many tries as the queue says: the message goes to the dead letters', async () => {
    const queue = { RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 2 } };
    const stack = await start({
      queue,
      more: { Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } } },
    });
    await send(stack, 'fail');
    expect(counts([...(await stack.drain()), ...(await stack.drain())])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(await stack.drain()).toEqual([]);
    expect([await left(stack), await left(stack, 'dead')]).toEqual([[], ['fail']]);
  });

  it('hands over a message in the form of Lambda, raw from a topic with its attributes', async () => {
    const stack = await start({
      more: {
        Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'police' } },
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [{ Ref: 'Queue' }],
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'sns.amazonaws.com' },
                  Action: 'sqs:SendMessage',
                  Resource: arn('Queue'),
                },
              ],
            },
          },
        },
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            Protocol: 'sqs',
            TopicArn: { Ref: 'Topic' },
            Endpoint: arn('Queue'),
            RawMessageDelivery: true,
            FilterPolicy: { lane: ['life-safety'] },
          },
        },
      },
    });
    const publish = (Message: string, lane: string, MessageStructure?: string) =>
      stack.clients.sns.send(
        new PublishCommand({
          TopicArn: localArn('sns', 'police'),
          Message,
          MessageStructure,
          MessageAttributes: { lane: { DataType: 'String', StringValue: lane } },
        }),
      );
    await publish('not here', 'technical');
    await expect(publish('{"sqs":"no default"}', 'life-safety', 'json')).rejects.toThrow('with a default');
    await publish(JSON.stringify({ default: '人', sqs: 'here' }), 'life-safety', 'json');
    expect(counts(await stack.drain('deliver'))).toEqual([[1, 0]]);
    await expect.poll(() => batches(stack)).toEqual([['here']]);
    const told = stack.seen.find((event) => event.kind === 'log' && event.fields?.message === 'batch');
    expect(told?.kind === 'log' ? told.fields?.first : undefined).toMatchObject({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'here',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) },
      messageAttributes: { lane: { dataType: 'String', stringValue: 'life-safety' } },
      eventSource: 'aws:sqs',
      eventSourceARN: localArn('sqs', 'queue'),
      awsRegion: 'us-east-1',
    });
  });

  it('does not feed a function that nothing feeds, nor from a mapping that is switched off', async () => {
    const stack = await start();
    await expect(stack.drain('nobody')).rejects.toThrow('no queue of this template feeds it');
    const off = await start({ mapping: { Enabled: false } });
    await expect(off.drain('deliver')).rejects.toThrow('no queue');
  });
});

describe('a queue that feeds a function by itself', () => {
  const running = { eventSources: 'running' } as const;

  it('feeds what comes, and what fails comes again after the visibility timeout', async () => {
    const stack = await start({ queue: { VisibilityTimeout: 1 }, target: { properties: { Timeout: 1 } } }, running);
    await send(stack, 'fail');
    await expect.poll(() => batches(stack).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
    await send(stack, 'good');
    await expect.poll(() => batches(stack).flat(), { timeout: 15_000 }).toContain('good');
  });

  it('keeps to the concurrency of the template', async () => {
    const slow = `let inside = 0, most = 0; exports.handler = async ({ Records }) => {
      inside += 1; most = Math.max(most, inside); await new Promise((r) => setTimeout(r, 100)); inside -= 1;
      console.log(JSON.stringify({ message: 'batch', bodies: [most] })); };`;
    const stack = await start(
      { mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, target: { code: slow } },
      running,
    );
    await send(stack, 'a', 'b', 'c', 'd', 'e', 'f');
    await expect.poll(() => batches(stack).length, { timeout: 15_000 }).toBe(6);
    expect(batches(stack).flat().at(-1)).toBe(2);
  });

  it('collects within the window', async () => {
    const stack = await start({ mapping: { BatchSize: 50, MaximumBatchingWindowInSeconds: 1 } }, running);
    await send(stack, ...Array.from({ length: 15 }, (_, index) => `m${index}`));
    await expect.poll(() => batches(stack).flat().length, { timeout: 15_000 }).toBe(15);
    expect(batches(stack).length).toBeLessThan(15);
  });

  it('is found as it was left at a restart, and is empty once all succeeded', async () => {
    const dataDir = temporaryFolder();
    const first = await start({ mapping: { Enabled: false } }, { dataDir });
    await send(first, 'kept');
    await first.stop();
    const second = await start({}, { dataDir, ...running });
    await expect.poll(() => batches(second), { timeout: 15_000 }).toEqual([['kept']]);
    await second.stop();
    expect(await (await start({}, { dataDir })).drain()).toEqual([]);
  });
});

describe('a mapping with a planted fault does not start', () => {
  const refusal = (change: Change): Promise<string> =>
    start(change).then(
      () => 'started',
      (error: unknown) => String(error),
    );

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'when the role of its function lacks %s',
    async (lacking) => {
      const statement = { ...mayReceive, Action: mayReceive.Action.filter((action) => action !== lacking) };
      expect(await refusal({ target: { statements: [statement] } })).toContain(
        `Feeds: the role of deliver does not allow ${lacking}`,
      );
    },
  );

  it('when the role names another queue', async () => {
    const more: Resources = { Other: { Type: 'AWS::SQS::Queue' } };
    expect(await refusal({ more, target: { statements: [{ ...mayReceive, Resource: arn('Other') }] } })).toContain(
      'does not allow sqs:ReceiveMessage',
    );
  });

  it.each<[string, Change, string]>([
    ['with a property that is not known', { mapping: { FilterCriteria: {} } }, 'FilterCriteria'],
    ['with scaling that is not known', { mapping: { ScalingConfig: { Minimum: 1 } } }, 'ScalingConfig.Minimum'],
    ['for a function that is not there', { mapping: { FunctionName: 'nobody' } }, 'names the function nobody'],
    ['for a source that is no queue of the template', { mapping: { EventSourceArn: 'x' } }, 'is not a queue'],
    ['with a batch of none', { mapping: { BatchSize: 0 } }, 'BatchSize must be between 1'],
    ['with a large batch and no window', { mapping: { BatchSize: 11 } }, 'needs a MaximumBatchingWindowInSeconds'],
    ['with a window that is too long', { mapping: { MaximumBatchingWindowInSeconds: 301 } }, 'between 0 and 300'],
    ['with too little concurrency', { mapping: { ScalingConfig: { MaximumConcurrency: 1 } } }, 'between 2 and 1000'],
    ['with answers that are not known', { mapping: { FunctionResponseTypes: ['Other'] } }, 'response type Other'],
    [
      'when the queue shows a message again while the function still works on it',
      { queue: { VisibilityTimeout: 9 } },
      'visibility timeout of queue is below the timeout of deliver',
    ],
  ])('%s', async (_what, change, said) => {
    expect(await refusal(change)).toContain(said);
  });
});
