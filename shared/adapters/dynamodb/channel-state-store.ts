import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ChannelState } from '../../domain/delivery/channel.ts';
import type { ChannelStateStore } from '../../ports/delivery-store.ts';
import { type Key, readItem } from './engine.ts';
import { expiring } from './expiry.ts';
import { putNext } from './put-next.ts';

const stateKey = (key: string): Key => ({ pk: `channel#${key}`, sk: 'state' });

const KNOWN_DAYS = 30;

/** The latest instant that it speaks of: its last send, or what shuts it a little longer. It has always sent something. */
const lastOf = ({ sentAtMs, lockedUntilMs = 0, openUntilMs = 0 }: ChannelState): number =>
  Math.max(...sentAtMs, lockedUntilMs, openUntilMs);

/** What is known of each address of a channel, shared by every instance that sends. */
export const makeChannelStateStore = (client: DynamoDBClient, table: string): ChannelStateStore => ({
  read: async (key) => {
    const item = await readItem(client, table, stateKey(key));
    return item && (item.state as ChannelState);
  },
  save: (next) =>
    putNext(client, table, stateKey(next.key), {
      revision: next.revision,
      state: next,
      ...expiring(lastOf(next), KNOWN_DAYS),
    }),
});
