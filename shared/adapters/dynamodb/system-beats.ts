import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SystemBeats } from '../../ports/delivery-store.ts';
import { queryAll } from './engine.ts';
import { moveForward } from './move-forward.ts';

const SYSTEM = 'system';

/** Signs of life of our own parts: a handful of items in one partition. */
export const makeSystemBeats = (client: DynamoDBClient, table: string): SystemBeats => ({
  beat: (name, atMs, value) => moveForward(client, table, { pk: SYSTEM, sk: name }, atMs, value),
  read: async () => {
    const items = await queryAll(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': SYSTEM },
    });
    return new Map(
      items.map(({ sk, atMs, value }) => [
        String(sk),
        { atMs: Number(atMs), ...(value !== undefined && { value: Number(value) }) },
      ]),
    );
  },
});
