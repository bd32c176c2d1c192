import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MonitoredFunction } from './monitored-function.ts';

export interface OnScheduleProps {
  readonly target: MonitoredFunction;
  readonly everyMinutes: number;
  readonly deadLetters: Queue;
  /** A tick older than this is thrown away: the next one does its work. */
  readonly maxEventAgeSeconds: number;
}

/** Calls a function every so many minutes by an EventBridge rule (AWS China has no Scheduler), and never late. */
export class OnSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { target, everyMinutes, deadLetters, maxEventAgeSeconds }: OnScheduleProps,
  ) {
    super(scope, id);
    const period = everyMinutes === 1 ? 'minute' : `${everyMinutes} minutes`;
    const rule = new CfnRule(this, 'Rule', {
      description: `Cradlewatch ${target.node.id}, every ${period}`,
      scheduleExpression: `rate(${everyMinutes === 1 ? '1 minute' : period})`,
      state: 'ENABLED',
      targets: [
        {
          id: target.node.id,
          arn: target.functionArn,
          retryPolicy: { maximumEventAgeInSeconds: maxEventAgeSeconds, maximumRetryAttempts: 0 },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      ],
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    deadLetters.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}
