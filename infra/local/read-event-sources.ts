import type { FunctionSpec } from './read-functions.ts';
import type { QueueSpec } from './read-queues.ts';
import { isAllowed } from './rights.ts';
import { listAt, objectAt, type Resource, TemplateError, textAt } from './template.ts';

/** A queue that feeds a function. */
export interface EventSourceSpec {
  readonly logicalId: string;
  readonly functionId: string;
  readonly queueName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number | undefined;
  /** Whether the function names the messages that failed; else a batch succeeds or fails as a whole. */
  readonly reportsFailures: boolean;
}

/** What Lambda itself does with a queue, with the rights of the function. */
const askedOfTheRole = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const defaultVisibilitySeconds = 30;

const numberAt = (resource: Resource, key: string, otherwise: number, least: number, most: number): number => {
  const given = Number(textAt(resource.properties, key) ?? otherwise);
  if (!Number.isInteger(given) || given < least || given > most)
    throw new TemplateError(resource.logicalId, `${key} must be between ${least} and ${most}`);
  return given;
};

/** Reads a mapping and checks what Lambda checks when it is made: there it would stop the deployment. */
const readEventSource = (
  resource: Resource,
  functions: readonly FunctionSpec[],
  queues: readonly QueueSpec[],
): EventSourceSpec => {
  const { logicalId, properties } = resource;
  const fail = (message: string): never => {
    throw new TemplateError(logicalId, message);
  };
  const source = textAt(properties, 'EventSourceArn');
  const queue = queues.find(({ arn }) => arn === source) ?? fail(`${source} is not a queue of this template`);
  const target = textAt(properties, 'FunctionName');
  const fed =
    functions.find(({ name, arn }) => name === target || arn === target) ??
    fail(`names the function ${target}, which is not in this template`);
  for (const action of askedOfTheRole) {
    if (!isAllowed(fed.statements, { action, resource: queue.arn }))
      fail(`the role of ${fed.logicalId} does not allow ${action} on ${queue.arn}`);
  }
  const visibilitySeconds = Number(queue.attributes.VisibilityTimeout ?? defaultVisibilitySeconds);
  if (visibilitySeconds * 1_000 < fed.timeoutMs)
    fail(`the visibility timeout of ${queue.name} is below the timeout of ${fed.logicalId}`);
  const batchSize = numberAt(resource, 'BatchSize', 10, 1, 10_000);
  const windowSeconds = numberAt(resource, 'MaximumBatchingWindowInSeconds', 0, 0, 300);
  if (batchSize > 10 && windowSeconds < 1) fail('a batch of more than 10 needs a MaximumBatchingWindowInSeconds');
  const responses = listAt(properties, 'FunctionResponseTypes').map(String);
  const unknown = responses.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined) fail(`function response type ${unknown} is unknown`);
  const scaling = { ...resource, properties: objectAt(properties, 'ScalingConfig') };
  const isLimited = textAt(scaling.properties, 'MaximumConcurrency') !== undefined;
  return {
    logicalId,
    functionId: fed.logicalId,
    queueName: queue.name,
    queueArn: queue.arn,
    batchSize,
    windowMs: windowSeconds * 1_000,
    maximumConcurrency: isLimited ? numberAt(scaling, 'MaximumConcurrency', 2, 2, 1_000) : undefined,
    reportsFailures: responses.length > 0,
  };
};

/** The queues that feed functions; a mapping that is switched off feeds none. */
export const readEventSources = (
  resources: readonly Resource[],
  functions: readonly FunctionSpec[],
  queues: readonly QueueSpec[],
): readonly EventSourceSpec[] =>
  resources
    .filter(
      ({ type, properties }) => type === 'AWS::Lambda::EventSourceMapping' && textAt(properties, 'Enabled') !== 'false',
    )
    .map((resource) => readEventSource(resource, functions, queues));
