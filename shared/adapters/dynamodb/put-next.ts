import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documentsOf } from './client.ts';
import { happened, type Item, type Key } from './engine.ts';
import { SCHEMA } from './keys.ts';

/** Puts the item if there is none under its key. False = there is one. Throws `UnavailableError`. */
export const putFirst = (client: DynamoDBClient, table: string, key: Key, attributes: Item): Promise<boolean> =>
  happened(
    documentsOf(client).send(
      new PutCommand({
        TableName: table,
        Item: { ...key, schema: SCHEMA, ...attributes },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );

/**
 * Puts the item if the one that is there has the revision before its own (1 = must be absent). False = somebody was
 * faster. Throws `UnavailableError`.
 */
export const putNext = (
  client: DynamoDBClient,
  table: string,
  key: Key,
  attributes: Item & { readonly revision: number },
): Promise<boolean> => {
  if (attributes.revision === 1) return putFirst(client, table, key, attributes);
  return happened(
    documentsOf(client).send(
      new PutCommand({
        TableName: table,
        Item: { ...key, schema: SCHEMA, ...attributes },
        ConditionExpression: 'revision = :read',
        ExpressionAttributeValues: { ':read': attributes.revision - 1 },
      }),
    ),
  );
};
