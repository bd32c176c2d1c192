import { Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface WatchedAlarmProps extends Omit<AlarmProps, 'alarmName'> {
  /** The heading in the runbook; the alarm is named `<stack>-<heading>`. */
  readonly heading: string;
  readonly operations: ITopic;
}

/** An alarm of ours: named like its heading in the runbook, and heard by `operations` when it rings and when it ends. */
export class WatchedAlarm extends Construct {
  constructor(scope: Construct, id: string, { heading, operations, ...props }: WatchedAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', { ...props, alarmName: `${Stack.of(this).stackName}-${heading}` });
    const tell = new SnsAction(operations);
    alarm.addAlarmAction(tell);
    alarm.addOkAction(tell);
  }
}
