import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type LaneName, laneNames } from '../functions.ts';
import type { CityTopics } from './city-topics.ts';
import { WatchedAlarm } from './watched-alarm.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';

interface LaneTimes {
  /** A message that was not delivered comes again after this. */
  readonly againAfter: Duration;
  /** Tries before it is given up: a day of them, which outlasts a night's quiet hours. */
  readonly mostTries: number;
  /** No message may wait longer for its first try. */
  readonly oldestAfter: Duration;
}

const times: Readonly<Record<LaneName, LaneTimes>> = {
  // 1,000 is the most that SQS takes: 16 hours. The sweep repeats an unanswered alarm long before.
  'life-safety': { againAfter: Duration.seconds(60), mostTries: 1000, oldestAfter: Duration.seconds(60) },
  // SQS leaves a message that was tried three times out of the age, so one that waits for its hour rings nobody.
  technical: { againAfter: Duration.minutes(3), mostTries: 480, oldestAfter: Duration.minutes(15) },
};

/**
 * One queue per lane, each subscribed to all six topics by the attribute `lane`, without SNS's envelope: what
 * `deliver-notices` brings to people. Encrypted by SQS itself, so that no key policy stands between a topic and people.
 */
export class DeliveryQueues extends Construct {
  private readonly queues: Readonly<Record<LaneName, Queue>>;

  constructor(scope: Construct, id: string, topics: CityTopics) {
    super(scope, id);
    this.queues = Object.fromEntries(laneNames.map((lane) => [lane, this.addQueue(lane, topics)])) as Record<
      LaneName,
      Queue
    >;
  }

  of(lane: LaneName): Queue {
    return this.queues[lane];
  }

  private addQueue(lane: LaneName, topics: CityTopics): Queue {
    const { operations } = topics;
    const { againAfter, mostTries, oldestAfter } = times[lane];
    const deadLetters = new WatchedDeadLetterQueue(this, `${lane}-dead-letters`, { of: lane, operations });
    const queue = new Queue(this, lane, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: againAfter,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: mostTries },
    });
    for (const [, topic] of topics.all()) {
      topic.addSubscription(
        new SqsSubscription(queue, {
          rawMessageDelivery: true,
          deadLetterQueue: deadLetters.queue,
          filterPolicy: { lane: SubscriptionFilter.stringFilter({ allowlist: [lane] }) },
        }),
      );
    }
    new WatchedAlarm(this, `${lane}-waiting`, {
      heading: `${lane}-waiting`,
      operations,
      alarmDescription: `Notices wait for their first try for ${oldestAfter.toHumanString()}: people are not told.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: oldestAfter.toSeconds(),
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    return queue;
  }
}
