import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type TableName, tableNames, tableOf } from '../../test/support/dynalite.ts';
import { startServer } from '../processes.ts';

/** Every table of the stack on an engine in a process of its own, empty. */
export interface BenchTables {
  readonly client: DynamoDBClient;
  readonly names: Readonly<Record<TableName, string>>;
  readonly stop: () => Promise<void>;
}

export const startTables = async (): Promise<BenchTables> => {
  const engine = await startServer('store');
  const client = new DynamoDBClient({
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: `http://127.0.0.1:${engine.port}`,
    maxAttempts: 1,
  });
  for (const name of tableNames) await client.send(new CreateTableCommand(tableOf(name, name)));
  return {
    client,
    names: Object.fromEntries(tableNames.map((name) => [name, name])) as BenchTables['names'],
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
};
