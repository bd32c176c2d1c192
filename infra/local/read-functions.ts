import { arnOf, fail, named, ofType, roleName } from './resources.ts';
import { isAllowed, readPolicy, type Statement, serviceIsAllowed } from './rights.ts';
import { knownManagedPolicies } from './substitutions.ts';
import { isObject, listAt, objectAt, type Resource, textAt } from './template.ts';

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

/** What the role of a function may do, by its own policies and those attached to it. */
const statementsOf = (role: Resource, resources: readonly Resource[]): readonly Statement[] => {
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
  const attached = ofType(resources, 'AWS::IAM::Policy')
    .filter(({ properties }) => listAt(properties, 'Roles').includes(roleName(role)))
    .map(({ properties }) => objectAt(properties, 'PolicyDocument'));
  return [...inline, ...attached].flatMap((document) => readPolicy(role.logicalId, document));
};

/** The functions of the template, each with what its role may do. */
export const readFunctions = (resources: readonly Resource[]): readonly FunctionSpec[] => {
  const roles = ofType(resources, 'AWS::IAM::Role');
  const invokeConfigs = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
  return ofType(resources, 'AWS::Lambda::Function').map((resource) => {
    const { properties, logicalId } = resource;
    const name = named(resource, 'FunctionName');
    const role =
      roles.find((it) => arnOf(it) === textAt(properties, 'Role')) ?? fail(resource, 'has no role in this template');
    const statements = statementsOf(role, resources);
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
};
