import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LedgerEntry } from '../../domain/delivery/delivery.ts';
import type { LedgerStore } from '../../ports/delivery-store.ts';
import { beginning, queryAll } from './engine.ts';
import { expiringAsTold } from './expiry.ts';
import { putFirst } from './put-next.ts';

const PREFIX = 'ledger#';

/** What SNS passed on, beside the deliveries of the incident. The first time counts: a repeat is the same notice. */
export const makeLedgerStore = (client: DynamoDBClient, table: string): LedgerStore => ({
  keep: async (entry) => {
    const key = { pk: entry.incidentId, sk: `${PREFIX}${entry.noticeId}` };
    await putFirst(client, table, key, { entry, ...expiringAsTold(entry.incidentId, entry.receivedAtMs) });
  },
  ofIncident: async (incidentId) =>
    (await queryAll(client, beginning(table, incidentId, PREFIX))).map((item) => item.entry as LedgerEntry),
});
