import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const documents = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>();

/** The same client speaking plain objects. It shares the connections; there is one per client. */
export const documentsOf = (client: DynamoDBClient): DynamoDBDocumentClient => {
  const known = documents.get(client);
  if (known) return known;
  const made = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  documents.set(client, made);
  return made;
};
