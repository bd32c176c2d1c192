import type { RouteKey } from '../shared/contracts/routes.ts';

/** The tables, by the word in their environment variable: `vitals` is `VITALS_TABLE`. */
export const tableNames = [
  'vitals',
  'registry',
  'records',
  'alarms',
  'incidents',
  'deliveries',
  /** Salted records, by facility and day of reception. */
  'evidence',
  /** Heads and indexes of the logs. */
  'logs',
  'challenges',
] as const;
export type TableName = (typeof tableNames)[number];

/** The departments with a topic of their own, and the facility: `police` is `TOPIC_POLICE`. */
export const topicNames = ['police', 'fire', 'emergency', 'health', 'supervision', 'facility'] as const;
export type TopicName = (typeof topicNames)[number];

/** Actions on one item, which the request names by its key. */
export type ItemAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type TableAction = ItemAction | 'Query' | 'Scan';

/** What may be done with the items of some partitions alone. */
export interface PartitionRights {
  /** Partition keys; `*` stands for any text. */
  readonly partitions: readonly string[];
  readonly may: readonly ItemAction[];
}

export interface TableRights {
  /** Allowed on every item of the table. */
  readonly table?: readonly TableAction[];
  /** Allowed in some partitions only: whatever must not be forged is written by such a right. */
  readonly within?: readonly PartitionRights[];
  /** Allows Query on this index, and on no other. */
  readonly index?: 'by-county' | 'by-month';
}

/** The lanes of a notice, each with a queue of its own, so that no heap of technical notices delays life safety. */
export const laneNames = ['life-safety', 'technical'] as const;
export type LaneName = (typeof laneNames)[number];

/** Work of which a message names one piece: a facility and a day, or an export. */
export const workQueueNames = ['seal', 'draw', 'purge', 'exports'] as const;
export type WorkQueueName = (typeof workQueueNames)[number];

/** The queues that functions are fed from: one per lane, the ledger, and one per kind of work. */
export type QueueName = LaneName | 'ledger' | WorkQueueName;

/** How a queue feeds a function. A message whose id the function gives back as failed comes again. */
export interface Feeding {
  readonly batchSize: number;
  /** Collects for so long before it invokes; left out: invokes at once. */
  readonly windowSeconds?: number;
  /** At most so many instances at once, so that a heap of messages leaves the account's concurrency to life safety. */
  readonly maximumConcurrency?: number;
}

/** Secrets that the template generates, by the variable that names one. */
export const secretNames = ['LINK_SECRET', 'CANARY_SECRET'] as const;
export type SecretName = (typeof secretNames)[number];

/** What of the stack's parameters and settings a function is told. */
export type ParameterName =
  | 'AUTHORITIES'
  | 'OIDC_ISSUERS'
  | 'ADMINISTRATORS'
  | 'PUBLIC_URL'
  | 'REPORTS_URL'
  | 'WATCHDOG_URL'
  | 'INGRESS'
  /** Begins the origin of every log, and names the key of its checkpoints. It never changes in the life of a stack. */
  | 'LOG_NAME'
  /** Name of the region whose log has the facilities' checkpoints as its leaves: the city. */
  | 'LOG_REGION';

/** An alarm on something that a function counts. */
export interface CountAlarm {
  /** Name of the metric, and heading in the runbook unless `heading` says another. */
  readonly metric: string;
  readonly heading?: string;
  readonly description: string;
  /** `counted` rings when it was counted, `missing` when it was not, silence included. */
  readonly when: 'counted' | 'missing';
  /** In so many minutes in a row; above an hour in whole hours, which are then looked at one by one. */
  readonly minutes: number;
}

/**
 * What a function is, needs and may do. Its environment follows from its rights: it is told the name of a table, topic,
 * queue, secret or bucket exactly if it may use it.
 */
export interface FunctionSpec {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly tables?: Partial<Record<TableName, TableRights>>;
  /** May publish to the six topics. */
  readonly publishes?: true;
  /** May put and get objects of the exports bucket. */
  readonly exports?: true;
  readonly told?: readonly ParameterName[];
  /** May read these secrets, and is told their ARNs. */
  readonly secrets?: readonly SecretName[];
  /** May read the secrets of channels, which people put under one prefix: `CHANNEL_SECRETS`. */
  readonly channelSecrets?: true;
  /** Is fed from these queues. */
  readonly fedFrom?: Partial<Record<QueueName, Feeding>>;
  /** May send to the technical queue: `DELIVERY_QUEUE`. */
  readonly asksForDelivery?: true;
  /** May send to these queues: `seal` is `SEAL_QUEUE`. */
  readonly sendsTo?: readonly WorkQueueName[];
  /** May read objects of the bucket under lock, or add to it: `SEALED_BUCKET`. Nobody may overwrite or delete. */
  readonly sealed?: 'read' | 'add';
  /** May read the public key of the logs, or sign with it: `LOG_KEY`. */
  readonly logKey?: 'read' | 'sign';
  /** May make, read and destroy the private keys of challenges, under one prefix: `CHALLENGE_KEYS`. */
  readonly challengeKeys?: true;
  /** Calls this route of the API as a box does; where the API asks for SigV4, its role needs the right. */
  readonly reports?: RouteKey;
  /** Is called by a schedule, and never late. */
  readonly everyMinutes?: number;
  readonly alarms?: readonly CountAlarm[];
  /** Runs so often that the platform's lines of each run would cost more than the run: those that went wrong are logged. */
  readonly logsFailedRunsOnly?: true;
}
