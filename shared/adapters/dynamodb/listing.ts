import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Page } from '../../ports/registry-store.ts';
import { answered } from '../engine-trouble.ts';
import { documentsOf } from './client.ts';
import type { Item } from './engine.ts';

/** So many items of a page are read again at a time. */
const READ_AT_ONCE = 10;

/** One page of keys, and whether the engine has (or may have) more. */
export const queryPage = async (
  client: DynamoDBClient,
  query: QueryCommandInput,
): Promise<{ readonly items: readonly Item[]; readonly more: boolean }> => {
  const answer = await answered(documentsOf(client).send(new QueryCommand(query)));
  return { items: answer.Items ?? [], more: answer.LastEvaluatedKey !== undefined };
};

/**
 * Reads the listed items themselves, strongly: an index holds keys only and lags. What is gone, or no longer belongs to
 * the list, is left out, so that a page may be short and still not be the last.
 */
export const readListed = async <K, T>(
  keys: readonly K[],
  read: (key: K) => Promise<T | undefined>,
  belongs: (found: T) => boolean,
): Promise<readonly T[]> => {
  const found: T[] = [];
  for (let at = 0; at < keys.length; at += READ_AT_ONCE) {
    const some = await Promise.all(keys.slice(at, at + READ_AT_ONCE).map(read));
    found.push(...some.filter((item) => item !== undefined).filter(belongs));
  }
  return found;
};

export const pageWith = <T>(items: readonly T[], cursor: string | undefined): Page<T> =>
  cursor === undefined ? { items } : { items, cursor };
