import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type TableName, tableNames } from '../../infra/function-spec.ts';

export { type TableName, tableNames };

/** The indexes that the stack gives the tables. */
const indexes: Readonly<Partial<Record<TableName, readonly [name: string, partition: string, sort: string]>>> = {
  registry: ['by-county', 'county', 'facilityId'],
  records: ['by-month', 'listedIn', 'openedAtId'],
  incidents: ['by-county', 'listedIn', 'openedAtId'],
};

const keySchema = (partition: string, sort?: string): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort ? [{ AttributeName: sort, KeyType: 'RANGE' } as const] : []),
];

/** As the stack makes it, but for its name. */
export const tableOf = (name: TableName, engineName: string): CreateTableCommandInput => {
  const sort = name === 'incidents' ? undefined : 'sk';
  const index = indexes[name];
  const attributes = ['pk', ...(sort ? [sort] : []), ...(index ? index.slice(1) : [])];
  return {
    TableName: engineName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema('pk', sort),
    AttributeDefinitions: attributes.map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
    ...(index && {
      GlobalSecondaryIndexes: [
        { IndexName: index[0], KeySchema: keySchema(index[1], index[2]), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  };
};

export interface Engine {
  readonly name: string;
  readonly client: DynamoDBClient;
  /** Another client of the same engine; whoever asks for it destroys it. */
  connect(): DynamoDBClient;
  /** Fresh, empty tables of their own, so that tests do not meet. */
  tables(): Promise<Readonly<Record<TableName, string>>>;
  stop(): Promise<void>;
}

const local = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const engineAt = (name: string, endpoint: string, stopServer: () => Promise<void>): Engine => {
  const connect = (): DynamoDBClient => new DynamoDBClient({ ...local, endpoint, maxAttempts: 1 });
  const client = connect();
  let made = 0;
  return {
    name,
    client,
    connect,
    tables: async () => {
      made += 1;
      const names = tableNames.map((table) => [table, `${table}-${process.pid}-${Date.now()}-${made}`] as const);
      await Promise.all(
        names.map(([table, engineName]) => client.send(new CreateTableCommand(tableOf(table, engineName)))),
      );
      return Object.fromEntries(names) as Record<TableName, string>;
    },
    stop: async () => {
      client.destroy();
      await stopServer();
    },
  };
};

/** An embedded engine in this process, in memory, on a free port. */
export const startDynalite = async (): Promise<Engine> => {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return engineAt(
    'dynalite',
    `http://127.0.0.1:${port}`,
    () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  );
};

/**
 * Amazon's own DynamoDB Local as a second opinion, if it runs somewhere: `CRADLEWATCH_DYNAMODB_LOCAL=http://127.0.0.1:8000`.
 */
export const dynamoDbLocalUrl = process.env.CRADLEWATCH_DYNAMODB_LOCAL;

export const connectDynamoDbLocal = async (endpoint: string): Promise<Engine> =>
  engineAt('DynamoDB Local', endpoint, async () => undefined);
