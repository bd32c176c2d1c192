import type { FunctionName } from '../shared/contracts/routes.ts';
import type {
  CountAlarm,
  FunctionSpec,
  ItemAction,
  PartitionRights,
  TableAction,
  TableRights,
} from './function-spec.ts';

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
    logsFailedRunsOnly: true,
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
