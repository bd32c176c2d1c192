import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/*
 * One client of each kind per function instance. Few and short tries: a receiver that waits long holds a box that would
 * rather be told 503 and keep its report. A bundle carries only the clients that its function makes.
 */

const CONNECT_MS = 500;
const ANSWER_MS = 2_000;
const MOST_ATTEMPTS = 3;
const MOST_SOCKETS = 64;

const agent = { keepAlive: true, maxSockets: MOST_SOCKETS };

const shortAndFew = (answerMs: number) => ({
  maxAttempts: MOST_ATTEMPTS,
  requestHandler: {
    connectionTimeout: CONNECT_MS,
    requestTimeout: answerMs,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  },
});

/** The adapters wrap it for plain objects; they share its connections. */
export const makeDynamoDbClient = (): DynamoDBClient => new DynamoDBClient(shortAndFew(ANSWER_MS));

export const makeSecretsManagerClient = (): SecretsManagerClient => new SecretsManagerClient(shortAndFew(ANSWER_MS));

export const makeKmsClient = (): KMSClient => new KMSClient(shortAndFew(ANSWER_MS));

export const makeSqsClient = (): SQSClient => new SQSClient(shortAndFew(ANSWER_MS));

export const makeSnsClient = (): SNSClient => new SNSClient(shortAndFew(ANSWER_MS));

/** Exports are larger and nobody's alarm waits for them. Path style, since not every endpoint has a name per bucket. */
export const makeS3Client = (): S3Client => new S3Client({ ...shortAndFew(10_000), forcePathStyle: true });

/** The keys of the function's role, which Lambda puts into its environment; for a request that no client of the SDK signs. */
export const roleCredentials = (environment: Readonly<Record<string, string | undefined>>) => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment;
  if (!accessKeyId || !secretAccessKey) throw new Error('the environment holds no credentials of a role');
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) };
};
