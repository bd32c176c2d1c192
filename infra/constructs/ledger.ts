import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CityTopics } from './city-topics.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';

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
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 5 },
    });
    for (const [, topic] of topics.all()) {
      topic.addSubscription(
        new SqsSubscription(this.queue, { rawMessageDelivery: false, deadLetterQueue: deadLetters.queue }),
      );
    }
  }
}
