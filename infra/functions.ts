import type { FunctionName, RouteKey } from '../shared/contracts/routes.ts';

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
}

const on = (...table: TableAction[]): TableRights => ({ table });
const inside = (partitions: readonly string[], ...may: ItemAction[]): PartitionRights => ({ partitions, may });

/** What is kept of a facility, in the tables of the registry, the evidence, the logs and the challenges. */
const OF_FACILITIES = 'facility#*';
/** Records of ours that stand a second time, to be listed: in no log, and beside no request of a box. */
const ACCESSES = ['access~*', 'division~*'] as const;
const OBJECTIONS = 'objection~*';
const PERSON_SALT = 'PEOPLE';
const EXPORT_JOBS = 'exports#jobs';
const SIGNS_OF_LIFE = 'system';
/** A receiver adds to what is kept of facilities, and to nothing else. */
const addsRecords: TableRights = { within: [inside([OF_FACILITIES], 'PutItem')] };
/** Who was looked at is kept under seal and in a list, the viewer by a salted id. */
const keepsAccesses = [
  inside([PERSON_SALT], 'GetItem'),
  inside([OF_FACILITIES, ...ACCESSES, PERSON_SALT], 'PutItem'),
] as const;
/** An id of an incident has a tilde: its deliveries, its ledger. */
const OF_INCIDENTS = '*~*';
const showsLife = inside([SIGNS_OF_LIFE], 'UpdateItem');

/** Small and often: a receiver is bound by the store, and half a vCPU verifies a signature in well under a millisecond. */
const receiver = { memoryMb: 512, timeoutSeconds: 10, told: ['AUTHORITIES'] } as const;
/** People wait for these, and they are few. */
const forPeople = { memoryMb: 1024, timeoutSeconds: 25 } as const;
/** One whole vCPU: nothing about an alarm or a sweep waits for a slice of processor. */
const WHOLE_VCPU_MB = 1769;

/** What a completed sweep could not do. One time is mended by the next sweep; three in a row is a fault that stays. */
const inThreeSweeps = (metric: string, description: string): CountAlarm => ({
  metric,
  description,
  when: 'counted',
  minutes: 3,
});
/** What is counted every quarter of an hour for as long as it is so: in each of two hours, so that it rings once. */
const inTwoHours = (metric: string, description: string): CountAlarm => ({
  metric,
  description,
  when: 'counted',
  minutes: 120,
});
const atOnce = (metric: string, description: string): CountAlarm => ({
  metric,
  description,
  when: 'counted',
  minutes: 1,
});

/** Every function of the product, with its whole set of rights. A name that no route or list has yet adds nothing. */
const specs = {
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
      // The key to which boxes seal is no facility's: no receiver may put one.
      challenges: { ...on('Query'), ...addsRecords },
      evidence: addsRecords,
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-checks': {
    ...receiver,
    tables: {
      evidence: addsRecords,
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-logs': {
    ...receiver,
    tables: {
      evidence: addsRecords,
      registry: on('GetItem'),
      records: on('GetItem', 'PutItem', 'UpdateItem'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'receive-digests': {
    ...receiver,
    tables: { evidence: addsRecords, registry: on('GetItem'), records: on('GetItem', 'PutItem') },
  },
  'receive-alarms': {
    ...receiver,
    memoryMb: WHOLE_VCPU_MB,
    publishes: true,
    tables: {
      alarms: on('GetItem', 'PutItem'),
      incidents: on('GetItem', 'PutItem', 'UpdateItem'),
      evidence: addsRecords,
      registry: on('GetItem'),
      deliveries: on('GetItem'),
    },
  },
  watch: {
    memoryMb: WHOLE_VCPU_MB,
    timeoutSeconds: 60,
    publishes: true,
    tables: {
      vitals: on('Scan', 'Query', 'UpdateItem'),
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      records: on('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      alarms: on('GetItem'),
      incidents: on('Scan', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      deliveries: { ...on('GetItem'), within: [showsLife] },
      evidence: {
        within: [inside([PERSON_SALT], 'GetItem'), inside([OF_FACILITIES, PERSON_SALT], 'PutItem')],
      },
    },
    everyMinutes: 1,
    alarms: [
      inThreeSweeps('facilities-failed', 'Facilities could not be judged in three sweeps: they are not watched.'),
      inThreeSweeps(
        'incidents-failed',
        'Alarms could not be followed in three sweeps: somebody may not have been told.',
      ),
      inThreeSweeps('notices-refused', 'SNS refused notices in three sweeps: departments are not told.'),
      {
        metric: 'sweep-completed',
        heading: 'sweep-missing',
        description: 'No sweep has completed for 3 minutes: nobody is watching.',
        when: 'missing',
        minutes: 3,
      },
    ],
  },
  'deliver-notices': {
    memoryMb: 1024,
    // Below the visibility timeout of both queues: nobody else takes up a message while this still works on it.
    timeoutSeconds: 50,
    told: ['PUBLIC_URL'],
    secrets: ['LINK_SECRET'],
    channelSecrets: true,
    fedFrom: {
      'life-safety': { batchSize: 1 },
      technical: { batchSize: 50, windowSeconds: 20, maximumConcurrency: 5 },
    },
    tables: {
      deliveries: {
        ...on('GetItem', 'Query'),
        within: [inside([OF_INCIDENTS, 'link#*', 'feed#*', 'feed-of#*', 'channel#*'], 'PutItem'), showsLife],
      },
      incidents: on('GetItem', 'UpdateItem'),
      registry: on('GetItem'),
      vitals: on('UpdateItem'),
    },
    alarms: [
      atOnce('message-refused', 'A message of a delivery queue could not be read: somebody is not told.'),
      atOnce('nobody-told-of-danger', 'A department that must act on an alarm has nobody who can be told of it.'),
    ],
  },
  'keep-ledger': {
    memoryMb: 256,
    timeoutSeconds: 25,
    fedFrom: { ledger: { batchSize: 50, windowSeconds: 10, maximumConcurrency: 2 } },
    tables: { deliveries: { within: [inside([OF_INCIDENTS], 'PutItem')] } },
  },
  'take-answers': {
    ...forPeople,
    secrets: ['LINK_SECRET'],
    tables: {
      deliveries: {
        ...on('GetItem'),
        within: [inside([OF_INCIDENTS], 'PutItem'), inside(['link#*', 'post#*'], 'UpdateItem')],
      },
      incidents: on('GetItem', 'UpdateItem'),
      records: on('GetItem', 'PutItem'),
      registry: on('GetItem'),
      vitals: on('UpdateItem'),
    },
  },
  'audit-escalation': {
    memoryMb: 1024,
    timeoutSeconds: 50,
    told: ['WATCHDOG_URL'],
    // It takes part in nothing: it only reads.
    tables: { incidents: on('Scan'), deliveries: on('Query') },
    everyMinutes: 1,
    alarms: [
      atOnce('escalation-late', 'The next step of an open incident is overdue: somebody is not told in time.'),
      atOnce('canary-late', 'The canary was not rung, or its notice did not come through: nor may a real one.'),
      atOnce('watchdog-refused', 'The watchdog outside did not take its feed: it is about to ring.'),
      {
        metric: 'escalation-audited',
        description: 'Nobody has audited the escalation for 3 minutes: a step that is late would go unnoticed.',
        when: 'missing',
        minutes: 3,
      },
    ],
  },
  'close-day': {
    memoryMb: 1024,
    timeoutSeconds: 300,
    told: ['LOG_NAME', 'LOG_REGION'],
    sendsTo: ['seal', 'draw', 'purge'],
    tables: {
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      // Of the logs it puts its own runs and who is not sealed.
      logs: { ...on('GetItem'), within: [inside(['run#days', 'not-shown#*'], 'PutItem')] },
      deliveries: on('Query'),
    },
    everyMinutes: 15,
    alarms: [
      {
        metric: 'day-closed',
        description: 'For 6 hours the last day was not closed: nothing of it is under seal, or nobody looks.',
        when: 'missing',
        minutes: 360,
      },
      inTwoHours('facilities-not-sealed', 'Facilities have no statement of the last day 2 hours after its end.'),
      inTwoHours('verifier-never-ran', 'Days are sealed, and nobody has ever verified a log.'),
      inTwoHours('verifier-stopped', 'For 26 hours nobody has verified the logs: a change would go unnoticed.'),
    ],
  },
  seal: {
    memoryMb: WHOLE_VCPU_MB,
    // Below the visibility timeout of its queue.
    timeoutSeconds: 240,
    told: ['LOG_NAME', 'LOG_REGION'],
    sealed: 'add',
    logKey: 'sign',
    fedFrom: { seal: { batchSize: 10, maximumConcurrency: 10 } },
    // What one run has no time for goes back.
    sendsTo: ['seal'],
    tables: {
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      vitals: on('Query'),
      records: on('Query'),
      evidence: on('Query'),
      challenges: on('Query'),
      // The logs of facilities and of the region, its leaves, days and who is not shown. What was verified it may not put.
      logs: {
        ...on('GetItem'),
        within: [inside(['*/f/*', '*/region/*', 'region/*', OF_FACILITIES, 'not-shown#*'], 'PutItem')],
      },
    },
  },
  'receive-challenges': {
    ...receiver,
    tables: {
      challenges: { ...on('GetItem', 'Query'), ...addsRecords },
      evidence: addsRecords,
      registry: on('GetItem'),
      records: on('UpdateItem'),
      vitals: on('GetItem', 'UpdateItem'),
    },
  },
  'draw-challenges': {
    memoryMb: 1024,
    timeoutSeconds: 50,
    // Nobody else can open what the boxes sealed.
    challengeKeys: true,
    fedFrom: { draw: { batchSize: 5, maximumConcurrency: 5 } },
    tables: {
      challenges: { ...on('GetItem', 'Query'), within: [inside([OF_FACILITIES, 'keys#'], 'PutItem')] },
      evidence: addsRecords,
      registry: on('GetItem'),
      records: on('Query', 'UpdateItem'),
      vitals: on('GetItem', 'UpdateItem'),
    },
    alarms: [
      atOnce('challenge-key-lost', 'A private key is gone before its time: what was sealed to it cannot be asked for.'),
    ],
  },
  purge: {
    memoryMb: 512,
    // Below the visibility timeout of its queue.
    timeoutSeconds: 120,
    told: ['LOG_NAME'],
    fedFrom: { purge: { batchSize: 10, maximumConcurrency: 2 } },
    // What one run has no time for goes back.
    sendsTo: ['purge'],
    tables: {
      registry: on('GetItem'),
      evidence: { ...on('Query'), within: [inside([OF_FACILITIES, ...ACCESSES, OBJECTIONS], 'DeleteItem')] },
      logs: on('GetItem'),
    },
  },
  'erase-records': {
    ...forPeople,
    told: ['OIDC_ISSUERS'],
    tables: {
      // It notes what it destroyed apart from other changes: beside them lie the keys of boxes.
      registry: { ...on('GetItem', 'Query'), within: [inside(['erasures#*'], 'PutItem')] },
      evidence: { ...on('Query'), within: [inside([OF_FACILITIES], 'UpdateItem')] },
      records: on('GetItem', 'UpdateItem', 'DeleteItem'),
    },
  },
  'verify-evidence': {
    memoryMb: WHOLE_VCPU_MB,
    // A twenty-fourth of the facilities, and what runs before left over; it stops by itself before.
    timeoutSeconds: 900,
    told: ['LOG_NAME', 'LOG_REGION'],
    sealed: 'read',
    logKey: 'read',
    // It only reads, but for its own marks of what it found right and its sign of life.
    tables: {
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      evidence: on('Query'),
      logs: { ...on('GetItem', 'Query'), within: [inside(['verified#logs'], 'PutItem')] },
      deliveries: { ...on('Query'), within: [showsLife] },
    },
    everyMinutes: 60,
    alarms: [
      atOnce('evidence-broken', 'Sealed evidence is not what was sealed: somebody changed it, or a store lost it.'),
    ],
  },
  'ring-canary': {
    memoryMb: 512,
    timeoutSeconds: 30,
    told: ['REPORTS_URL', 'INGRESS'],
    secrets: ['CANARY_SECRET'],
    reports: 'POST /v1/alarms',
    // It enrols its own key. The key of a nursery it may not write.
    tables: {
      alarms: { within: [inside(['canary/canary'], 'PutItem')] },
      deliveries: { within: [showsLife] },
    },
    everyMinutes: 5,
  },
  desk: {
    ...forPeople,
    told: ['OIDC_ISSUERS'],
    publishes: true,
    tables: {
      incidents: { table: ['GetItem', 'PutItem', 'UpdateItem'], index: 'by-county' },
      records: { table: ['GetItem', 'PutItem', 'Query'], index: 'by-month' },
      registry: on('GetItem', 'Query'),
      deliveries: { ...on('GetItem', 'Query'), within: [inside(['windows#*'], 'PutItem')] },
    },
  },
  audit: {
    ...forPeople,
    exports: true,
    told: ['OIDC_ISSUERS'],
    sendsTo: ['exports'],
    tables: {
      vitals: on('Query'),
      records: { table: ['GetItem', 'Query'], index: 'by-month' },
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      incidents: { table: ['GetItem'], index: 'by-county' },
      deliveries: on('GetItem', 'Query'),
      // Who looked, and objections.
      evidence: { ...on('Query'), within: [...keepsAccesses, inside([OBJECTIONS], 'PutItem')] },
      // Of the logs it puts nothing but exports that are made in the background.
      logs: { ...on('GetItem', 'Query'), within: [inside([EXPORT_JOBS], 'PutItem')] },
      challenges: on('Query'),
    },
  },
  'audit-files': {
    ...forPeople,
    // A report draws charts, and a bundle hashes trees.
    memoryMb: WHOLE_VCPU_MB,
    told: ['OIDC_ISSUERS', 'LOG_NAME', 'LOG_REGION'],
    sealed: 'read',
    logKey: 'read',
    tables: {
      vitals: on('Query'),
      records: { table: ['GetItem', 'Query'], index: 'by-month' },
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      incidents: { table: ['GetItem'], index: 'by-county' },
      // Who looked.
      evidence: { ...on('Query'), within: keepsAccesses },
      logs: on('GetItem', 'Query'),
      challenges: on('Query'),
    },
  },
  'make-exports': {
    memoryMb: WHOLE_VCPU_MB,
    // Below the visibility timeout of its queue.
    timeoutSeconds: 240,
    exports: true,
    fedFrom: { exports: { batchSize: 1, maximumConcurrency: 2 } },
    // What one run has no time for goes back.
    sendsTo: ['exports'],
    tables: {
      vitals: on('Query'),
      records: { table: ['GetItem', 'Query'], index: 'by-month' },
      registry: { table: ['GetItem', 'Query'], index: 'by-county' },
      incidents: { table: ['GetItem'], index: 'by-county' },
      challenges: on('Query'),
      logs: { ...on('GetItem'), within: [inside([EXPORT_JOBS], 'PutItem')] },
    },
  },
  registry: {
    ...forPeople,
    told: ['OIDC_ISSUERS', 'ADMINISTRATORS'],
    asksForDelivery: true,
    tables: {
      // The directories of counties and subjects, and the changes of posts, are never deleted; erasures are not its to note.
      registry: {
        ...on('GetItem', 'Query'),
        within: [
          inside([OF_FACILITIES, 'grant#*', 'rosters#*'], 'PutItem', 'DeleteItem'),
          inside(['county', 'grants', 'post#*'], 'PutItem'),
        ],
        index: 'by-county',
      },
      vitals: on('GetItem', 'PutItem', 'UpdateItem'),
      alarms: on('PutItem', 'DeleteItem'),
      deliveries: on('Query'),
      evidence: addsRecords,
      // Whoever is registered or edited is looked at until its day is sealed.
      logs: { within: [inside(['not-shown#*'], 'PutItem')] },
      records: on('Query'),
    },
  },
  'describe-api': { memoryMb: 256, timeoutSeconds: 10 },
} as const satisfies Readonly<Record<string, FunctionSpec>>;

export const functionSpecs: Readonly<Record<FunctionName, FunctionSpec>> = specs;
