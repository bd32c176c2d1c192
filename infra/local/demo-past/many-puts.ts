import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { localAccount } from '../template.ts';

/** As many as one batch may hold. */
const MOST_IN_BATCH = 25;

/** A client by which the stores put thousands of items: each put is answered at once, and written with its neighbours. */
export interface ManyPuts {
  readonly client: DynamoDBClient;
  /** Resolves when all that was put so far is written. */
  readonly written: () => Promise<void>;
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * The same items as the stores write, in batches: one by one they would keep a newcomer waiting. Conditions are left
 * out, so it is for what nobody else writes and what may be put again.
 */
export const manyPuts = (through: DynamoDBClient): ManyPuts => {
  const waiting = new Map<string, WriteRequest[]>();
  let writing: Promise<unknown> = Promise.resolve();

  const flush = (table: string): void => {
    const batch = waiting.get(table)?.splice(0) ?? [];
    if (batch.length === 0) return;
    const write = async (): Promise<void> => {
      const { UnprocessedItems } = await through.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch } }));
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error(`${table} did not take a whole batch`);
    };
    writing = writing.then(write);
    // Heard where the batches are awaited.
    writing.catch(() => undefined);
  };

  const handle = async ({ headers, body }: Sent) => {
    const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
    if (target !== 'DynamoDB_20120810.PutItem') throw new Error(`many puts are puts, and no ${target}`);
    const { TableName, Item } = JSON.parse(new TextDecoder().decode(body as Uint8Array)) as {
      TableName: string;
      Item: Record<string, never>;
    };
    const batch = waiting.get(TableName) ?? [];
    waiting.set(TableName, batch);
    batch.push({ PutRequest: { Item } });
    if (batch.length === MOST_IN_BATCH) flush(TableName);
    const answer = {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from('{}'),
    };
    return { response: answer };
  };

  const client = new DynamoDBClient({
    region: localAccount.region,
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: { handle: handle as never },
  });
  return {
    client,
    written: async () => {
      for (const table of waiting.keys()) flush(table);
      await writing;
    },
  };
};
