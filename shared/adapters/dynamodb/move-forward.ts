import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { changesOf } from './changes.ts';
import { documentsOf } from './client.ts';
import { happened, type Key } from './engine.ts';
import { SCHEMA } from './keys.ts';

/** Sets the item's instant (and value) unless a later one is there. Throws `UnavailableError`. */
export const moveForward = async (
  client: DynamoDBClient,
  table: string,
  key: Key,
  atMs: number,
  value?: number,
): Promise<void> => {
  const { expression, names, values } = changesOf({ schema: SCHEMA, atMs, value });
  await happened(
    documentsOf(client).send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: expression,
        ConditionExpression: 'attribute_not_exists(pk) OR #atMs < :atMs',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    ),
  );
};
