import { type EventSourceSpec, readEventSources } from './read-event-sources.ts';
import { type FunctionSpec, readFunctions } from './read-functions.ts';
import { type QueueSpec, readQueues, readSubscriptions, type SubscriptionSpec } from './read-queues.ts';
import { apiId, arnOf, bucketName, fail, named, ofType } from './resources.ts';
import { denialsOf, matchesWildcard, readPolicy, type Statement } from './rights.ts';
import { type SecretSpec, secretOf } from './secrets.ts';
import { isSigningKey } from './signing-keys.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  localArn,
  objectAt,
  type Resource,
  TemplateError,
  textAt,
} from './template.ts';

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
  const functions = readFunctions(resources);
  const queues = readQueues(resources);
  const permissions = ofType(resources, 'AWS::Lambda::Permission');
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

  const stage = ofType(resources, 'AWS::ApiGatewayV2::Stage')[0];
  if (stage !== undefined && textAt(stage.properties, 'StageName') !== '$default')
    fail(stage, 'is not the $default stage');
  const defaultThrottle = throttleOf(objectAt(stage?.properties ?? {}, 'DefaultRouteSettings'));
  const routeSettings = objectAt(stage?.properties ?? {}, 'RouteSettings');
  const integrations = new Map(ofType(resources, 'AWS::ApiGatewayV2::Integration').map((it) => [it.logicalId, it]));
  const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map((resource): RouteSpec => {
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

  const rules = ofType(resources, 'AWS::Events::Rule')
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

  const keys = ofType(resources, 'AWS::KMS::Key');
  const keyArn = (name: string | undefined): string | undefined =>
    keys.map(arnOf).find((arn) => name !== undefined && (arn === name || arn.endsWith(`/${name}`)));

  return {
    tables: ofType(resources, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(tableOf),
    topics: new Map(
      ofType(resources, 'AWS::SNS::Topic').map((it) => [
        named(it, 'TopicName'),
        keyArn(textAt(it.properties, 'KmsMasterKeyId')),
      ]),
    ),
    queues,
    subscriptions: readSubscriptions(resources),
    buckets: ofType(resources, 'AWS::S3::Bucket').map(bucketName),
    lockedBuckets: ofType(resources, 'AWS::S3::Bucket').filter(isLocked).map(bucketName),
    bucketDenials: denialsOf(
      ofType(resources, 'AWS::S3::BucketPolicy').flatMap((it) =>
        readPolicy(it.logicalId, objectAt(it.properties, 'PolicyDocument')),
      ),
    ),
    signingKeys: keys.filter(isSigningKey).map(arnOf),
    functions,
    routes,
    rules,
    eventSources: readEventSources(resources, functions, queues),
    secrets: ofType(resources, 'AWS::SecretsManager::Secret').map(secretOf),
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
