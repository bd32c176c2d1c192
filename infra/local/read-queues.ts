import { arnOf, fail, named, ofType } from './resources.ts';
import { readPolicy, serviceIsAllowed } from './rights.ts';
import { type Json, type JsonObject, objectAt, type Resource, textAt } from './template.ts';

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

const queueAttributes = [
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];

const asText = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
const pick = (from: JsonObject, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, asText(from[key])]])));

/** The queues of the template. */
export const readQueues = (resources: readonly Resource[]): readonly QueueSpec[] =>
  ofType(resources, 'AWS::SQS::Queue').map((resource) => ({
    name: named(resource, 'QueueName'),
    arn: arnOf(resource),
    attributes: pick(resource.properties, queueAttributes),
  }));

/** Topics that feed queues; whatever would never arrive is told here. */
export const readSubscriptions = (resources: readonly Resource[]): readonly SubscriptionSpec[] => {
  const queuePolicies = ofType(resources, 'AWS::SQS::QueuePolicy').flatMap((it) =>
    readPolicy(it.logicalId, objectAt(it.properties, 'PolicyDocument')),
  );
  return ofType(resources, 'AWS::SNS::Subscription').map((resource) => {
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
};
