import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import type { DeliveryStore } from '../../ports/delivery-store.ts';
import { beginning, type Item, type Key, queryAll, readItem } from './engine.ts';
import { expiringAsTold } from './expiry.ts';
import { putFirst, putNext } from './put-next.ts';

const PREFIX = 'delivery#';
const deliveryKey = (incidentId: string, noticeId: string, contact: string): Key => ({
  pk: incidentId,
  sk: `${PREFIX}${noticeId}#${contact}`,
});
const keyOf = ({ incidentId, noticeId, contact }: Delivery): Key => deliveryKey(incidentId, noticeId, contact);

/** The delivery whole, beside what the compare-and-set compares. */
const attributesOf = (delivery: Delivery) => ({
  revision: delivery.revision,
  delivery,
  ...expiringAsTold(delivery.incidentId, delivery.createdAtMs),
});
const deliveryOf = (item: Item): Delivery => item.delivery as Delivery;

/** One item per notice and contact, in the partition of its incident. */
export const makeDeliveryStore = (client: DynamoDBClient, table: string): DeliveryStore => ({
  putIfAbsent: (delivery) => putFirst(client, table, keyOf(delivery), attributesOf(delivery)),
  read: async (incidentId, noticeId, contact) => {
    const item = await readItem(client, table, deliveryKey(incidentId, noticeId, contact));
    return item && deliveryOf(item);
  },
  save: (next) => putNext(client, table, keyOf(next), attributesOf(next)),
  ofIncident: async (incidentId) => (await queryAll(client, beginning(table, incidentId, PREFIX))).map(deliveryOf),
});
