import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { answered, troubleOf } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';

export type Item = Readonly<Record<string, unknown>>;
export type Key = Readonly<Record<string, string>>;

/** What a conditional write answers; absent if its condition did not hold. Throws `UnavailableError`. */
export const unlessRefused = async <T>(write: Promise<T>): Promise<T | undefined> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw troubleOf(error);
  }
};

/** True if a conditional write was made; false if its condition did not hold. Throws `UnavailableError`. */
export const happened = async (write: Promise<object>): Promise<boolean> => (await unlessRefused(write)) !== undefined;

/** One item; strongly consistent unless `eventually`, at half the price, for who need not see the last second. */
export const readItem = async (
  client: DynamoDBClient,
  table: string,
  key: Key,
  how: 'strongly' | 'eventually' = 'strongly',
): Promise<Item | undefined> => {
  const read = new GetCommand({ TableName: table, Key: key, ConsistentRead: how === 'strongly' });
  return (await answered(documentsOf(client).send(read))).Item;
};

/** True if the item is there, strongly consistent; nothing of it but its key travels. */
export const hasItem = async (client: DynamoDBClient, table: string, key: Key): Promise<boolean> => {
  const read = new GetCommand({ TableName: table, Key: key, ConsistentRead: true, ProjectionExpression: 'pk' });
  return (await answered(documentsOf(client).send(read))).Item !== undefined;
};

/** Every item of a query over all its pages, strongly consistent unless `eventually`. The partition bounds it. */
export const queryAll = async (
  client: DynamoDBClient,
  query: QueryCommandInput,
  how: 'strongly' | 'eventually' = 'strongly',
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const pages = paginateQuery({ client: documentsOf(client) }, { ...query, ConsistentRead: how === 'strongly' });
  await answered(
    (async () => {
      for await (const page of pages) items.push(...(page.Items ?? []));
    })(),
  );
  return items;
};

/** Items of one partition whose sort key lies in `[from, to]`. */
export const between = (table: string, pk: string, from: string, to: string): QueryCommandInput => ({
  TableName: table,
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
  ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
});

/** Items of one partition whose sort key begins so. */
export const beginning = (table: string, pk: string, prefix: string): QueryCommandInput => ({
  TableName: table,
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
});
