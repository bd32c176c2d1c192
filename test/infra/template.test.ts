import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionNames, routeKey, routes } from '../../shared/contracts/routes.ts';
import type { Lane } from '../../shared/domain/incident.ts';
import { topicNames } from '../../shared/domain/rule-pack.ts';
import {
  at,
  type Json,
  list,
  type Resource,
  type Statement,
  statementsIn,
  synthesizedTemplates,
} from './support/template.ts';

const templates = await synthesizedTemplates();
const runbook = readFileSync(path.resolve(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const headings = [...runbook.matchAll(/^### (\S+)$/gm)].map(([, heading]) => heading);
const departments: readonly string[] = topicNames;
const tables = ['vitals', 'registry', 'records', 'alarms', 'incidents', 'deliveries', 'evidence', 'logs', 'challenges'];
/** Every lane that there is: a further one does not compile until it has its queue. */
const lanes = Object.keys({ 'life-safety': true, technical: true } satisfies Record<Lane, true>);

/** Function → table (or index) → every action allowed on it. Written by hand: a right more or less must be seen here. */
const allowed: Record<(typeof functionNames)[number], Record<string, string>> = {
  'receive-heartbeats': { vitals: 'GetItem UpdateItem', records: 'UpdateItem' },
  'receive-coverage': { vitals: 'GetItem UpdateItem', records: 'UpdateItem' },
  'receive-recordings': {
    challenges: 'PutItem Query',
    evidence: 'PutItem',
    registry: 'GetItem',
    records: 'GetItem PutItem Query UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'receive-checks': {
    evidence: 'PutItem',
    registry: 'GetItem',
    records: 'GetItem PutItem Query UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'receive-logs': {
    evidence: 'PutItem',
    registry: 'GetItem',
    records: 'GetItem PutItem UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'receive-digests': { evidence: 'PutItem', registry: 'GetItem', records: 'GetItem PutItem' },
  'receive-challenges': {
    challenges: 'GetItem PutItem Query',
    evidence: 'PutItem',
    registry: 'GetItem',
    records: 'UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'draw-challenges': {
    challenges: 'GetItem PutItem Query',
    evidence: 'PutItem',
    registry: 'GetItem',
    records: 'Query UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'receive-alarms': {
    evidence: 'PutItem',
    alarms: 'GetItem PutItem',
    incidents: 'GetItem PutItem UpdateItem',
    registry: 'GetItem',
    deliveries: 'GetItem',
  },
  'deliver-notices': {
    deliveries: 'GetItem PutItem Query UpdateItem',
    incidents: 'GetItem UpdateItem',
    registry: 'GetItem',
    vitals: 'UpdateItem',
  },
  'keep-ledger': { deliveries: 'PutItem' },
  'take-answers': {
    deliveries: 'GetItem PutItem UpdateItem',
    incidents: 'GetItem UpdateItem',
    records: 'GetItem PutItem',
    registry: 'GetItem',
    vitals: 'UpdateItem',
  },
  'audit-escalation': { incidents: 'Scan', deliveries: 'Query' },
  'erase-records': {
    registry: 'GetItem PutItem Query',
    evidence: 'Query UpdateItem',
    records: 'DeleteItem GetItem UpdateItem',
  },
  purge: { registry: 'GetItem', evidence: 'DeleteItem Query', logs: 'GetItem' },
  'verify-evidence': {
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    evidence: 'Query',
    logs: 'GetItem PutItem Query',
    deliveries: 'Query UpdateItem',
  },
  'ring-canary': { alarms: 'PutItem', deliveries: 'UpdateItem' },
  watch: {
    vitals: 'Query Scan UpdateItem',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    records: 'GetItem PutItem Query UpdateItem',
    alarms: 'GetItem',
    incidents: 'DeleteItem GetItem PutItem Scan UpdateItem',
    deliveries: 'GetItem UpdateItem',
    evidence: 'GetItem PutItem',
  },
  'close-day': {
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    logs: 'GetItem PutItem',
    deliveries: 'Query',
  },
  seal: {
    vitals: 'Query',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    records: 'Query',
    evidence: 'Query',
    logs: 'GetItem PutItem',
    challenges: 'Query',
  },
  desk: {
    incidents: 'GetItem PutItem UpdateItem',
    'incidents/index/by-county': 'Query',
    records: 'GetItem PutItem Query',
    'records/index/by-month': 'Query',
    registry: 'GetItem Query',
    deliveries: 'GetItem PutItem Query',
  },
  audit: {
    vitals: 'Query',
    records: 'GetItem Query',
    'records/index/by-month': 'Query',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    incidents: 'GetItem',
    'incidents/index/by-county': 'Query',
    deliveries: 'GetItem Query',
    evidence: 'GetItem PutItem Query',
    logs: 'GetItem PutItem Query',
    challenges: 'Query',
  },
  'audit-files': {
    vitals: 'Query',
    records: 'GetItem Query',
    'records/index/by-month': 'Query',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    incidents: 'GetItem',
    'incidents/index/by-county': 'Query',
    evidence: 'GetItem PutItem Query',
    logs: 'GetItem Query',
    challenges: 'Query',
  },
  'make-exports': {
    vitals: 'Query',
    records: 'GetItem Query',
    'records/index/by-month': 'Query',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
    incidents: 'GetItem',
    'incidents/index/by-county': 'Query',
    challenges: 'Query',
    logs: 'GetItem PutItem',
  },
  registry: {
    records: 'Query',
    evidence: 'PutItem',
    registry: 'DeleteItem GetItem PutItem Query',
    'registry/index/by-county': 'Query',
    vitals: 'GetItem PutItem UpdateItem',
    alarms: 'DeleteItem PutItem',
    deliveries: 'Query',
    logs: 'PutItem',
  },
  'describe-api': {},
};
const capitalized = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const publishers = ['receive-alarms', 'watch', 'desk'];

/** Function → what else it may do, in the order of its statements. */
const beyond: Partial<Record<(typeof functionNames)[number], readonly string[]>> = {
  'deliver-notices': [
    'secretsmanager:GetSecretValue', // of the links
    'secretsmanager:GetSecretValue', // of channels
    'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
  ],
  'keep-ledger': ['sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage'],
  'take-answers': ['secretsmanager:GetSecretValue'],
  'audit-escalation': ['sqs:SendMessage'],
  'close-day': ['sqs:SendMessage', 'sqs:SendMessage'], // to the queues of work, and to its own dead letters
  seal: [
    'sqs:SendMessage',
    's3:GetObject s3:PutObject',
    's3:ListBucket',
    'kms:GetPublicKey kms:Sign',
    'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
  ],
  'draw-challenges': [
    'secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:GetSecretValue',
    'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
  ],
  purge: ['sqs:SendMessage', 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage'],
  'verify-evidence': ['s3:GetObject', 's3:ListBucket', 'kms:GetPublicKey', 'sqs:SendMessage'],
  'ring-canary': ['secretsmanager:GetSecretValue', 'sqs:SendMessage'],
  watch: ['sqs:SendMessage'],
  audit: ['s3:GetObject s3:PutObject', 'sqs:SendMessage'],
  'audit-files': ['s3:GetObject', 's3:ListBucket', 'kms:GetPublicKey'],
  'make-exports': [
    's3:GetObject s3:PutObject',
    'sqs:SendMessage',
    'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
  ],
  registry: ['sqs:SendMessage'],
};

/** Function → how often it is called, in minutes. */
const scheduled = {
  watch: 1,
  'audit-escalation': 1,
  'ring-canary': 5,
  'verify-evidence': 60,
  'close-day': 15,
} as const;

/** Function → queue that feeds it → how. */
const fed = [
  ['deliver-notices', 'LifeSafety', { BatchSize: 1, MaximumBatchingWindowInSeconds: 0 }],
  [
    'deliver-notices',
    'Technical',
    { BatchSize: 50, MaximumBatchingWindowInSeconds: 20, ScalingConfig: { MaximumConcurrency: 5 } },
  ],
  [
    'keep-ledger',
    'Ledger',
    { BatchSize: 50, MaximumBatchingWindowInSeconds: 10, ScalingConfig: { MaximumConcurrency: 2 } },
  ],
  [
    'draw-challenges',
    'Draw',
    { BatchSize: 5, MaximumBatchingWindowInSeconds: 0, ScalingConfig: { MaximumConcurrency: 5 } },
  ],
  ['purge', 'Purge', { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ScalingConfig: { MaximumConcurrency: 2 } }],
  [
    'make-exports',
    'Exports',
    { BatchSize: 1, MaximumBatchingWindowInSeconds: 0, ScalingConfig: { MaximumConcurrency: 2 } },
  ],
  ['seal', 'Seal', { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, ScalingConfig: { MaximumConcurrency: 10 } }],
] as const;

const told: Record<(typeof functionNames)[number], string> = {
  'receive-heartbeats': 'AUTHORITIES',
  'receive-coverage': 'AUTHORITIES',
  'receive-recordings': 'AUTHORITIES',
  'receive-checks': 'AUTHORITIES',
  'receive-alarms': 'AUTHORITIES',
  'receive-logs': 'AUTHORITIES',
  'receive-digests': 'AUTHORITIES',
  'receive-challenges': 'AUTHORITIES',
  'draw-challenges': 'CHALLENGE_KEYS',
  watch: '',
  'deliver-notices': 'PUBLIC_URL LINK_SECRET CHANNEL_SECRETS',
  'keep-ledger': '',
  'take-answers': 'LINK_SECRET',
  'audit-escalation': 'WATCHDOG_URL',
  'close-day': 'LOG_NAME LOG_REGION SEAL_QUEUE DRAW_QUEUE PURGE_QUEUE',
  seal: 'LOG_NAME LOG_REGION SEALED_BUCKET LOG_KEY RETIRED_LOG_KEYS SEAL_QUEUE',
  'erase-records': 'OIDC_ISSUERS',
  purge: 'LOG_NAME PURGE_QUEUE',
  'verify-evidence': 'LOG_NAME LOG_REGION SEALED_BUCKET LOG_KEY RETIRED_LOG_KEYS',
  'ring-canary': 'REPORTS_URL INGRESS CANARY_SECRET',
  desk: 'OIDC_ISSUERS',
  audit: 'OIDC_ISSUERS EXPORTS_BUCKET EXPORTS_QUEUE',
  'make-exports': 'EXPORTS_BUCKET EXPORTS_QUEUE',
  'audit-files': 'OIDC_ISSUERS LOG_NAME LOG_REGION LOG_KEY RETIRED_LOG_KEYS SEALED_BUCKET',
  registry: 'OIDC_ISSUERS ADMINISTRATORS DELIVERY_QUEUE',
  'describe-api': '',
};

/**
 * Function → what the API may call it for. Written by hand, as the rights are. The local run checks each route against
 * these; what receives reports or erases has its own route only.
 */
const callableFor: Record<string, string> = {
  'receive-heartbeats': '/$default/POST/v1/heartbeats',
  'receive-coverage': '/$default/POST/v1/coverage',
  'receive-recordings': '/$default/POST/v1/recordings',
  'receive-checks': '/$default/POST/v1/checks',
  'receive-alarms': '/$default/POST/v1/alarms',
  'receive-logs': '/$default/POST/v1/logs',
  'receive-digests': '/$default/POST/v1/digests',
  'receive-challenges': '/$default/POST/v1/challenges',
  'erase-records': '/$default/POST/v1/registry/facilities/*/erasures',
  'describe-api': '/$default/GET/v1/openapi.json',
  desk: '/$default/*/v1/desk/*',
  audit: '/$default/*/v1/audit/*',
  'audit-files': '/$default/GET/v1/audit/*',
  registry: '/$default/*/v1/registry/*',
  'take-answers': '/$default/*/a/*',
};

describe.each(['aws', 'aws-cn'] as const)('the template for %s', (partition) => {
  const template = templates[partition];
  const properties = (resource: Resource): Json => resource.Properties;
  const isOperations = (alarm: Resource, actions: string): boolean =>
    at(properties(alarm), `${actions}.0.Ref`) === template.topic('operations').id;

  /** `tables…Arn` as `vitals`, its index as `records/index/by-month`. */
  const tableOf = (arn: Json): string | undefined => {
    const id = at(arn, 'Fn::GetAtt.0') ?? at(arn, 'Fn::Join.1.0.Fn::GetAtt.0');
    const word = tables.find((each) => template.table(each).id === id);
    return word === undefined ? undefined : `${word}${at(arn, 'Fn::Join.1.1') ?? ''}`;
  };

  test('names no partition in an ARN', () => {
    expect(template.text).not.toMatch(/arn:aws/);
    expect(template.text).toContain('AWS::Partition');
  });

  test('uses only resource types that both partitions and the local run know', () => {
    expect([...new Set(template.resources.map(({ Type }) => Type))].toSorted()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudWatch::Alarm',
      'AWS::DynamoDB::Table',
      'AWS::Events::Rule',
      'AWS::IAM::Role',
      'AWS::KMS::Key',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Subscription',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SecretsManager::Secret',
    ]);
  });

  test('stays well below the 500 resources that CloudFormation takes', () => {
    expect(template.resources.length).toBeLessThan(450);
  });

  test('asks for no service that AWS China lacks', () => {
    expect(template.text).not.toMatch(/cognito|lambda::url|functionurl|aws::scheduler|scheduler\.amazonaws/i);
    const protocols = template.ofType('AWS::SNS::Subscription').map((each) => at(properties(each), 'Protocol'));
    expect(new Set(protocols)).toEqual(new Set(['sqs']));
    if (partition === 'aws-cn') expect(template.text).not.toMatch(/xray|TracingConfig/i);
  });

  test('has exactly the functions of the contract', () => {
    const names = template
      .ofType('AWS::Lambda::Function')
      .map((each) => at(properties(each), 'Environment.Variables.POWERTOOLS_SERVICE_NAME'));
    expect(names.toSorted()).toEqual([...functionNames].toSorted());
  });

  describe.each(functionNames)('%s', (name) => {
    const resource = template.functionNamed(name);
    const statements = template.statementsOf(name);
    const beyondTables = (statement: Statement): boolean =>
      !statement.actions.some((each) => each.startsWith('dynamodb:'));

    test('has a log group of its own with retention, and may write to no other', () => {
      const logGroup = template.byId(at(properties(resource), 'LoggingConfig.LogGroup.Ref'));
      expect(at(properties(logGroup), 'RetentionInDays')).toBe(90);
      const sharers = template
        .ofType('AWS::Lambda::Function')
        .filter((each) => at(properties(each), 'LoggingConfig.LogGroup.Ref') === logGroup.id);
      expect(sharers).toHaveLength(1);
      expect(statements.filter(({ actions }) => actions.some((each) => each.startsWith('logs:')))).toMatchObject([
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [{ 'Fn::GetAtt': [logGroup.id, 'Arn'] }] },
      ]);
    });

    test('has a line of the platform for each run, but of the one that every beat calls, for each that failed', () => {
      const { LogGroup: _its, ...rest } = at(properties(resource), 'LoggingConfig') as Readonly<Record<string, Json>>;
      expect(rest).toEqual(name === 'receive-heartbeats' ? { LogFormat: 'JSON', SystemLogLevel: 'WARN' } : {});
    });

    test.each(['Errors', 'Throttles'])('rings operations on %s', (metric) => {
      const alarm = template.alarm(`${name}-${metric.toLowerCase()}`);
      expect(properties(alarm)).toMatchObject({
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: resource.id } }],
        Threshold: 1,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
      expect(isOperations(alarm, 'OKActions')).toBe(true);
    });

    test('has a role of its own, written by hand, that only Lambda takes', () => {
      const role = template.roleOf(name);
      const holders = template
        .ofType('AWS::Lambda::Function')
        .filter((each) => at(properties(each), 'Role.Fn::GetAtt.0') === role.id);
      expect(holders).toHaveLength(1);
      expect(at(properties(role), 'ManagedPolicyArns')).toBeUndefined();
      expect(at(properties(role), 'AssumeRolePolicyDocument.Statement')).toMatchObject([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    });

    test('may do exactly this to the tables', () => {
      const actual = Object.groupBy(
        statements
          .filter((statement) => !beyondTables(statement))
          .flatMap(({ actions, resources }) =>
            resources.flatMap((arn) =>
              actions.map((each) => ({ table: String(tableOf(arn)), action: each.replace('dynamodb:', '') })),
            ),
          ),
        ({ table }) => table,
      );
      // In which partitions is asserted in a file of its own.
      const told = Object.entries(actual).map(([table, all = []]) => [
        table,
        [...new Set(all.map(({ action }) => action))].toSorted().join(' '),
      ]);
      expect(Object.fromEntries(told)).toEqual(allowed[name]);
    });

    test('may do nothing else than this elsewhere', () => {
      const expected = [
        'logs:CreateLogStream logs:PutLogEvents',
        ...(publishers.includes(name) ? ['sns:Publish', 'kms:Decrypt kms:GenerateDataKey'] : []),
        ...(beyond[name] ?? []),
        ...(partition === 'aws' ? ['xray:PutTelemetryRecords xray:PutTraceSegments'] : []),
      ];
      const actual = statements.filter(beyondTables).map(({ actions }) => actions.join(' '));
      expect(actual).toEqual(expected);
    });

    test('holds no star, but the one that X-Ray asks for', () => {
      for (const { effect, actions, resources } of statements) {
        expect(effect).toBe('Allow');
        expect(actions.join()).not.toContain('*');
        if (actions.every((each) => each.startsWith('xray:'))) continue;
        expect(resources).not.toHaveLength(0);
        const wide = resources.filter((arn) => JSON.stringify(arn).includes('*'));
        const isPrefix = /\/(channels|challenge-keys)\/\*/.test(JSON.stringify(resources));
        expect(wide).toEqual(actions.includes('s3:GetObject') || isPrefix ? resources : []);
        expect(resources).not.toContain('*');
      }
    });

    test('is told the names of exactly what it may use', () => {
      // `records/index/by-month` is a right on a table too.
      const usable = [...new Set(Object.keys(allowed[name]).map((each) => each.split('/')[0] ?? each))];
      const expected = [
        'LOG_LEVEL',
        'POWERTOOLS_SERVICE_NAME',
        'POWERTOOLS_METRICS_NAMESPACE',
        ...usable.map((table) => `${table.toUpperCase()}_TABLE`),
        ...(publishers.includes(name) ? departments.map((each) => `TOPIC_${each.toUpperCase()}`) : []),
        ...told[name].split(' ').filter(Boolean),
      ];
      expect(Object.keys(template.environmentOf(name)).toSorted()).toEqual(expected.toSorted());
    });

    test('runs on Node 24, on the processor of its partition, traced where that exists', () => {
      expect(properties(resource)).toMatchObject({
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Architectures: [partition === 'aws' ? 'arm64' : 'x86_64'],
      });
      expect(at(properties(resource), 'TracingConfig.Mode')).toBe(partition === 'aws' ? 'Active' : undefined);
    });
  });

  test('only those three publish, to the six topics and with the key of the topics', () => {
    for (const name of publishers) {
      const environment = template.environmentOf(name);
      const [publish] = template.statementsOf(name).filter(({ actions }) => actions.includes('sns:Publish'));
      const [key] = template.statementsOf(name).filter(({ actions }) => actions.includes('kms:Decrypt'));
      const topics = departments.map((each) => ({ Ref: template.topic(each).id }));
      expect(publish?.resources).toEqual(topics);
      expect(departments.map((each) => environment[`TOPIC_${each.toUpperCase()}`])).toEqual(topics);
      expect(key?.resources).toEqual([at(properties(template.topic('police')), 'KmsMasterKeyId')]);
    }
  });

  test('each table is on demand, protected, encrypted and recoverable to a point in time', () => {
    for (const word of tables) {
      const table = template.table(word);
      expect(properties(table)).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      });
      expect(table.DeletionPolicy).toBe('Retain');
    }
    expect(template.ofType('AWS::DynamoDB::Table')).toHaveLength(tables.length);
  });

  test('items may expire where names are typed and where the canary rings, and nowhere else', () => {
    const expiring = Object.fromEntries(
      tables.map((word) => [word, at(properties(template.table(word)), 'TimeToLiveSpecification')]),
    );
    const byAttribute = { AttributeName: 'expiresAt', Enabled: true };
    expect(expiring).toEqual({
      ...Object.fromEntries(tables.map((word) => [word, undefined])),
      alarms: byAttribute,
      challenges: byAttribute,
      deliveries: byAttribute,
      records: byAttribute,
    });
  });

  test('the vitals have no index and no stream: a beat costs one write unit', () => {
    const vitals = properties(template.table('vitals'));
    expect(at(vitals, 'GlobalSecondaryIndexes')).toBeUndefined();
    expect(at(vitals, 'LocalSecondaryIndexes')).toBeUndefined();
    expect(template.text).not.toContain('StreamSpecification');
    expect(at(properties(template.table('alarms')), 'GlobalSecondaryIndexes')).toBeUndefined();
  });

  test('keys and indexes are those that the functions use', () => {
    const keysOf = (schema: Json | undefined): string =>
      list(schema)
        .map((each) => `${at(each, 'KeyType')}=${at(each, 'AttributeName')}`)
        .join(' ');
    const indexesOf = (table: Json): string[] =>
      list(at(table, 'GlobalSecondaryIndexes')).map(
        (each) => `${at(each, 'IndexName')}: ${keysOf(at(each, 'KeySchema'))} ${at(each, 'Projection.ProjectionType')}`,
      );
    const all = tables.map((word) => properties(template.table(word)));
    expect(all.map((table) => keysOf(at(table, 'KeySchema')))).toEqual([
      'HASH=pk RANGE=sk',
      'HASH=pk RANGE=sk',
      'HASH=pk RANGE=sk',
      'HASH=pk RANGE=sk',
      'HASH=pk',
      ...Array.from({ length: 4 }, () => 'HASH=pk RANGE=sk'),
    ]);
    expect(all.map(indexesOf)).toEqual([
      [],
      ['by-county: HASH=county RANGE=facilityId KEYS_ONLY'],
      ['by-month: HASH=listedIn RANGE=openedAtId KEYS_ONLY'],
      [],
      ['by-county: HASH=listedIn RANGE=openedAtId KEYS_ONLY'],
      [],
      [],
      [],
      [],
    ]);
  });

  describe('secrets', () => {
    const secrets = template.ofType('AWS::SecretsManager::Secret');
    const secretOf = (name: string, variable: string): Json | undefined => {
      const arn = template.environmentOf(name)[variable];
      return template.byId(at(arn, 'Ref')).id;
    };

    test('are generated with the stack, long, and in no template', () => {
      expect(secrets).toHaveLength(2);
      for (const secret of secrets) {
        expect(at(properties(secret), 'GenerateSecretString')).toEqual({
          PasswordLength: 64,
          ExcludePunctuation: true,
        });
        expect(at(properties(secret), 'SecretString')).toBeUndefined();
        expect(secret.DeletionPolicy).toBe('Retain');
      }
      expect(template.text).not.toMatch(/resolve:secretsmanager/);
    });

    test('come to a function as an ARN or a prefix, never as a value', () => {
      const told = functionNames.flatMap((name) =>
        Object.entries(template.environmentOf(name)).filter(([key]) => /SECRET|PASSWORD|TOKEN|KEY/.test(key)),
      );
      for (const [key, value] of told) {
        if (key === 'LOG_KEY') expect(value).toEqual(at(template.json, 'Outputs.LogKey.Value'));
        else if (key === 'RETIRED_LOG_KEYS') expect(value).toBe('none');
        else if (key === 'CHALLENGE_KEYS') expect(value).toMatch(/^cradlewatch-[a-z-]+\/challenge-keys\/$/);
        else if (key === 'CHANNEL_SECRETS') expect(value).toMatch(/^cradlewatch-[a-z-]+\/channels\/$/);
        else expect(secrets.map(({ id }) => ({ Ref: id }))).toContainEqual(value);
      }
      expect(told.filter(([key]) => key.endsWith('SECRET') || key.endsWith('SECRETS'))).toHaveLength(4);
    });

    test('are read by those who need them and by nobody else', () => {
      const readable = (name: string): readonly Json[] =>
        template
          .statementsOf(name)
          .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'))
          .flatMap(({ resources }) => resources);
      const links = { Ref: secretOf('take-answers', 'LINK_SECRET') };
      const channels = {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':secretsmanager:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            ':secret:cradlewatch-demo-dev/channels/*',
          ],
        ],
      };
      expect(template.environmentOf('deliver-notices').LINK_SECRET).toEqual(links);
      expect(readable('deliver-notices')).toEqual([links, channels]);
      expect(readable('take-answers')).toEqual([links]);
      expect(readable('ring-canary')).toEqual([{ Ref: secretOf('ring-canary', 'CANARY_SECRET') }]);
      // Who reads the keys of challenges is asserted with what is sealed.
      const readers = ['deliver-notices', 'take-answers', 'ring-canary', 'draw-challenges'];
      const others = functionNames.filter((name) => !readers.includes(name));
      expect(others.flatMap(readable)).toEqual([]);
      expect(secretOf('ring-canary', 'CANARY_SECRET')).not.toBe(secretOf('take-answers', 'LINK_SECRET'));
    });
  });

  describe('PublicUrl and WatchdogUrl', () => {
    test.each([
      [
        'deliver-notices',
        'PUBLIC_URL',
        'PublicUrl',
        { 'Fn::GetAtt': [template.ofType('AWS::ApiGatewayV2::Api')[0]?.id, 'ApiEndpoint'] },
      ],
      [
        'ring-canary',
        'REPORTS_URL',
        'PublicUrl',
        { 'Fn::GetAtt': [template.ofType('AWS::ApiGatewayV2::Api')[0]?.id, 'ApiEndpoint'] },
      ],
      ['audit-escalation', 'WATCHDOG_URL', 'WatchdogUrl', 'none'],
    ])('%s is told %s, and what stands for an empty one', (name, variable, parameter, otherwise) => {
      const [condition, whenEmpty, whenGiven] = list(at(template.environmentOf(name)[variable], 'Fn::If'));
      expect(at(template.json, `Conditions.${String(condition)}`)).toEqual({ 'Fn::Equals': [{ Ref: parameter }, ''] });
      expect(whenEmpty).toEqual(otherwise);
      expect(whenGiven).toEqual({ Ref: parameter });
    });

    test.each(['PublicUrl', 'WatchdogUrl'])('%s is empty or a URL without a slash at its end', (parameter) => {
      const declared = at(template.json, `Parameters.${parameter}`);
      expect(at(declared, 'Default')).toBe('');
      const pattern = new RegExp(`^${at(declared, 'AllowedPattern')}$`);
      const asked = ['', 'https://a.example', 'https://a.example/b', 'https://a.example/', 'a.example', 'https://a b'];
      expect(asked.map((text) => pattern.test(text))).toEqual([true, true, true, false, false, false]);
    });

    test.each(['PublicUrl', 'WatchdogUrl'])(
      '%s is never read on its way: http is for this machine alone',
      (parameter) => {
        const pattern = new RegExp(`^${at(template.json, `Parameters.${parameter}.AllowedPattern`)}$`);
        const asked = [
          'http://127.0.0.1:8787',
          'http://localhost:8787/a',
          'http://a.example',
          'http://127.0.0.1.a.example',
          'http://localhost@a.example',
        ];
        expect(asked.map((text) => pattern.test(text))).toEqual([true, true, false, false, false]);
      },
    );
  });

  describe('the HTTP API', () => {
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    const routeResources = template.ofType('AWS::ApiGatewayV2::Route');
    const functionBehind = (route: Resource): Json | undefined => {
      const integration = template.byId(at(properties(route), 'Target.Fn::Join.1.1.Ref'));
      expect(properties(integration)).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
      const target = template.byId(at(properties(integration), 'IntegrationUri.Fn::GetAtt.0'));
      return at(properties(target), 'Environment.Variables.POWERTOOLS_SERVICE_NAME');
    };

    test('has exactly the routes of the contract, each served by its function', () => {
      const actual = routeResources.map((route) => [at(properties(route), 'RouteKey'), functionBehind(route)]);
      expect(Object.fromEntries(actual)).toEqual(
        Object.fromEntries(routes.map((each) => [routeKey(each), each.serves])),
      );
      expect(actual).toHaveLength(routes.length);
    });

    test('may call each function by one permission, for its own route or the one prefix of its routes', () => {
      const [api] = template.ofType('AWS::ApiGatewayV2::Api');
      const permissions = template
        .ofType('AWS::Lambda::Permission')
        .filter((each) => at(properties(each), 'Principal') === 'apigateway.amazonaws.com');
      const actual = permissions.map((permission) => {
        const target = template.byId(at(properties(permission), 'FunctionName.Fn::GetAtt.0'));
        const source = list(at(properties(permission), 'SourceArn.Fn::Join.1'));
        expect(source).toContainEqual({ Ref: api?.id });
        return [at(properties(target), 'Environment.Variables.POWERTOOLS_SERVICE_NAME'), source.at(-1)];
      });
      expect(actual.toSorted()).toEqual(Object.entries(callableFor).toSorted());
    });

    test('is one $default stage that comes after its routes', () => {
      expect(at(stage?.Properties, 'StageName')).toBe('$default');
      expect(at(stage?.Properties, 'AutoDeploy')).toBe(true);
      expect(list(stage?.DependsOn)).toEqual(expect.arrayContaining(routeResources.map(({ id }) => id)));
    });

    test('throttles each report path and the answer links by themselves, and everything else by the default', () => {
      const perRoute = at(stage?.Properties, 'RouteSettings') as Record<string, Json>;
      expect(Object.keys(perRoute).toSorted()).toEqual(
        routes
          .filter(({ caller, serves }) => caller === 'box' || serves === 'take-answers')
          .map(routeKey)
          .toSorted(),
      );
      expect(perRoute['POST /v1/alarms']).toMatchObject({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
      expect(perRoute['POST /v1/heartbeats']).toMatchObject({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 });
      expect(at(stage?.Properties, 'DefaultRouteSettings')).toMatchObject({
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
      });
    });

    test('keeps an access log with retention that names no person, address or facility', () => {
      const format = String(at(stage?.Properties, 'AccessLogSettings.Format'));
      const variables = [...format.matchAll(/\$context\.([A-Za-z.]+)/g)].map(([, variable]) => variable);
      expect(variables).not.toHaveLength(0);
      const harmless =
        /^(requestId|requestTime|routeKey|status|response(Length|Latency)|integration(Latency|Status|ErrorMessage))$/;
      expect(variables.filter((each) => !harmless.test(String(each)))).toEqual([]);
      const destination = JSON.stringify(at(stage?.Properties, 'AccessLogSettings.DestinationArn'));
      const logGroup = template.ofType('AWS::Logs::LogGroup').find(({ id }) => destination.includes(`"${id}"`));
      expect(at(logGroup?.Properties, 'RetentionInDays')).toBe(90);
    });

    test('tells the receivers its own host, then the further ones', () => {
      const [api] = template.ofType('AWS::ApiGatewayV2::Api');
      expect(template.environmentOf('receive-heartbeats').AUTHORITIES).toEqual({
        'Fn::Join': [
          '',
          [
            { Ref: api?.id },
            '.execute-api.',
            { Ref: 'AWS::Region' },
            '.',
            { Ref: 'AWS::URLSuffix' },
            ',',
            { Ref: 'Authorities' },
          ],
        ],
      });
      expect(template.environmentOf('desk').OIDC_ISSUERS).toEqual({ Ref: 'OidcIssuers' });
      expect(template.environmentOf('registry').ADMINISTRATORS).toEqual({ Ref: 'Administrators' });
    });
  });

  describe.each(Object.entries(scheduled))('%s', (name, minutes) => {
    const resource = template.functionNamed(name);
    const deadLetters = template.byId(at(properties(resource), 'DeadLetterConfig.TargetArn.Fn::GetAtt.0'));
    const [rule, ...others] = template
      .ofType('AWS::Events::Rule')
      .filter((each) => at(properties(each), 'Targets.0.Arn.Fn::GetAtt.0') === resource.id);

    test(`is called every ${minutes} min, and by nothing else`, () => {
      expect(others).toEqual([]);
      const period = minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
      expect(at(rule?.Properties, 'ScheduleExpression')).toBe(period);
      expect(at(rule?.Properties, 'State')).toBe('ENABLED');
      expect(list(at(rule?.Properties, 'Targets'))).toHaveLength(1);
      const permission = template
        .ofType('AWS::Lambda::Permission')
        .find((each) => at(properties(each), 'SourceArn.Fn::GetAtt.0') === rule?.id);
      expect(permission?.Properties).toMatchObject({
        FunctionName: { 'Fn::GetAtt': [resource.id, 'Arn'] },
        Principal: 'events.amazonaws.com',
      });
      // It ends before it is called again.
      expect(Number(at(properties(resource), 'Timeout'))).toBeLessThanOrEqual(60 * minutes);
    });

    test('drops a tick older than a minute, tries none twice, and keeps what failed', () => {
      const config = template
        .ofType('AWS::Lambda::EventInvokeConfig')
        .find((each) => at(properties(each), 'FunctionName.Ref') === resource.id);
      expect(config?.Properties).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
      expect(at(rule?.Properties, 'Targets.0')).toMatchObject({
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] } },
      });
      // After the queues of work, where it has any.
      const send = template.statementsOf(name).findLast(({ actions }) => actions.includes('sqs:SendMessage'));
      expect(send?.resources).toEqual([{ 'Fn::GetAtt': [deadLetters.id, 'Arn'] }]);
    });
  });

  test('nothing else is scheduled', () => {
    expect(template.ofType('AWS::Events::Rule')).toHaveLength(Object.keys(scheduled).length);
    expect(template.ofType('AWS::Lambda::EventInvokeConfig')).toHaveLength(Object.keys(scheduled).length);
  });

  describe('watch', () => {
    test('runs once at a time, for a minute at most', () => {
      expect(properties(template.functionNamed('watch'))).toMatchObject({
        ReservedConcurrentExecutions: 1,
        Timeout: 60,
      });
    });

    test('counts a completed sweep under the very name that the alarm waits for', () => {
      const code =
        "import { countNow, makeMetrics } from './shared/runtime/metrics.ts'; countNow(makeMetrics(), 'sweep-completed');";
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
        encoding: 'utf8',
        env: { ...process.env, ...(template.environmentOf('watch') as Record<string, string>) },
      });
      const line = JSON.parse(stdout) as { readonly [key: string]: Json };
      const alarm = properties(template.alarm('sweep-missing'));
      expect(at(line, '_aws.CloudWatchMetrics.0')).toMatchObject({
        Namespace: at(alarm, 'Namespace'),
        Dimensions: [[at(alarm, 'Dimensions.0.Name')]],
        Metrics: [{ Name: at(alarm, 'MetricName') }],
      });
      expect(line[String(at(alarm, 'Dimensions.0.Name'))]).toBe(at(alarm, 'Dimensions.0.Value'));
    });
  });

  test.each([
    ['sweep-missing', 'watch', 'sweep-completed'],
    ['escalation-audited', 'audit-escalation', 'escalation-audited'],
  ])(
    '%s rings operations when %s has not counted %s for three minutes, silence included',
    (heading, service, metric) => {
      const alarm = template.alarm(heading);
      expect(properties(alarm)).toMatchObject({
        Namespace: template.environmentOf(service).POWERTOOLS_METRICS_NAMESPACE,
        MetricName: metric,
        Dimensions: [{ Name: 'service', Value: service }],
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
      expect(at(properties(alarm), 'DatapointsToAlarm') ?? 3).toBe(3);
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    },
  );

  test.each([
    ['facilities-failed', 'watch', 3],
    ['incidents-failed', 'watch', 3],
    ['notices-refused', 'watch', 3],
    ['message-refused', 'deliver-notices', 1],
    ['nobody-told-of-danger', 'deliver-notices', 1],
    ['escalation-late', 'audit-escalation', 1],
    ['canary-late', 'audit-escalation', 1],
    ['watchdog-refused', 'audit-escalation', 1],
  ])('%s rings operations when %s counted it in %i minutes in a row', (heading, service, minutes) => {
    expect(properties(template.alarm(heading))).toMatchObject({
      Namespace: template.environmentOf(service).POWERTOOLS_METRICS_NAMESPACE,
      MetricName: heading,
      Dimensions: [{ Name: 'service', Value: service }],
      Period: 60,
      EvaluationPeriods: minutes,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['day-closed', 6, 'LessThanThreshold', 'breaching'],
    ['facilities-not-sealed', 2, 'GreaterThanOrEqualToThreshold', 'notBreaching'],
    ['verifier-never-ran', 2, 'GreaterThanOrEqualToThreshold', 'notBreaching'],
    ['verifier-stopped', 2, 'GreaterThanOrEqualToThreshold', 'notBreaching'],
  ])('%s rings operations by what close-day counted in %i hours', (heading, hours, comparison, missing) => {
    const alarm = template.alarm(heading);
    expect(properties(alarm)).toMatchObject({
      Namespace: template.environmentOf('close-day').POWERTOOLS_METRICS_NAMESPACE,
      MetricName: heading,
      Dimensions: [{ Name: 'service', Value: 'close-day' }],
      Period: 3_600,
      EvaluationPeriods: hours,
      ComparisonOperator: comparison,
      TreatMissingData: missing,
    });
    expect(isOperations(alarm, 'AlarmActions')).toBe(true);
  });

  test('every alarm has its heading in the runbook', () => {
    const names = template.ofType('AWS::CloudWatch::Alarm').map((alarm) => String(at(properties(alarm), 'AlarmName')));
    const missing = names.filter((name) => !headings.some((heading) => name.endsWith(`-${heading}`)));
    expect(names.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  test('only watch has reserved concurrency: the default fits an account without extra quota elsewhere', () => {
    const reserved = template
      .ofType('AWS::Lambda::Function')
      .filter((each) => at(properties(each), 'ReservedConcurrentExecutions') !== undefined);
    expect(reserved).toEqual([template.functionNamed('watch')]);
  });

  describe('topics', () => {
    const policyOf = (topic: Resource): readonly Statement[] =>
      template
        .ofType('AWS::SNS::TopicPolicy')
        .filter((policy) => list(at(properties(policy), 'Topics')).some((each) => at(each, 'Ref') === topic.id))
        .flatMap((policy) => statementsIn(at(properties(policy), 'PolicyDocument')));

    test('there are six and operations, all under one key that turns', () => {
      expect(template.ofType('AWS::SNS::Topic')).toHaveLength(departments.length + 1);
      const key = template.byId(at(properties(template.topic('operations')), 'KmsMasterKeyId.Fn::GetAtt.0'));
      expect(at(key.Properties, 'EnableKeyRotation')).toBe(true);
      for (const topic of template.ofType('AWS::SNS::Topic')) {
        expect(at(properties(topic), 'KmsMasterKeyId')).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
      }
    });

    test.each([...departments, 'operations'])('%s takes nothing without TLS', (word) => {
      expect(policyOf(template.topic(word)).map(({ raw }) => raw)).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    });

    test('no topic lets anybody in but the alarms of this account, and those into operations only', () => {
      const allows = departments.flatMap((word) =>
        policyOf(template.topic(word)).filter(({ effect }) => effect === 'Allow'),
      );
      expect(allows).toEqual([]);
      expect(policyOf(template.topic('operations')).filter(({ effect }) => effect === 'Allow')).toMatchObject([
        {
          actions: ['sns:Publish'],
          raw: {
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        },
      ]);
    });

    test('the key lets CloudWatch encrypt what it publishes', () => {
      const key = template.byId(at(properties(template.topic('operations')), 'KmsMasterKeyId.Fn::GetAtt.0'));
      expect(statementsIn(at(key.Properties, 'KeyPolicy')).map(({ raw }) => raw)).toContainEqual(
        expect.objectContaining({
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Principal: { Service: 'cloudwatch.amazonaws.com' },
        }),
      );
    });

    test.each(departments)('a notice to %s that SNS could not deliver rings operations', (word) => {
      const alarm = template.alarm(`topic-${word}-not-delivered`);
      expect(at(properties(alarm), 'MetricName')).toBe('NumberOfNotificationsFailed');
      expect(at(properties(alarm), 'Dimensions.0.Value')).toEqual({
        'Fn::GetAtt': [template.topic(word).id, 'TopicName'],
      });
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    });
  });

  describe('queues', () => {
    const queueOf = (word: string): Resource => template.byId(at(template.json, `Outputs.${word}QueueUrl.Value.Ref`));
    const deadLettersOf = (queue: Resource): Json | undefined =>
      at(properties(queue), 'RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0');
    const subscriptionsOf = (queue: Resource): readonly Json[] =>
      template
        .ofType('AWS::SNS::Subscription')
        .map(properties)
        .filter((each) => at(each, 'Endpoint.Fn::GetAtt.0') === queue.id);
    const ofLane = new Map([
      ['life-safety', queueOf('LifeSafety')],
      ['technical', queueOf('Technical')],
    ]);
    const ledger = queueOf('Ledger');
    const work = new Map(['seal', 'draw', 'purge', 'exports'].map((of) => [of, queueOf(capitalized(of))]));
    const fedQueues = [...ofLane.values(), ledger, ...work.values()];
    const deadLetterIds = [
      ...fedQueues.map(deadLettersOf),
      ...Object.keys(scheduled).map((name) =>
        at(properties(template.functionNamed(name)), 'DeadLetterConfig.TargetArn.Fn::GetAtt.0'),
      ),
    ];

    test('the ledger hears every notice of each of the six topics, whole and unfiltered', () => {
      const heard = subscriptionsOf(ledger).map((each) => at(each, 'TopicArn.Ref'));
      expect(heard.toSorted()).toEqual(departments.map((word) => template.topic(word).id).toSorted());
      for (const subscription of subscriptionsOf(ledger)) {
        expect(at(subscription, 'FilterPolicy')).toBeUndefined();
        expect(at(subscription, 'RawMessageDelivery') ?? false).toBe(false);
        expect(at(subscription, 'RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0')).toBe(deadLettersOf(ledger));
      }
    });

    test.each(departments)('a notice to %s of either lane reaches the queue of its lane, and only that', (word) => {
      expect([...ofLane.keys()]).toEqual(lanes);
      const topic = template.topic(word).id;
      for (const lane of lanes) {
        const reached = [...ofLane].filter(([, queue]) =>
          subscriptionsOf(queue).some((each) => {
            if (at(each, 'TopicArn.Ref') !== topic) return false;
            // By the attribute, exactly: the only filter, with nothing but whole values in its list.
            expect(at(each, 'FilterPolicyScope') ?? 'MessageAttributes').toBe('MessageAttributes');
            expect(Object.keys(at(each, 'FilterPolicy') ?? {})).toEqual(['lane']);
            return list(at(each, 'FilterPolicy.lane')).includes(lane);
          }),
        );
        expect(reached.map(([of]) => of)).toEqual([lane]);
      }
    });

    test('the queues of the lanes get the notice itself, and what SNS cannot hand over is kept', () => {
      for (const queue of ofLane.values()) {
        expect(subscriptionsOf(queue)).toHaveLength(departments.length);
        for (const subscription of subscriptionsOf(queue)) {
          expect(at(subscription, 'RawMessageDelivery')).toBe(true);
          expect(at(subscription, 'RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0')).toBe(deadLettersOf(queue));
        }
      }
    });

    test.each(['LifeSafety', 'Technical', 'Ledger'])('%s takes messages from these topics and nobody else', (word) => {
      const queue = queueOf(word);
      const policies = template
        .ofType('AWS::SQS::QueuePolicy')
        .filter((policy) => list(at(properties(policy), 'Queues')).some((each) => at(each, 'Ref') === queue.id));
      const allows = policies
        .flatMap((policy) => statementsIn(at(properties(policy), 'PolicyDocument')))
        .filter(({ effect }) => effect === 'Allow');
      const sources = allows.map(({ raw }) => at(raw, 'Condition.ArnEquals.aws:SourceArn.Ref')).toSorted();
      expect(sources).toEqual(departments.map((word) => template.topic(word).id).toSorted());
      expect(new Set(allows.map(({ raw }) => at(raw, 'Principal.Service')))).toEqual(new Set(['sns.amazonaws.com']));
    });

    test.each(fed)('%s is fed from %s, and names what failed', (name, word, expected) => {
      const queue = queueOf(word);
      const [mapping, ...others] = template
        .ofType('AWS::Lambda::EventSourceMapping')
        .filter((each) => at(properties(each), 'EventSourceArn.Fn::GetAtt.0') === queue.id);
      expect(others).toEqual([]);
      expect(mapping?.Properties).toEqual({
        FunctionName: { Ref: template.functionNamed(name).id },
        EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
        Enabled: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...expected,
      });
      const receives = template
        .statementsOf(name)
        .filter(({ actions }) => actions.includes('sqs:ReceiveMessage'))
        .flatMap(({ resources }) => resources);
      expect(receives).toContainEqual({ 'Fn::GetAtt': [queue.id, 'Arn'] });
      expect(receives).toHaveLength(fed.filter(([each]) => each === name).length);
      // Lambda refuses the mapping otherwise: a message would be handed out twice.
      const hiddenSeconds = Number(at(properties(queue), 'VisibilityTimeout'));
      expect(hiddenSeconds).toBeGreaterThanOrEqual(Number(at(properties(template.functionNamed(name)), 'Timeout')));
    });

    test('nothing else is fed', () => {
      expect(template.ofType('AWS::Lambda::EventSourceMapping')).toHaveLength(fed.length);
    });

    test('a notice is tried for most of a day before it is given up', () => {
      const hours = [...ofLane.values()].map((queue) => {
        const tries = Number(at(properties(queue), 'RedrivePolicy.maxReceiveCount'));
        expect(tries).toBeLessThanOrEqual(1000);
        return (tries * Number(at(properties(queue), 'VisibilityTimeout'))) / 3600;
      });
      expect(hours.map(Math.floor)).toEqual([16, 24]);
    });

    test.each([
      ['life-safety', 60],
      ['technical', 15 * 60],
    ])('a notice of %s that waits %i s for its first try rings operations', (lane, seconds) => {
      const alarm = template.alarm(`${lane}-waiting`);
      expect(properties(alarm)).toMatchObject({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [ofLane.get(lane)?.id, 'QueueName'] } }],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: seconds,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    });

    test('a channel test is asked for at the technical queue, by the registry alone', () => {
      const technical = ofLane.get('technical')?.id;
      expect(template.environmentOf('registry').DELIVERY_QUEUE).toEqual({ Ref: technical });
      const senders = functionNames.filter((name) =>
        template
          .statementsOf(name)
          .some(
            ({ actions, resources }) =>
              actions.includes('sqs:SendMessage') && resources.some((arn) => at(arn, 'Fn::GetAtt.0') === technical),
          ),
      );
      expect(senders).toEqual(['registry']);
    });

    test('who sends to a queue is told where it is, and whoever is told may send to it and to no other', () => {
      const urls = new Map<string, string>([
        ...[...work].map(([of, queue]): [string, string] => [`${of.toUpperCase()}_QUEUE`, queue.id]),
        ['DELIVERY_QUEUE', ofLane.get('technical')?.id ?? ''],
      ]);
      for (const name of functionNames) {
        const environment = Object.entries(template.environmentOf(name)).filter(([key]) => key.endsWith('_QUEUE'));
        for (const [key, value] of environment) expect(value, `${name} ${key}`).toEqual({ Ref: urls.get(key) });
        const own = at(properties(template.functionNamed(name)), 'DeadLetterConfig.TargetArn.Fn::GetAtt.0');
        const sendsTo = template
          .statementsOf(name)
          .filter(({ actions }) => actions.includes('sqs:SendMessage'))
          .flatMap(({ resources }) => resources.map((arn) => at(arn, 'Fn::GetAtt.0')))
          .filter((id) => id !== own);
        expect(sendsTo.toSorted(), name).toEqual(environment.map(([key]) => urls.get(key) ?? '').toSorted());
      }
    });

    test('each is encrypted, TLS only, and has a dead-letter queue or is one', () => {
      for (const queue of template.ofType('AWS::SQS::Queue')) {
        expect(at(properties(queue), 'SqsManagedSseEnabled')).toBe(true);
        const statements = template
          .ofType('AWS::SQS::QueuePolicy')
          .filter((policy) => list(at(properties(policy), 'Queues')).some((each) => at(each, 'Ref') === queue.id))
          .flatMap((policy) => statementsIn(at(properties(policy), 'PolicyDocument')));
        expect(statements.map(({ raw }) => raw)).toContainEqual(
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        );
        const covered = at(properties(queue), 'RedrivePolicy') !== undefined || deadLetterIds.includes(queue.id);
        expect(covered, queue.id).toBe(true);
      }
    });

    test.each([
      ['seal', 5, 120],
      ['draw', 5, 120],
      ['purge', 5, 720],
      ['exports', 15, 30],
    ])(
      'work of %s comes again after %i min, ten times, and rings operations after it waited %i',
      (of, again, waits) => {
        const queue = work.get(of);
        expect(at(queue?.Properties, 'VisibilityTimeout')).toBe(again * 60);
        expect(at(queue?.Properties, 'RedrivePolicy.maxReceiveCount')).toBe(10);
        const alarm = template.alarm(`${of}-waiting`);
        expect(properties(alarm)).toMatchObject({
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue?.id, 'QueueName'] } }],
          Threshold: waits * 60,
        });
        expect(isOperations(alarm, 'AlarmActions')).toBe(true);
      },
    );

    test.each(['ledger', ...lanes, 'seal', 'draw', 'purge', 'exports', ...Object.keys(scheduled)])(
      'dead letters of %s ring operations',
      (of) => {
        const alarm = template.alarm(`${of}-dead-letters`);
        expect(properties(alarm)).toMatchObject({
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        });
        expect(deadLetterIds).toContain(at(properties(alarm), 'Dimensions.0.Value.Fn::GetAtt.0'));
        expect(isOperations(alarm, 'AlarmActions')).toBe(true);
      },
    );
  });

  test('the exports bucket is versioned, encrypted, TLS only, closed to the public, and empties itself', () => {
    const bucket = template.byId(at(template.json, 'Outputs.ExportsBucket.Value.Ref'));
    expect(bucket?.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7 }] },
    });
    expect(bucket.DeletionPolicy).toBe('Retain');
    const [policy] = template
      .ofType('AWS::S3::BucketPolicy')
      .filter((each) => at(properties(each), 'Bucket.Ref') === bucket.id);
    const statements = statementsIn(at(policy?.Properties, 'PolicyDocument'));
    expect(statements.filter(({ effect }) => effect === 'Allow')).toEqual([]);
    expect(statements.map(({ raw }) => raw)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    const [objects] = template.statementsOf('audit').filter(({ actions }) => actions.includes('s3:GetObject'));
    expect(objects?.resources).toEqual([{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket.id, 'Arn'] }, '/exports/*']] }]);
  });

  test('every alarm has an action, and every log group a retention', () => {
    for (const alarm of template.ofType('AWS::CloudWatch::Alarm'))
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    for (const group of template.ofType('AWS::Logs::LogGroup'))
      expect(at(properties(group), 'RetentionInDays')).toBe(90);
  });

  test('tells whoever deploys it where everything is', () => {
    expect(Object.keys(at(template.json, 'Outputs') as object)).toEqual(
      expect.arrayContaining([
        'ApiEndpoint',
        'LifeSafetyQueueUrl',
        'TechnicalQueueUrl',
        'LedgerQueueUrl',
        'ChannelSecretsPrefix',
        'ExportsBucket',
        'SealedBucket',
        'LogKey',
        'LogName',
        'ChallengeKeysPrefix',
        'SealQueueUrl',
        'DrawQueueUrl',
        'PurgeQueueUrl',
        'ExportsQueueUrl',
        'TopicOperations',
        ...departments.map((word) => `Topic${capitalized(word)}`),
        ...tables.map((word) => `${capitalized(word)}Table`),
      ]),
    );
  });
});

test('the two templates differ in processor and tracing, and in nothing else', () => {
  const neutral = (text: string): Json => {
    const json = JSON.parse(text) as { Resources: Record<string, { Type: string; Properties: Record<string, Json> }> };
    for (const resource of Object.values(json.Resources)) {
      const { Architectures: _a, TracingConfig: _t, Policies, ...rest } = resource.Properties;
      const kept = JSON.stringify(list(Policies)).replace(/,\{[^{}]*"xray:[^{}]*\}/g, '');
      resource.Properties = { ...rest, ...(Policies ? { Policies: JSON.parse(kept) as Json } : {}) };
    }
    return json as unknown as Json;
  };
  expect(neutral(templates['aws-cn'].text)).toEqual(neutral(templates.aws.text));
});
