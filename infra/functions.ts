import type { FunctionName } from '../shared/contracts/routes.ts';

/** The tables, by the word in their environment variable: `vitals` is `VITALS_TABLE`. */
export const tableNames = ['vitals', 'registry', 'records', 'alarms', 'incidents'] as const;
export type TableName = (typeof tableNames)[number];

/** The departments with a topic of their own, and the facility: `police` is `TOPIC_POLICE`. */
export const topicNames = ['police', 'fire', 'emergency', 'health', 'supervision', 'facility'] as const;
export type TopicName = (typeof topicNames)[number];

export type TableAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan';

export interface TableRights {
  /** Allowed on the table itself. */
  readonly table: readonly TableAction[];
  /** Allows Query on this index, and on no other. */
  readonly index?: 'by-county' | 'by-month';
}

/** The stack's parameters that a function is told. */
export type AccessParameter = 'AUTHORITIES' | 'OIDC_ISSUERS' | 'ADMINISTRATORS';

/**
 * What a function is, needs and may do. Its environment follows from its rights: it is told the name of a table, topic or
 * bucket exactly if it may use it.
 */
export interface FunctionSpec {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly tables?: Partial<Record<TableName, TableRights>>;
  /** May publish to the six topics. */
  readonly publishes?: true;
  /** May put and get objects of the exports bucket. */
  readonly exports?: true;
  readonly told?: readonly AccessParameter[];
}

const on = (...table: TableAction[]): TableRights => ({ table });

/** Small and often: a receiver is bound by the store, and half a vCPU verifies a signature in well under a millisecond. */
const receiver = { memoryMb: 512, timeoutSeconds: 10, told: ['AUTHORITIES'] } as const;
/** People wait for these, and they are few. */
const forPeople = { memoryMb: 1024, timeoutSeconds: 25 } as const;
/** One whole vCPU: nothing about an alarm or a sweep waits for a slice of processor. */
const WHOLE_VCPU_MB = 1769;

/** Every function of the product, with its whole set of rights. */
export const functionSpecs: Readonly<Record<FunctionName, FunctionSpec>> = {
  'receive-heartbeats': {
    ...receiver,
    tables: { vitals: on('GetItem', 'UpdateItem'), records: on('UpdateItem') },
  },
  'receive-coverage': {
    ...receiver,
    tables: { vitals: on('GetItem', 'UpdateItem'), records: on('UpdateItem') },
  },
  'receive-recordings': {
    ...receiver,
    tables: {
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-checks': {
    ...receiver,
    tables: {
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-logs': {
    ...receiver,
    tables: {
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-alarms': {
    ...receiver,
    memoryMb: WHOLE_VCPU_MB,
    publishes: true,
    tables: {
      alarms: on('GetItem', 'PutItem'),
      incidents: on('GetItem', 'PutItem', 'UpdateItem'),
      registry: on('GetItem'),
    },
  },
  watch: {
    memoryMb: WHOLE_VCPU_MB,
    timeoutSeconds: 60,
    publishes: true,
    tables: {
      vitals: on('Scan', 'Query', 'UpdateItem'),
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      alarms: on('GetItem'),
      incidents: on('Scan', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
    },
  },
  desk: {
    ...forPeople,
    told: ['OIDC_ISSUERS'],
    tables: {
      incidents: { table: ['GetItem', 'UpdateItem'], index: 'by-county' },
      records: { table: ['GetItem', 'PutItem', 'Query'], index: 'by-month' },
      registry: on('GetItem', 'Query'),
    },
  },
  audit: {
    ...forPeople,
    exports: true,
    told: ['OIDC_ISSUERS'],
    tables: {
      vitals: on('Query'),
      records: on('Query'),
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
    },
  },
  registry: {
    ...forPeople,
    told: ['OIDC_ISSUERS', 'ADMINISTRATORS'],
    tables: {
      registry: { table: ['GetItem', 'PutItem', 'DeleteItem', 'Query'], index: 'by-county' },
      vitals: on('GetItem', 'PutItem', 'UpdateItem'),
      alarms: on('PutItem', 'DeleteItem'),
    },
  },
  'describe-api': { memoryMb: 256, timeoutSeconds: 10 },
};
