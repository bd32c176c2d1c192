import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type WorkQueueName, workQueueNames } from '../function-spec.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';
import { addWatchedQueue } from './watched-queue.ts';

interface WorkTimes {
  readonly againAfter: Duration;
  readonly waitsAtMost: Duration;
  /** What does not happen meanwhile. */
  readonly meanwhile: string;
}

/** The longest that Lambda lets a function run. */
const LONGEST_RUN = Duration.minutes(15);

const times: Readonly<Record<WorkQueueName, WorkTimes>> = {
  seal: { againAfter: Duration.minutes(5), waitsAtMost: Duration.hours(2), meanwhile: 'days are not sealed' },
  draw: { againAfter: Duration.minutes(5), waitsAtMost: Duration.hours(2), meanwhile: 'no recording is challenged' },
  purge: { againAfter: Duration.minutes(5), waitsAtMost: Duration.hours(12), meanwhile: 'old records stay' },
  exports: { againAfter: LONGEST_RUN, waitsAtMost: Duration.minutes(30), meanwhile: 'auditors wait for their exports' },
};
/** Whoever asked asks again (a day that is not sealed, every hour), so that nothing rests on one message. */
const MOST_TRIES = 10;

/** One queue per kind of work. */
export class WorkQueues extends Construct {
  readonly queues: Readonly<Record<WorkQueueName, Queue>>;

  constructor(scope: Construct, id: string, { operations }: { readonly operations: ITopic }) {
    super(scope, id);
    const add = (name: WorkQueueName): Queue => {
      const { againAfter, waitsAtMost, meanwhile } = times[name];
      return addWatchedQueue(this, name, {
        deadLetters: new WatchedDeadLetterQueue(this, `${name}-dead-letters`, { of: name, operations }),
        againAfter,
        mostTries: MOST_TRIES,
        keptFor: Duration.days(4),
        waiting: {
          longest: waitsAtMost,
          description: `Work waits for its first try for ${waitsAtMost.toHumanString()}: ${meanwhile}.`,
          operations,
        },
      });
    };
    this.queues = Object.fromEntries(workQueueNames.map((name) => [name, add(name)])) as Record<WorkQueueName, Queue>;
  }
}
