import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CityTopics } from './city-topics.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';
import { addWatchedQueue } from './watched-queue.ts';

/**
 * Hears every notice of every topic, without a filter, in SNS's own envelope: what SNS passed on can be counted against
 * what was published. Encrypted by SQS itself, so that no key policy can stand between a topic and its ledger.
 */
export class Ledger extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, topics: CityTopics) {
    super(scope, id);
    const deadLetters = new WatchedDeadLetterQueue(this, 'DeadLetters', {
      of: 'ledger',
      operations: topics.operations,
    });
    this.queue = addWatchedQueue(this, 'Queue', {
      deadLetters,
      againAfter: Duration.seconds(60),
      mostTries: 5,
      keptFor: Duration.days(14),
    });
    for (const [, topic] of topics.all()) {
      topic.addSubscription(
        new SqsSubscription(this.queue, { rawMessageDelivery: false, deadLetterQueue: deadLetters.queue }),
      );
    }
  }
}
