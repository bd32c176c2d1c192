import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client, SelectObjectContentCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';

const answers: Readonly<Record<string, string>> = {
  dynamodb: '{"TableNames":["vitals"]}',
  s3: 'an export',
  sns: '<ListTopicsResponse><ListTopicsResult><Topics><member><TopicArn>police</TopicArn></member></Topics></ListTopicsResult></ListTopicsResponse>',
};

const object = { Bucket: 'exports', Key: 'export' };
const select = {
  ...object,
  Expression: 'select',
  ExpressionType: 'SQL',
  InputSerialization: {},
  OutputSerialization: {},
} as const;

/** A function that calls each service once, there and back, and S3 once more for an answer that is an event stream. */
export const handler = async () => {
  const server = createServer(({ headers }, response) => {
    const service = /\/(\w+)\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
    response.end(answers[service]);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const settings = { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  try {
    const tables = await new DynamoDBClient(settings).send(new ListTablesCommand());
    const topics = await new SNSClient(settings).send(new ListTopicsCommand());
    const got = await s3.send(new GetObjectCommand(object));
    const streamed = await s3.send(new SelectObjectContentCommand(select)).catch((error: Error) => error.message);
    return {
      dynamodb: tables.TableNames?.[0],
      sns: topics.Topics?.[0]?.TopicArn,
      s3: await got.Body?.transformToString(),
      streamed,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
