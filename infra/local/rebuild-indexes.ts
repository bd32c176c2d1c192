import { createRequire } from 'node:module';
import type { JsonObject } from './template.ts';

interface Batch {
  readonly type: 'put' | 'del';
  readonly key: string;
  readonly value?: unknown;
}
interface LevelStore {
  open(): Promise<void>;
  close(): Promise<void>;
  clear(range: { gte: string; lt: string }): Promise<void>;
  batch(operations: Batch[]): Promise<void>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
}
interface IndexAction {
  readonly index: string;
  readonly key: string;
  readonly item: unknown;
}
type StoredTable = JsonObject & { readonly TableName: string };

const engine = createRequire(createRequire(import.meta.url).resolve('dynalite'));
const { Level } = engine('level') as { Level: new (path: string, options: object) => LevelStore };
const { getIndexActions } = engine('dynalite/db') as {
  getIndexActions(indexes: unknown, existing: unknown, item: unknown, table: unknown): { puts: IndexAction[] };
};

const under = (prefix: string) => ({ gte: prefix, lt: `${prefix}\xff` });
const batchSize = 1_000;

/**
 * Throws every index of the stored tables away and builds it again from the items, before the engine opens the store.
 *
 * The engine writes index entries first and the item after them, as separate writes: a kill between the two leaves an
 * entry of something that was never stored, or one whose item has changed. Tables are the truth; dying in here leaves
 * indexes incomplete, which the next start mends in the same way. A table's definition of its indexes is taken from
 * the template, so that an index that was added or changed there is right too.
 */
export const rebuildIndexes = async (path: string, definitions: readonly JsonObject[]): Promise<void> => {
  const store = new Level(path, { valueEncoding: 'json' });
  await store.open();
  try {
    await store.clear(under('index-'));
    for await (const [key, value] of store.iterator(under('table~'))) {
      const stored = value as StoredTable;
      const wanted = definitions.find((definition) => definition.TableName === stored.TableName);
      if (wanted === undefined) continue;
      if (JSON.stringify(wanted.KeySchema) !== JSON.stringify(stored.KeySchema)) {
        throw new Error(
          `table ${stored.TableName} is stored with other keys than the template says: remove the data folder`,
        );
      }
      const table = withIndexesOf(stored, wanted);
      await store.batch([{ type: 'put', key, value: table }]);
      await indexItems(store, table);
    }
  } finally {
    await store.close();
  }
};

const withIndexesOf = (stored: StoredTable, wanted: JsonObject): StoredTable => {
  const { GlobalSecondaryIndexes: _dropped, ...kept } = stored;
  const indexes = wanted.GlobalSecondaryIndexes;
  return {
    ...kept,
    TableName: stored.TableName,
    TableStatus: 'ACTIVE',
    AttributeDefinitions: wanted.AttributeDefinitions ?? [],
    ...(Array.isArray(indexes)
      ? {
          GlobalSecondaryIndexes: indexes.map((index) => ({
            ...(index as JsonObject),
            IndexStatus: 'ACTIVE',
            IndexSizeBytes: 0,
            ItemCount: 0,
            ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
          })),
        }
      : {}),
  };
};

const indexItems = async (store: LevelStore, table: StoredTable): Promise<void> => {
  const indexes = table.GlobalSecondaryIndexes;
  if (indexes === undefined) return;
  let pending: Batch[] = [];
  for await (const [, item] of store.iterator(under(`item-${table.TableName}~`))) {
    for (const put of getIndexActions(indexes, undefined, item, table).puts) {
      pending.push({ type: 'put', key: `index-global~${table.TableName}~${put.index}~${put.key}`, value: put.item });
    }
    if (pending.length < batchSize) continue;
    await store.batch(pending);
    pending = [];
  }
  await store.batch(pending);
};
