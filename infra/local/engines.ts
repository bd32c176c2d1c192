import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  ListSubscriptionsCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { operatorKey } from './engine-proxy.ts';
import type { EngineOrder } from './engine-worker.ts';
import type { StackModel } from './model.ts';
import { localAccount } from './template.ts';

/** Clients with every right, for the start itself and for tests that look behind the public API. */
export interface OperatorClients {
  readonly dynamodb: DynamoDBClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

export interface RunningEngine {
  readonly port: number;
  stop(): Promise<void>;
}

interface EngineMessage {
  readonly port?: number;
  readonly failed?: string;
  readonly stopped?: boolean;
}

/** Starts one engine in its thread. `onDeath` hears of an end that nobody asked for: without its engine the stack is over. */
export const startEngine = (order: EngineOrder, onDeath: (reason: string) => void): Promise<RunningEngine> => {
  if (order.dataDir !== undefined) mkdirSync(path.dirname(order.dataDir), { recursive: true });
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
    workerData: order,
    execArgv: [],
    // Deprecation warnings of the engines' own packages are of no use to whoever runs the stack.
    env: { AWS_REGION: localAccount.region, AWS_ACCOUNT_ID: localAccount.accountId, NODE_NO_WARNINGS: '1' },
  });
  let stopping = false;
  return new Promise((resolve, reject) => {
    let cause = 'it ended';
    worker.on('error', (error: unknown) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => {
      reject(new Error(`the local engine for ${order.engine} did not start: ${cause}`));
      if (!stopping) onDeath(`the local engine for ${order.engine} stopped: ${cause}`);
    });
    worker.on('message', (message: EngineMessage) => {
      if (message.failed !== undefined) {
        cause = message.failed;
        stopping = true;
      }
      if (message.port === undefined) return;
      const stop = async () => {
        stopping = true;
        const ended = new Promise((done) => worker.once('exit', done));
        worker.postMessage('stop');
        await ended;
      };
      resolve({ port: message.port, stop });
    });
  });
};

export const operatorClients = (endpoint: string): OperatorClients => {
  const config = {
    endpoint,
    region: localAccount.region,
    credentials: { accessKeyId: operatorKey, secretAccessKey: 'local' },
  };
  return {
    dynamodb: new DynamoDBClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
};

const isNamed = (error: unknown, ...names: string[]): boolean => error instanceof Error && names.includes(error.name);

const createTable = async ({ dynamodb }: OperatorClients, table: CreateTableCommandInput): Promise<void> => {
  try {
    await dynamodb.send(new CreateTableCommand(table));
  } catch (error) {
    if (!isNamed(error, 'ResourceInUseException')) throw error;
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table.TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`table ${table.TableName} did not become active`);
};

const createQueue = async (
  { sqs }: OperatorClients,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> => {
  try {
    // A queue that is created a second time loses its messages in the emulator, so an existing one is only set.
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { ...attributes } }));
  } catch (error) {
    if (!isNamed(error, 'QueueDoesNotExist')) throw error;
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } }));
  }
};

const createBucket = async ({ s3 }: OperatorClients, bucket: string): Promise<void> => {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  }
};

/** Subscriptions hold no messages: all are dropped and made anew, so that they are what the template says now. */
const subscribe = async ({ sns }: OperatorClients, model: StackModel): Promise<void> => {
  let NextToken: string | undefined;
  const stored: string[] = [];
  do {
    const page = await sns.send(new ListSubscriptionsCommand(NextToken === undefined ? {} : { NextToken }));
    for (const { SubscriptionArn } of page.Subscriptions ?? [])
      if (SubscriptionArn !== undefined) stored.push(SubscriptionArn);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  for (const SubscriptionArn of stored) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  for (const { topicArn, queueArn, attributes } of model.subscriptions) {
    await sns.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes: { ...attributes } }),
    );
  }
};

/** Makes everything that the template has in the engines; what is there already keeps its data. */
export const createResources = async (clients: OperatorClients, model: StackModel): Promise<void> => {
  await Promise.all(model.tables.map((table) => createTable(clients, table as unknown as CreateTableCommandInput)));
  for (const { name, attributes } of model.queues) await createQueue(clients, name, attributes);
  for (const name of model.topics.keys()) await clients.sns.send(new CreateTopicCommand({ Name: name }));
  for (const bucket of model.buckets) await createBucket(clients, bucket);
  await subscribe(clients, model);
};
