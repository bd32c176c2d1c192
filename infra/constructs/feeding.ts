import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Feeding } from '../function-spec.ts';
import type { MonitoredFunction } from './monitored-function.ts';

/** What Lambda asks of the role of a function that is fed from a queue. */
export const feedingStatement = (queues: readonly Queue[]): PolicyStatement =>
  new PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: queues.map(({ queueArn }) => queueArn),
  });

/** Feeds a function from a queue. Only what the function does not name as failed is taken out of the queue. */
export const feed = (target: MonitoredFunction, name: string, queue: Queue, feeding: Feeding): CfnEventSourceMapping =>
  new CfnEventSourceMapping(target, `From-${name}`, {
    functionName: target.functionName,
    eventSourceArn: queue.queueArn,
    enabled: true,
    batchSize: feeding.batchSize,
    maximumBatchingWindowInSeconds: feeding.windowSeconds ?? 0,
    functionResponseTypes: ['ReportBatchItemFailures'],
    ...(feeding.maximumConcurrency === undefined
      ? {}
      : { scalingConfig: { maximumConcurrency: feeding.maximumConcurrency } }),
  });
