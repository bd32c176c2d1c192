import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionNames, routeKey, routes } from '../../shared/contracts/routes.ts';
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
const tables = ['vitals', 'registry', 'records', 'alarms', 'incidents'];

/** Function → table (or index) → every action allowed on it. Written by hand: a right more or less must be seen here. */
const allowed: Record<(typeof functionNames)[number], Record<string, string>> = {
  'receive-heartbeats': { vitals: 'GetItem UpdateItem', records: 'UpdateItem' },
  'receive-coverage': { vitals: 'GetItem UpdateItem', records: 'UpdateItem' },
  'receive-recordings': {
    registry: 'GetItem',
    records: 'GetItem PutItem Query UpdateItem',
    vitals: 'GetItem UpdateItem',
  },
  'receive-checks': { registry: 'GetItem', records: 'GetItem PutItem Query UpdateItem', vitals: 'GetItem UpdateItem' },
  'receive-logs': { registry: 'GetItem', records: 'GetItem PutItem UpdateItem', vitals: 'GetItem UpdateItem' },
  'receive-alarms': { alarms: 'GetItem PutItem', incidents: 'GetItem PutItem UpdateItem', registry: 'GetItem' },
  watch: {
    vitals: 'Query Scan UpdateItem',
    registry: 'GetItem',
    records: 'GetItem PutItem Query UpdateItem',
    alarms: 'GetItem',
    incidents: 'DeleteItem GetItem PutItem Scan UpdateItem',
  },
  desk: {
    incidents: 'GetItem UpdateItem',
    'incidents/index/by-county': 'Query',
    records: 'GetItem PutItem Query',
    'records/index/by-month': 'Query',
    registry: 'GetItem Query',
  },
  audit: {
    vitals: 'Query',
    records: 'Query',
    registry: 'GetItem Query',
    'registry/index/by-county': 'Query',
  },
  registry: {
    registry: 'DeleteItem GetItem PutItem Query',
    'registry/index/by-county': 'Query',
    vitals: 'GetItem PutItem UpdateItem',
    alarms: 'DeleteItem PutItem',
  },
  'describe-api': {},
};
const publishers = ['receive-alarms', 'watch'];

const told: Record<(typeof functionNames)[number], string> = {
  'receive-heartbeats': 'AUTHORITIES',
  'receive-coverage': 'AUTHORITIES',
  'receive-recordings': 'AUTHORITIES',
  'receive-checks': 'AUTHORITIES',
  'receive-alarms': 'AUTHORITIES',
  'receive-logs': 'AUTHORITIES',
  watch: '',
  desk: 'OIDC_ISSUERS',
  audit: 'OIDC_ISSUERS EXPORTS_BUCKET',
  registry: 'OIDC_ISSUERS ADMINISTRATORS',
  'describe-api': '',
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
    ]);
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
      const actual = statements
        .filter((statement) => !beyondTables(statement))
        .flatMap(({ actions, resources }) =>
          resources.map((arn) => [tableOf(arn), actions.map((each) => each.replace('dynamodb:', '')).join(' ')]),
        );
      expect(Object.fromEntries(actual)).toEqual(allowed[name]);
      expect(actual).toHaveLength(Object.keys(allowed[name]).length);
    });

    test('may do nothing else than this elsewhere', () => {
      const expected = [
        'logs:CreateLogStream logs:PutLogEvents',
        ...(publishers.includes(name) ? ['sns:Publish', 'kms:Decrypt kms:GenerateDataKey'] : []),
        ...(name === 'audit' ? ['s3:GetObject s3:PutObject'] : []),
        ...(name === 'watch' ? ['sqs:SendMessage'] : []),
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
        expect(wide).toEqual(actions.includes('s3:GetObject') ? resources : []);
        expect(resources).not.toContain('*');
      }
    });

    test('is told the names of exactly what it may use', () => {
      const usable = Object.keys(allowed[name]).filter((each) => !each.includes('/'));
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

  test('only those two publish, to the six topics and with the key of the topics', () => {
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
    ]);
    expect(all.map(indexesOf)).toEqual([
      [],
      ['by-county: HASH=county RANGE=facilityId KEYS_ONLY'],
      ['by-month: HASH=listedIn RANGE=openedAtId KEYS_ONLY'],
      [],
      ['by-county: HASH=listedIn RANGE=openedAtId KEYS_ONLY'],
    ]);
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

    test('may call each function for its own routes only', () => {
      const [api] = template.ofType('AWS::ApiGatewayV2::Api');
      const permissions = template
        .ofType('AWS::Lambda::Permission')
        .filter((each) => at(properties(each), 'Principal') === 'apigateway.amazonaws.com');
      const actual = permissions.map((permission) => {
        const target = template.byId(at(properties(permission), 'FunctionName.Fn::GetAtt.0'));
        const [source] = list(at(properties(permission), 'SourceArn.Fn::Join.1')).slice(-1);
        expect(list(at(properties(permission), 'SourceArn.Fn::Join.1'))).toContainEqual({ Ref: api?.id });
        return `${source} ${at(properties(target), 'Environment.Variables.POWERTOOLS_SERVICE_NAME')}`;
      });
      const expected = routes.map(
        ({ method, path, serves }) => `/$default/${method}${path.replaceAll(/\{[a-z]+\}/g, '*')} ${serves}`,
      );
      expect(actual.toSorted()).toEqual(expected.toSorted());
    });

    test('is one $default stage that comes after its routes', () => {
      expect(at(stage?.Properties, 'StageName')).toBe('$default');
      expect(at(stage?.Properties, 'AutoDeploy')).toBe(true);
      expect(list(stage?.DependsOn)).toEqual(expect.arrayContaining(routeResources.map(({ id }) => id)));
    });

    test('throttles each report path by itself, and everything else by the default', () => {
      const perRoute = at(stage?.Properties, 'RouteSettings') as Record<string, Json>;
      expect(Object.keys(perRoute).toSorted()).toEqual(
        routes
          .filter(({ caller }) => caller === 'box')
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

  describe('watch', () => {
    const watch = template.functionNamed('watch');
    const deadLetters = template.byId(at(properties(watch), 'DeadLetterConfig.TargetArn.Fn::GetAtt.0'));

    test('runs once a minute, once at a time, for a minute at most', () => {
      const [rule] = template.ofType('AWS::Events::Rule');
      expect(at(rule?.Properties, 'ScheduleExpression')).toBe('rate(1 minute)');
      expect(at(rule?.Properties, 'State')).toBe('ENABLED');
      expect(at(rule?.Properties, 'Targets.0.Arn')).toEqual({ 'Fn::GetAtt': [watch.id, 'Arn'] });
      expect(properties(watch)).toMatchObject({ ReservedConcurrentExecutions: 1, Timeout: 60 });
      const permission = template
        .ofType('AWS::Lambda::Permission')
        .find((each) => at(properties(each), 'Principal') === 'events.amazonaws.com');
      expect(permission?.Properties).toMatchObject({
        FunctionName: { 'Fn::GetAtt': [watch.id, 'Arn'] },
        SourceArn: { 'Fn::GetAtt': [rule?.id, 'Arn'] },
      });
    });

    test('drops a tick older than a minute, tries none twice, and keeps what failed', () => {
      const [config] = template.ofType('AWS::Lambda::EventInvokeConfig');
      expect(config?.Properties).toMatchObject({
        FunctionName: { Ref: watch.id },
        MaximumEventAgeInSeconds: 60,
        MaximumRetryAttempts: 0,
      });
      const [rule] = template.ofType('AWS::Events::Rule');
      expect(at(rule?.Properties, 'Targets.0')).toMatchObject({
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] } },
      });
      const [send] = template.statementsOf('watch').filter(({ actions }) => actions.includes('sqs:SendMessage'));
      expect(send?.resources).toEqual([{ 'Fn::GetAtt': [deadLetters.id, 'Arn'] }]);
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

    test('rings operations when no sweep has completed in three minutes, missing data included', () => {
      const alarm = template.alarm('sweep-missing');
      expect(properties(alarm)).toMatchObject({
        Namespace: template.environmentOf('watch').POWERTOOLS_METRICS_NAMESPACE,
        MetricName: 'sweep-completed',
        Dimensions: [{ Name: 'service', Value: 'watch' }],
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
      expect(at(properties(alarm), 'DatapointsToAlarm') ?? 3).toBe(3);
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    });
  });

  test.each(['facilities-failed', 'incidents-failed', 'notices-refused'])(
    'rings operations when three sweeps in a row counted %s',
    (heading) => {
      expect(properties(template.alarm(heading))).toMatchObject({
        Namespace: template.environmentOf('watch').POWERTOOLS_METRICS_NAMESPACE,
        MetricName: heading,
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
    },
  );

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
      const [key] = template.ofType('AWS::KMS::Key');
      expect(at(key?.Properties, 'EnableKeyRotation')).toBe(true);
      for (const topic of template.ofType('AWS::SNS::Topic')) {
        expect(at(properties(topic), 'KmsMasterKeyId')).toEqual({ 'Fn::GetAtt': [key?.id, 'Arn'] });
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
      const [key] = template.ofType('AWS::KMS::Key');
      expect(statementsIn(at(key?.Properties, 'KeyPolicy')).map(({ raw }) => raw)).toContainEqual(
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
    const ledger = template.byId(at(template.json, 'Outputs.LedgerQueueUrl.Value.Ref'));
    const subscriptions = template.ofType('AWS::SNS::Subscription').map(properties);
    const deadLetterIds = [
      at(properties(ledger), 'RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0'),
      at(properties(template.functionNamed('watch')), 'DeadLetterConfig.TargetArn.Fn::GetAtt.0'),
    ];

    test('the ledger hears every notice of each of the six topics, whole and unfiltered', () => {
      const heard = subscriptions.map((each) => at(each, 'TopicArn.Ref')).toSorted();
      expect(heard).toEqual(departments.map((word) => template.topic(word).id).toSorted());
      for (const subscription of subscriptions) {
        expect(at(subscription, 'Endpoint')).toEqual({ 'Fn::GetAtt': [ledger.id, 'Arn'] });
        expect(at(subscription, 'FilterPolicy')).toBeUndefined();
        expect(at(subscription, 'RawMessageDelivery') ?? false).toBe(false);
        expect(at(subscription, 'RedrivePolicy.deadLetterTargetArn.Fn::GetAtt.0')).toBe(deadLetterIds[0]);
      }
    });

    test('the ledger takes messages from these topics and nobody else', () => {
      const policies = template
        .ofType('AWS::SQS::QueuePolicy')
        .filter((policy) => list(at(properties(policy), 'Queues')).some((each) => at(each, 'Ref') === ledger.id));
      const allows = policies
        .flatMap((policy) => statementsIn(at(properties(policy), 'PolicyDocument')))
        .filter(({ effect }) => effect === 'Allow');
      const sources = allows.map(({ raw }) => at(raw, 'Condition.ArnEquals.aws:SourceArn.Ref')).toSorted();
      expect(sources).toEqual(departments.map((word) => template.topic(word).id).toSorted());
      expect(new Set(allows.map(({ raw }) => at(raw, 'Principal.Service')))).toEqual(new Set(['sns.amazonaws.com']));
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

    test.each(['ledger', 'watch'])('dead letters of %s ring operations', (of) => {
      const alarm = template.alarm(`${of}-dead-letters`);
      expect(properties(alarm)).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      });
      expect(deadLetterIds).toContain(at(properties(alarm), 'Dimensions.0.Value.Fn::GetAtt.0'));
      expect(isOperations(alarm, 'AlarmActions')).toBe(true);
    });
  });

  test('the exports bucket is versioned, encrypted, TLS only, closed to the public, and empties itself', () => {
    const [bucket] = template.ofType('AWS::S3::Bucket');
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
    expect(bucket?.DeletionPolicy).toBe('Retain');
    const [policy] = template.ofType('AWS::S3::BucketPolicy');
    const statements = statementsIn(at(policy?.Properties, 'PolicyDocument'));
    expect(statements.filter(({ effect }) => effect === 'Allow')).toEqual([]);
    expect(statements.map(({ raw }) => raw)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    const [objects] = template.statementsOf('audit').filter(({ actions }) => actions.includes('s3:GetObject'));
    expect(objects?.resources).toEqual([{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket?.id, 'Arn'] }, '/exports/*']] }]);
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
        'LedgerQueueUrl',
        'ExportsBucket',
        'TopicOperations',
        ...departments.map((word) => `Topic${word.charAt(0).toUpperCase()}${word.slice(1)}`),
        ...tables.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}Table`),
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
