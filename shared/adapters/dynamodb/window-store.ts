import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DrillWindow, FacilityWindows, Mute } from '../../domain/windows/windows.ts';
import type { WindowStore } from '../../ports/window-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { happened, type Key, readItem } from './engine.ts';
import { padMs, SCHEMA } from './keys.ts';

const keyOf = (facilityId: string): Key => ({ pk: `windows#${facilityId}`, sk: 'windows' });

type Past = { readonly drill: DrillWindow } | { readonly mute: Mute };

/** Below the one item that counts; sorted by its end. */
const pastKey = (facilityId: string, { toMs, id }: DrillWindow | Mute): Key => ({
  ...keyOf(facilityId),
  sk: `past#${padMs(toMs)}#${id}`,
});

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

  keepPast: async (facilityId, { drills, mutes }) => {
    const all: readonly (readonly [DrillWindow | Mute, Past])[] = [
      ...drills.map((drill) => [drill, { drill }] as const),
      ...mutes.map((mute) => [mute, { mute }] as const),
    ];
    for (const [window, past] of all) {
      const Item = { ...pastKey(facilityId, window), schema: SCHEMA, past };
      await answered(documentsOf(client).send(new PutCommand({ TableName: table, Item })));
    }
  },

  past: async (facilityId, limit) => {
    const query = new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :past)',
      ExpressionAttributeValues: { ':pk': keyOf(facilityId).pk, ':past': 'past#' },
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: limit,
    });
    const all = ((await answered(documentsOf(client).send(query))).Items ?? []).map((item) => item.past as Past);
    return {
      drills: all.flatMap((past) => ('drill' in past ? [past.drill] : [])),
      mutes: all.flatMap((past) => ('mute' in past ? [past.mute] : [])),
    };
  },
});
