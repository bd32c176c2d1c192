import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ReachStore } from '../../ports/delivery-store.ts';
import { type Key, readItem } from './engine.ts';
import { moveForward } from './move-forward.ts';

const seenKey = (post: string): Key => ({ pk: `post#${post}`, sk: 'seen' });

/** When somebody of a post last saw a notice. */
export const makeReachStore = (client: DynamoDBClient, table: string): ReachStore => ({
  seen: (post, atMs) => moveForward(client, table, seenKey(post), atMs),
  seenAtMs: async (post) => (await readItem(client, table, seenKey(post)))?.atMs as number | undefined,
});
