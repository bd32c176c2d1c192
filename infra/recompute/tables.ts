import { existsSync } from 'node:fs';
import path from 'node:path';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { operatorClients, startEngine } from '../local/engines.ts';
import { findRunning } from '../local/running.ts';
import { localAccount } from '../local/template.ts';

/** The tables that a recomputation reads, wherever they are. */
export interface ReadTables {
  readonly client: DynamoDBClient;
  readonly names: Readonly<Record<'vitals' | 'registry' | 'records' | 'incidents', string>>;
  /** A stack runs on them: they change while they are read. */
  readonly isRunning: boolean;
  readonly close: () => Promise<void>;
}

/** What is asked for is not there, and the message says what to do. */
export class NothingToReadError extends Error {
  override readonly name = 'NothingToReadError';
}

const namesIn = async (client: DynamoDBClient): Promise<ReadTables['names']> => {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const named = (word: string): string => {
    const found = TableNames.find((name) => name.toLowerCase().includes(word));
    if (found === undefined) throw new NothingToReadError(`there is no ${word} table in this data`);
    return found;
  };
  return {
    vitals: named('vitals'),
    registry: named('registry'),
    records: named('records'),
    incidents: named('incidents'),
  };
};

const tablesIn = (dataDir: string): string => path.join(dataDir, 'tables');

/** A stack has run on this folder. */
export const hasTables = (dataDir: string): boolean => existsSync(tablesIn(dataDir));

/** Of a stack that runs, through its own engine; else the engine is started on the data for as long as it is read. */
export const openTables = async (dataDir: string): Promise<ReadTables> => {
  const running = await findRunning(dataDir);
  if (running !== undefined) {
    if (running.engines === undefined)
      throw new NothingToReadError('the running stack does not say where its tables are');
    const { dynamodb } = operatorClients(running.engines);
    return { client: dynamodb, names: await namesIn(dynamodb), isRunning: true, close: async () => dynamodb.destroy() };
  }
  if (!hasTables(dataDir))
    throw new NothingToReadError(`there is no data in ${dataDir}. Start the stack with \`npm start\`.`);
  const engine = await startEngine(
    { engine: 'tables', dataDir: tablesIn(dataDir), region: localAccount.region, tables: [] },
    () => {},
  );
  const { dynamodb } = operatorClients(`http://127.0.0.1:${engine.port}`);
  const close = async (): Promise<void> => {
    dynamodb.destroy();
    await engine.stop();
  };
  try {
    return { client: dynamodb, names: await namesIn(dynamodb), isRunning: false, close };
  } catch (error) {
    await close();
    throw error;
  }
};
