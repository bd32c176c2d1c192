import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { WatchedAlarm } from './watched-alarm.ts';
import type { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';

export interface WatchedQueueProps {
  readonly deadLetters: WatchedDeadLetterQueue;
  /** A message that was not handled comes again after this; no function that is fed from the queue may run longer. */
  readonly againAfter: Duration;
  /** Tries before a message is given up. */
  readonly mostTries: number;
  readonly keptFor: Duration;
  /**
   * Rings `<id>-waiting` when a message has waited so long for its first tries: SQS leaves one that was tried three
   * times out of the age.
   */
  readonly waiting?: { readonly longest: Duration; readonly description: string; readonly operations: ITopic };
}

/** A queue that functions are fed from. Encrypted by SQS itself, so that no key policy stands between it and its senders. */
export const addWatchedQueue = (
  scope: Construct,
  id: string,
  { deadLetters, againAfter, mostTries, keptFor, waiting }: WatchedQueueProps,
): Queue => {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: keptFor,
    visibilityTimeout: againAfter,
    deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: mostTries },
  });
  if (!waiting) return queue;
  new WatchedAlarm(scope, `${id}-waiting`, {
    heading: `${id}-waiting`,
    operations: waiting.operations,
    alarmDescription: waiting.description,
    metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: waiting.longest.toSeconds(),
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  return queue;
};
