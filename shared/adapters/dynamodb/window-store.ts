import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { FacilityWindows } from '../../domain/windows.ts';
import type { WindowStore } from '../../ports/window-store.ts';
import { documentsOf } from './client.ts';
import { happened, type Key, readItem } from './engine.ts';
import { SCHEMA } from './keys.ts';

const keyOf = (facilityId: string): Key => ({ pk: `windows#${facilityId}`, sk: 'windows' });

/** Drills and mutes, one item per facility: whether one counts is one read, and every edit of them one write. */
export const makeWindowStore = (client: DynamoDBClient, table: string): WindowStore => ({
  read: async (facilityId) => {
    const item = await readItem(client, table, keyOf(facilityId));
    return item && (item.windows as FacilityWindows);
  },

  save: (next) =>
    happened(
      documentsOf(client).send(
        new PutCommand({
          TableName: table,
          Item: { ...keyOf(next.facilityId), schema: SCHEMA, revision: next.revision, windows: next },
          ConditionExpression: next.revision === 1 ? 'attribute_not_exists(pk)' : 'revision = :read',
          ...(next.revision > 1 && { ExpressionAttributeValues: { ':read': next.revision - 1 } }),
        }),
      ),
    ),
});
