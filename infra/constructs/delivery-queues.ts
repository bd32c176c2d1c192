import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type LaneName, laneNames } from '../function-spec.ts';
import type { CityTopics } from './city-topics.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';
import { addWatchedQueue } from './watched-queue.ts';

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
    const queue = addWatchedQueue(this, lane, {
      deadLetters,
      againAfter,
      mostTries,
      keptFor: Duration.days(4),
      waiting: {
        longest: oldestAfter,
        description: `Notices wait for their first try for ${oldestAfter.toHumanString()}: people are not told.`,
        operations,
      },
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
    return queue;
  }
}
