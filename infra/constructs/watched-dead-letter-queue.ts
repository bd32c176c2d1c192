import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { WatchedAlarm } from './watched-alarm.ts';

export interface WatchedDeadLetterQueueProps {
  /** What could not be handled: the alarm's heading is `<of>-dead-letters`. */
  readonly of: string;
  readonly operations: ITopic;
}

/** Keeps what could not be handled for 14 days, and rings as soon as there is one. */
export class WatchedDeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { of, operations }: WatchedDeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      this.queue,
      'AwsSolutions-SQS3',
      'It is itself the dead-letter queue; an alarm rings when it is not empty.',
    );
    new WatchedAlarm(this, 'NotEmpty', {
      heading: `${of}-dead-letters`,
      operations,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
