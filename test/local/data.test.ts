import { createRequire } from 'node:module';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { localArn } from '../../infra/local/template.ts';
import {
  byListedIn,
  type Resources,
  type SmallStack,
  startSmallStack,
  stopSmallStacks,
  table,
  temporaryFolder,
} from './small-stack.ts';

afterEach(stopSmallStacks);

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const resources = (filter: object = { division: [{ prefix: '3212' }] }, index: object = byListedIn): Resources => ({
  Things: { Type: 'AWS::DynamoDB::Table', Properties: table('things', [index]) },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'police' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'ledger' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
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
            Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
          },
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: arn('Queue'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
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
      FilterPolicy: filter,
      RawMessageDelivery: true,
    },
  },
});

const item = (sk: string, listedIn?: string) => ({
  pk: { S: 'p' },
  sk: { S: sk },
  ...(listedIn === undefined ? {} : { listedIn: { S: listedIn } }),
});
const put = ({ clients }: SmallStack, sk: string, listedIn?: string) =>
  clients.dynamodb.send(new PutItemCommand({ TableName: 'things', Item: item(sk, listedIn) }));
const stored = async ({ clients }: SmallStack) =>
  ((await clients.dynamodb.send(new ScanCommand({ TableName: 'things' }))).Items ?? []).map(({ sk }) => sk?.S);
const listed = async ({ clients }: SmallStack, value: string, IndexName = 'by-listed-in') => {
  const query = {
    TableName: 'things',
    IndexName,
    KeyConditionExpression: 'listedIn = :v',
    ExpressionAttributeValues: { ':v': { S: value } },
  };
  return ((await clients.dynamodb.send(new QueryCommand(query))).Items ?? []).map(({ sk }) => sk?.S).sort();
};
const publish = ({ clients }: SmallStack, Message: string, division: string) =>
  clients.sns.send(
    new PublishCommand({
      TopicArn: localArn('sns', 'police'),
      Message,
      MessageAttributes: { division: { DataType: 'String', StringValue: division } },
    }),
  );
const received = async ({ clients }: SmallStack) => {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'ledger' }));
  const { Messages } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return (Messages ?? []).map(({ Body }) => Body).sort();
};

/** Opens the stored tables as a crash would have left them: no engine has them open. */
const openStore = async (dataDir: string) => {
  const engine = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { Level } = engine('level') as {
    Level: new (
      path: string,
      options: object,
    ) => {
      open(): Promise<void>;
      close(): Promise<void>;
      put(key: string, value: unknown): Promise<void>;
      del(key: string): Promise<void>;
      keys(): AsyncIterable<string>;
    };
  };
  const store = new Level(path.join(dataDir, 'tables'), { valueEncoding: 'json' });
  await store.open();
  const keys: string[] = [];
  for await (const key of store.keys()) keys.push(key);
  return { store, indexKeys: keys.filter((key) => key.startsWith('index-')) };
};

/** Threads of engines and functions that have not ended. */
const threads = new Set<Worker>();
process.on('worker', (worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

describe('data on disk', () => {
  it('is there after a restart: items, listings, messages, objects, and tokens stay good', async () => {
    const dataDir = temporaryFolder();
    const first = await startSmallStack({ resources: resources() }, { dataDir });
    await put(first, 'a', 'x');
    await publish(first, 'kept', '321202');
    await first.clients.s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a/b.csv', Body: 'one,two' }));
    const token = await first.tokenFor('somebody');
    await first.stop();

    const second = await startSmallStack({ resources: resources() }, { dataDir });
    expect([await stored(second), await listed(second, 'x'), await received(second)]).toEqual([['a'], ['a'], ['kept']]);
    const object = await second.clients.s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a/b.csv' }));
    expect(await object.Body?.transformToString()).toBe('one,two');
    expect(second.issuer).toBe(first.issuer);
    const { keys } = (await (await fetch(`${second.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toContain(
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid,
    );
  });

  it('in memory is gone with its stack', async () => {
    const first = await startSmallStack({ resources: resources() });
    await put(first, 'a');
    await first.stop();
    expect(await stored(await startSmallStack({ resources: resources() }))).toEqual([]);
  });

  it('has its indexes rebuilt: an entry of nothing is gone, a missing one is back', async () => {
    const dataDir = temporaryFolder();
    const first = await startSmallStack({ resources: resources() }, { dataDir });
    for (const sk of ['a', 'b']) await put(first, sk, 'x');
    await put(first, 'unlisted');
    await first.stop();

    const { store, indexKeys } = await openStore(dataDir);
    expect(indexKeys).toHaveLength(2);
    await store.put(`${indexKeys[0]}-stale`, item('never-stored', 'x'));
    await store.del(indexKeys[1] ?? '');
    await store.close();

    const second = await startSmallStack({ resources: resources() }, { dataDir });
    expect(await listed(second, 'x')).toEqual(['a', 'b']);
    expect((await stored(second)).sort()).toEqual(['a', 'b', 'unlisted']);
    await put(second, 'a', 'y');
    expect([await listed(second, 'x'), await listed(second, 'y')]).toEqual([['b'], ['a']]);
  });

  it('gets an index that the template has since added', async () => {
    const dataDir = temporaryFolder();
    const first = await startSmallStack({ resources: resources() }, { dataDir });
    await put(first, 'a', 'x');
    await first.stop();
    const added = { ...byListedIn, IndexName: 'by-new', Projection: { ProjectionType: 'KEYS_ONLY' } };
    const second = await startSmallStack({ resources: resources(undefined, added) }, { dataDir });
    expect(await listed(second, 'x', 'by-new')).toEqual(['a']);
  });

  it('with other keys than the template says is refused, not misread', async () => {
    const dataDir = temporaryFolder();
    await (await startSmallStack({ resources: resources() }, { dataDir })).stop();
    const changed = resources();
    const things = changed.Things?.Properties;
    if (things) things.KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];
    await expect(startSmallStack({ resources: changed }, { dataDir })).rejects.toThrow(
      'table things is stored with other keys',
    );
    expect(threads.size).toBe(0); // the other engine was stopped, too
  });
});

describe('a subscription', () => {
  it('gets what its filter policy lets through, and follows a changed template', async () => {
    const dataDir = temporaryFolder();
    const first = await startSmallStack({ resources: resources() }, { dataDir });
    await publish(first, 'ours', '321202');
    await publish(first, 'theirs', '320200');
    expect(await received(first)).toEqual(['ours']);
    await first.stop();
    const second = await startSmallStack({ resources: resources({ division: [{ prefix: '3202' }] }) }, { dataDir });
    await publish(second, 'now ours', '320200');
    await publish(second, 'no longer ours', '321202');
    expect(await received(second)).toEqual(['now ours', 'ours']);
  });
});
