import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Facility } from '../../domain/facility.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import { hasItem, type Key, readItem } from './engine.ts';
import { facilityKey } from './registry-keys.ts';

export const keyKey = (facilityId: string, box: string, key: string): Key => ({
  ...facilityKey(facilityId),
  sk: `key#${box}#${key}`,
});

/** All that a receiver asks of the registry, apart from the rest: its bundle is counted in bytes. */
export const makeRegistryReader = (
  client: DynamoDBClient,
  table: string,
): Pick<RegistryStore, 'readFacility' | 'isKeyLive'> => ({
  readFacility: async (facilityId) => {
    const item = await readItem(client, table, facilityKey(facilityId));
    return item && (item.facility as Facility);
  },
  isKeyLive: (facilityId, box, key) => hasItem(client, table, keyKey(facilityId, box, key)),
});
