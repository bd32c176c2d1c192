import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { FeedEntry } from '../../domain/delivery/delivery.ts';
import { countyOf } from '../../domain/facility.ts';
import type { NoticeFeed } from '../../ports/delivery-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { hasItem, type Key } from './engine.ts';
import { expiringAsTold } from './expiry.ts';
import { padMs, SCHEMA } from './keys.ts';
import { putFirst } from './put-next.ts';

const feedOf = (topic: string, county: string): string => `feed#${topic}#${county}`;
const keptKey = (noticeId: string): Key => ({ pk: `feed-of#${noticeId}`, sk: 'at' });

/** Feeds by topic and county, and beside them a mark per notice, so that each is in its feed once. */
export const makeNoticeFeed = (client: DynamoDBClient, table: string): NoticeFeed => ({
  keep: async (topic, entry) => {
    if (await hasItem(client, table, keptKey(entry.noticeId))) return;
    const pk = feedOf(topic, countyOf(entry.division));
    const sk = `${padMs(entry.atMs)}#${entry.noticeId}`;
    const expires = expiringAsTold(entry.incidentId, entry.atMs);
    const Item = { pk, sk, schema: SCHEMA, entry, ...expires };
    await answered(documentsOf(client).send(new PutCommand({ TableName: table, Item })));
    // Dying before this: the next try puts it a second time, later, and the reader drops the repeat by its id. The other
    // way round it would come into the feed behind a reader who has passed its instant, and be lost for that one.
    await putFirst(client, table, keptKey(entry.noticeId), { atMs: entry.atMs, ...expires });
  },
  list: async (topic, county, fromMs, limit) => {
    const query = new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': feedOf(topic, county), ':from': padMs(fromMs) },
      Limit: limit,
      ConsistentRead: true,
    });
    return ((await answered(documentsOf(client).send(query))).Items ?? []).map((item) => item.entry as FeedEntry);
  },
});
