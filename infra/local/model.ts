import { type EventSourceSpec, readEventSources } from './read-event-sources.ts';
import { denialsOf, isAllowed, matchesWildcard, readPolicy, type Statement, serviceIsAllowed } from './rights.ts';
import { type SecretSpec, secretArn, secretOf } from './secrets.ts';
import { isSigningKey } from './signing-keys.ts';
import { knownManagedPolicies } from './substitutions.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  localAccount,
  localArn,
  objectAt,
  type Resource,
  TemplateError,
  textAt,
} from './template.ts';

export interface FunctionSpec {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly assetKey: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
  readonly maxEventAgeMs: number;
  readonly retries: number;
  readonly failedEventsQueueArn: string | undefined;
  readonly statements: readonly Statement[];
}

export interface RouteSpec {
  readonly logicalId: string;
  readonly routeKey: string;
  readonly functionId: string;
  readonly timeoutMs: number;
  readonly throttle: Throttle | undefined;
}

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

export interface RuleSpec {
  readonly logicalId: string;
  readonly arn: string;
  readonly everyMs: number;
  readonly functionIds: readonly string[];
  readonly input: Json | undefined;
}

export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SubscriptionSpec {
  readonly topicArn: string;
  readonly queueArn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The stack as this machine runs it: the template's resources, read and cross-checked. */
export interface StackModel {
  readonly tables: readonly JsonObject[];
  /** Topic name → the key that encrypts it, if it is a key of ours. */
  readonly topics: ReadonlyMap<string, string | undefined>;
  readonly queues: readonly QueueSpec[];
  readonly subscriptions: readonly SubscriptionSpec[];
  readonly buckets: readonly string[];
  /** Those with Object Lock. */
  readonly lockedBuckets: readonly string[];
  /** What the policies of buckets deny. */
  readonly bucketDenials: readonly Statement[];
  /** ARNs of the keys that sign. */
  readonly signingKeys: readonly string[];
  readonly functions: readonly FunctionSpec[];
  readonly routes: readonly RouteSpec[];
  readonly rules: readonly RuleSpec[];
  readonly eventSources: readonly EventSourceSpec[];
  readonly secrets: readonly SecretSpec[];
}

const apiId = 'local';

const named = ({ logicalId, properties }: Resource, property: string): string =>
  textAt(properties, property) ?? logicalId;
const bucketName = (resource: Resource): string => named(resource, 'BucketName').toLowerCase();
/** Roles are named after their logical id, whatever name they ask for: only the function behind a role matters here. */
const roleName = ({ logicalId }: Resource): string => logicalId;

/** `Ref` and `Fn::GetAtt` of every known type. Queue URLs name the proxy, so that rights hold for queues too. */
export const attributesOn =
  (endpoint: () => string) =>
  (resource: Resource, attribute: string | undefined): string | undefined => {
    const { type, logicalId } = resource;
    const answer = (ref: string, others: Readonly<Record<string, string>> = {}) =>
      attribute === undefined ? ref : others[attribute];
    switch (type) {
      case 'AWS::DynamoDB::Table':
      case 'AWS::DynamoDB::GlobalTable': {
        const name = named(resource, 'TableName');
        return answer(name, { Arn: localArn('dynamodb', `table/${name}`) });
      }
      case 'AWS::SNS::Topic': {
        const name = named(resource, 'TopicName');
        const arn = localArn('sns', name);
        return answer(arn, { TopicArn: arn, TopicName: name });
      }
      case 'AWS::SQS::Queue': {
        const name = named(resource, 'QueueName');
        const url = `${endpoint()}/${localAccount.accountId}/${name}`;
        return answer(url, { Arn: localArn('sqs', name), QueueName: name, QueueUrl: url });
      }
      case 'AWS::S3::Bucket':
        return answer(bucketName(resource), { Arn: localArn('s3', bucketName(resource)) });
      case 'AWS::Lambda::Function': {
        const name = named(resource, 'FunctionName');
        return answer(name, { Arn: localArn('lambda', `function:${name}`) });
      }
      case 'AWS::IAM::Role':
        return answer(roleName(resource), { Arn: localArn('iam', `role/${roleName(resource)}`), RoleId: logicalId });
      case 'AWS::Logs::LogGroup': {
        const name = named(resource, 'LogGroupName');
        return answer(name, { Arn: localArn('logs', `log-group:${name}:*`) });
      }
      case 'AWS::Events::Rule': {
        const name = named(resource, 'Name');
        return answer(name, { Arn: localArn('events', `rule/${name}`) });
      }
      case 'AWS::KMS::Key':
        return answer(logicalId, { Arn: localArn('kms', `key/${logicalId}`), KeyId: logicalId });
      case 'AWS::ApiGatewayV2::Api':
        return answer(apiId, {
          ApiId: apiId,
          ApiEndpoint: `https://${apiId}.execute-api.${localAccount.region}.${localAccount.urlSuffix}`,
        });
      case 'AWS::ApiGatewayV2::Stage':
        return answer(textAt(resource.properties, 'StageName') ?? '$default');
      case 'AWS::CloudWatch::Alarm':
        return answer(logicalId, { Arn: localArn('cloudwatch', `alarm:${logicalId}`) });
      case 'AWS::SecretsManager::Secret': {
        const arn = secretArn(named(resource, 'Name'));
        return answer(arn, { Id: arn });
      }
      case 'AWS::KMS::Alias':
        return answer(textAt(resource.properties, 'AliasName') ?? logicalId);
      default:
        return answer(logicalId, { Id: logicalId, IntegrationId: logicalId, RouteId: logicalId });
    }
  };

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const periodOf = (logicalId: string, expression: string): number => {
  const found = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (found === null)
    throw new TemplateError(logicalId, `schedule ${expression} is not supported on this machine, only rate(…)`);
  return Number(found[1]) * (unitMs[found[2] ?? ''] ?? 0);
};

const throttleOf = (settings: JsonObject): Throttle | undefined => {
  const rate = textAt(settings, 'ThrottlingRateLimit');
  const burst = textAt(settings, 'ThrottlingBurstLimit');
  return rate === undefined || burst === undefined ? undefined : { ratePerSecond: Number(rate), burst: Number(burst) };
};

/** Reads and cross-checks the resolved resources; whatever would not work in the cloud stops the start here. */
export const readModel = (resources: readonly Resource[]): StackModel => {
  const attribute = attributesOn(() => '');
  const ofType = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const arnOf = (resource: Resource): string => attribute(resource, 'Arn') ?? attribute(resource, undefined) ?? '';
  const fail = (resource: Resource, message: string): never => {
    throw new TemplateError(resource.logicalId, message);
  };

  const statementsOf = (role: Resource): Statement[] => {
    const trust = readPolicy(role.logicalId, objectAt(role.properties, 'AssumeRolePolicyDocument'));
    if (!serviceIsAllowed(trust, 'lambda.amazonaws.com', { action: 'sts:AssumeRole', resource: '*' })) {
      fail(role, 'cannot be assumed by Lambda, so its function could not start');
    }
    for (const managed of listAt(role.properties, 'ManagedPolicyArns').map(String)) {
      const name = managed.replace(/^.*:policy\//, '');
      if (!(name in knownManagedPolicies)) fail(role, `managed policy ${name} is unknown on this machine`);
    }
    const inline = listAt(role.properties, 'Policies').map((policy) =>
      isObject(policy) ? objectAt(policy, 'PolicyDocument') : {},
    );
    const attached = ofType('AWS::IAM::Policy')
      .filter(({ properties }) => listAt(properties, 'Roles').includes(roleName(role)))
      .map(({ properties }) => objectAt(properties, 'PolicyDocument'));
    return [...inline, ...attached].flatMap((document) => readPolicy(role.logicalId, document));
  };

  const roles = ofType('AWS::IAM::Role');
  const invokeConfigs = ofType('AWS::Lambda::EventInvokeConfig');
  const functions = ofType('AWS::Lambda::Function').map((resource): FunctionSpec => {
    const { properties, logicalId } = resource;
    const name = named(resource, 'FunctionName');
    const role =
      roles.find((it) => arnOf(it) === textAt(properties, 'Role')) ?? fail(resource, 'has no role in this template');
    const statements = statementsOf(role);
    const invoke = invokeConfigs.find((it) => textAt(it.properties, 'FunctionName') === name)?.properties ?? {};
    const onFailure = textAt(objectAt(objectAt(invoke, 'DestinationConfig'), 'OnFailure'), 'Destination');
    const failedEventsQueueArn = onFailure ?? textAt(objectAt(properties, 'DeadLetterConfig'), 'TargetArn');
    if (failedEventsQueueArn !== undefined) {
      if (!failedEventsQueueArn.includes(':sqs:')) fail(resource, 'sends failed events elsewhere than to a queue');
      if (!isAllowed(statements, { action: 'sqs:SendMessage', resource: failedEventsQueueArn })) {
        fail(resource, `its role may not send to its own dead-letter queue ${failedEventsQueueArn}`);
      }
    }
    if (!(textAt(properties, 'Runtime') ?? '').startsWith('nodejs')) fail(resource, 'its runtime is not Node.js');
    const variables = objectAt(objectAt(properties, 'Environment'), 'Variables');
    const reserved = textAt(properties, 'ReservedConcurrentExecutions');
    return {
      logicalId,
      name,
      arn: arnOf(resource),
      assetKey: textAt(objectAt(properties, 'Code'), 'S3Key') ?? fail(resource, 'has no bundled asset'),
      handler: textAt(properties, 'Handler') ?? 'index.handler',
      environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
      timeoutMs: Number(textAt(properties, 'Timeout') ?? 3) * 1_000,
      memoryMb: Number(textAt(properties, 'MemorySize') ?? 128),
      reservedConcurrency: reserved === undefined ? undefined : Number(reserved),
      maxEventAgeMs: Number(textAt(invoke, 'MaximumEventAgeInSeconds') ?? 21_600) * 1_000,
      retries: Number(textAt(invoke, 'MaximumRetryAttempts') ?? 2),
      failedEventsQueueArn,
      statements,
    };
  });

  const permissions = ofType('AWS::Lambda::Permission');
  const mayInvoke = (functionSpec: FunctionSpec, principal: string, sourceArn: string): boolean =>
    permissions.some(({ properties }) => {
      const target = textAt(properties, 'FunctionName');
      return (
        (target === functionSpec.arn || target === functionSpec.name) &&
        textAt(properties, 'Action') === 'lambda:InvokeFunction' &&
        textAt(properties, 'Principal') === principal &&
        matchesWildcard(textAt(properties, 'SourceArn') ?? '*', sourceArn)
      );
    });
  const functionAt = (resource: Resource, arn: string | undefined): FunctionSpec =>
    functions.find((it) => it.arn === arn) ??
    fail(resource, `names the function ${arn}, which is not in this template`);

  const stage = ofType('AWS::ApiGatewayV2::Stage')[0];
  if (stage !== undefined && textAt(stage.properties, 'StageName') !== '$default')
    fail(stage, 'is not the $default stage');
  const defaultThrottle = throttleOf(objectAt(stage?.properties ?? {}, 'DefaultRouteSettings'));
  const routeSettings = objectAt(stage?.properties ?? {}, 'RouteSettings');
  const integrations = new Map(ofType('AWS::ApiGatewayV2::Integration').map((it) => [it.logicalId, it]));
  const routes = ofType('AWS::ApiGatewayV2::Route').map((resource): RouteSpec => {
    const { properties, logicalId } = resource;
    const key = textAt(properties, 'RouteKey') ?? fail(resource, 'has no RouteKey');
    const authorization = textAt(properties, 'AuthorizationType') ?? 'NONE';
    if (authorization !== 'NONE')
      fail(
        resource,
        `AuthorizationType ${authorization} is not supported on this machine; synthesize with ingress open`,
      );
    const integration =
      integrations.get((textAt(properties, 'Target') ?? '').replace(/^integrations\//, '')) ??
      fail(resource, 'has no integration');
    if (
      textAt(integration.properties, 'PayloadFormatVersion') !== '2.0' ||
      textAt(integration.properties, 'IntegrationType') !== 'AWS_PROXY'
    ) {
      fail(integration, 'is not a Lambda proxy integration with payload format 2.0');
    }
    const target = functionAt(integration, textAt(integration.properties, 'IntegrationUri'));
    const [method, path] = key.split(' ');
    const execution = localArn(
      'execute-api',
      `${apiId}/$default/${method === 'ANY' ? '*' : method}${path ?? '/$default'}`,
    );
    if (!mayInvoke(target, 'apigateway.amazonaws.com', execution)) {
      fail(resource, `the API has no permission to invoke ${target.logicalId} for ${key}`);
    }
    const own = routeSettings[key];
    return {
      logicalId,
      routeKey: key,
      functionId: target.logicalId,
      timeoutMs: Number(textAt(integration.properties, 'TimeoutInMillis') ?? 30_000),
      throttle: (isObject(own) ? throttleOf(own) : undefined) ?? defaultThrottle,
    };
  });
  for (const key of Object.keys(routeSettings)) {
    if (stage !== undefined && !routes.some((route) => route.routeKey === key))
      fail(stage, `throttles ${key}, which is no route`);
  }

  const rules = ofType('AWS::Events::Rule')
    .filter(({ properties }) => textAt(properties, 'State') !== 'DISABLED')
    .map((resource): RuleSpec => {
      const targets = listAt(resource.properties, 'Targets').filter(isObject);
      const functionIds = targets.map((target) => {
        const found = functionAt(resource, textAt(target, 'Arn'));
        if (!mayInvoke(found, 'events.amazonaws.com', arnOf(resource)))
          fail(resource, `has no permission to invoke ${found.logicalId}`);
        return found.logicalId;
      });
      const input = targets.map((target) => textAt(target, 'Input')).find((it) => it !== undefined);
      return {
        logicalId: resource.logicalId,
        arn: arnOf(resource),
        everyMs: periodOf(resource.logicalId, textAt(resource.properties, 'ScheduleExpression') ?? ''),
        functionIds,
        input: input === undefined ? undefined : (JSON.parse(input) as Json),
      };
    });

  const queueAttributes = [
    'MessageRetentionPeriod',
    'ReceiveMessageWaitTimeSeconds',
    'RedrivePolicy',
    'VisibilityTimeout',
  ];
  const asText = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const pick = (from: JsonObject, keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, asText(from[key])]])));
  const queues = ofType('AWS::SQS::Queue').map((resource) => ({
    name: named(resource, 'QueueName'),
    arn: arnOf(resource),
    attributes: pick(resource.properties, queueAttributes),
  }));
  const queuePolicies = ofType('AWS::SQS::QueuePolicy').flatMap((it) =>
    readPolicy(it.logicalId, objectAt(it.properties, 'PolicyDocument')),
  );
  const subscriptions = ofType('AWS::SNS::Subscription').map((resource): SubscriptionSpec => {
    const { properties } = resource;
    const protocol = textAt(properties, 'Protocol');
    if (protocol !== 'sqs') fail(resource, `subscription protocol ${protocol} is not delivered on this machine`);
    const topicArn = textAt(properties, 'TopicArn') ?? '';
    const queueArn = textAt(properties, 'Endpoint') ?? '';
    const ask = { action: 'sqs:SendMessage', resource: queueArn, context: { 'aws:SourceArn': topicArn } };
    if (!serviceIsAllowed(queuePolicies, 'sns.amazonaws.com', ask)) {
      fail(resource, `no queue policy lets ${topicArn} send to ${queueArn}: nothing would arrive`);
    }
    return {
      topicArn,
      queueArn,
      attributes: pick(properties, ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy']),
    };
  });

  const keys = ofType('AWS::KMS::Key');
  const keyArn = (name: string | undefined): string | undefined =>
    keys.map(arnOf).find((arn) => name !== undefined && (arn === name || arn.endsWith(`/${name}`)));

  return {
    tables: ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(tableOf),
    topics: new Map(
      ofType('AWS::SNS::Topic').map((it) => [named(it, 'TopicName'), keyArn(textAt(it.properties, 'KmsMasterKeyId'))]),
    ),
    queues,
    subscriptions,
    buckets: ofType('AWS::S3::Bucket').map(bucketName),
    lockedBuckets: ofType('AWS::S3::Bucket').filter(isLocked).map(bucketName),
    bucketDenials: denialsOf(
      ofType('AWS::S3::BucketPolicy').flatMap((it) =>
        readPolicy(it.logicalId, objectAt(it.properties, 'PolicyDocument')),
      ),
    ),
    signingKeys: keys.filter(isSigningKey).map(arnOf),
    functions,
    routes,
    rules,
    eventSources: readEventSources(resources, functions, queues),
    secrets: ofType('AWS::SecretsManager::Secret').map(secretOf),
  };
};

/** Whether every object of a bucket is locked as soon as it is there; Object Lock without a retention locks nothing. */
const isLocked = ({ logicalId, properties }: Resource): boolean => {
  if (textAt(properties, 'ObjectLockEnabled') !== 'true') return false;
  const rule = objectAt(objectAt(properties, 'ObjectLockConfiguration'), 'Rule');
  if (textAt(objectAt(rule, 'DefaultRetention'), 'Mode') === undefined)
    throw new TemplateError(
      logicalId,
      'has Object Lock without a default retention, which is not kept on this machine',
    );
  return true;
};

/** What CreateTable needs of a table; every table is on demand here. */
const tableOf = (resource: Resource): JsonObject => {
  const { properties } = resource;
  const replicas = listAt(properties, 'Replicas').filter(isObject);
  if (replicas.length > 1) throw new TemplateError(resource.logicalId, 'has replicas in several regions');
  const indexes = listAt(properties, 'GlobalSecondaryIndexes').filter(isObject);
  return {
    TableName: named(resource, 'TableName'),
    AttributeDefinitions: properties.AttributeDefinitions ?? [],
    KeySchema: properties.KeySchema ?? [],
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema, Projection }) => ({
            IndexName: IndexName ?? '',
            KeySchema: KeySchema ?? [],
            Projection: Projection ?? {},
          })),
        }),
  };
};
