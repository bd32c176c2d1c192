import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { CANARY } from '../../domain/incident.ts';
import type { AlarmStore } from '../../ports/alarm-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import { hasItem, type Key, readItem } from './engine.ts';
import { CANARY_DAYS, expiring } from './expiry.ts';
import { keptOf, putKept } from './kept-reports.ts';
import { SCHEMA } from './keys.ts';

const keyKey = (facilityId: string, box: string, key: string): Key => ({
  pk: `${facilityId}/${box}`,
  sk: `key#${key}`,
});
const alarmKey = (facilityId: string, box: string, id: string): Key => ({
  pk: `${facilityId}/${box}`,
  sk: `alarm#${id}`,
});

/** Keys and records of alarms. */
export const makeAlarmStore = (client: DynamoDBClient, table: string): AlarmStore => {
  const documents = documentsOf(client);
  return {
    isKeyLive: (facilityId, box, key) => hasItem(client, table, keyKey(facilityId, box, key)),
    putKey: async (facilityId, box, key) => {
      const item = { ...keyKey(facilityId, box, key), schema: SCHEMA };
      await answered(documents.send(new PutCommand({ TableName: table, Item: item })));
    },
    removeKey: async (facilityId, box, key) => {
      await answered(documents.send(new DeleteCommand({ TableName: table, Key: keyKey(facilityId, box, key) })));
    },
    read: async (facilityId, box, id) => {
      const item = await readItem(client, table, alarmKey(facilityId, box, id));
      return item && keptOf(item);
    },
    put: (facilityId, box, kept) => {
      // A record of no nursery; of a nursery it is the record of the alarm, and stays.
      const expires = facilityId === CANARY ? expiring(kept.receivedMs, CANARY_DAYS) : {};
      return putKept(client, table, alarmKey(facilityId, box, kept.report.id), { ...kept, ...expires });
    },
  };
};
