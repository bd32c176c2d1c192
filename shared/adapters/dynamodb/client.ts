import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * One client for a whole function: keep-alive connections, and short limits, because the caller has the report and will
 * send it again sooner than a stuck connection recovers. A healthy write takes a few milliseconds.
 */
export const makeDynamoDbClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });

const documents = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>();

/** The same client speaking plain objects. It shares the connections; there is one per client. */
export const documentsOf = (client: DynamoDBClient): DynamoDBDocumentClient => {
  const known = documents.get(client);
  if (known) return known;
  const made = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  documents.set(client, made);
  return made;
};
