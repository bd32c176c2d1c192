import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../domain/errors.ts';
import type { KeptReport, PutOutcome } from '../../ports/record-store.ts';
import { documentsOf } from './client.ts';
import { happened, type Item, type Key, readItem } from './engine.ts';
import { SCHEMA } from './keys.ts';

/** False = what it said was erased; its id is all that is left. */
export const isReadable = (item: Item): boolean => item.report !== undefined;

export const keptOf = <T>(item: Item): KeptReport<T> => ({
  report: item.report as T,
  digest: String(item.digest),
  receivedMs: Number(item.receivedMs),
  key: String(item.key),
});

/**
 * Keeps a report once. What is there already is read strongly and compared by its digest, so that the same report sent
 * again is told from another one under its id. A crash right after the put is healed by the box's retry (`same`).
 */
export const putKept = async (
  client: DynamoDBClient,
  table: string,
  key: Key,
  kept: KeptReport<unknown>,
): Promise<PutOutcome> => {
  const put = new PutCommand({
    TableName: table,
    Item: { ...key, schema: SCHEMA, ...kept },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  if (await happened(documentsOf(client).send(put))) return 'put';
  const there = await readItem(client, table, key);
  if (!there) throw new UnavailableError(`${key.pk} ${key.sk} vanished between a put and a read`);
  // Of what was erased nobody can tell whether it is the same: it is not kept anew either way.
  return !isReadable(there) || there.digest === kept.digest ? 'same' : 'id-reused';
};
