import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CountAlarm } from '../function-spec.ts';
import { WatchedAlarm } from './watched-alarm.ts';

export interface CountAlarmPlace {
  /** Of the metrics of this stack. */
  readonly namespace: string;
  /** The function that counts. */
  readonly service: string;
  readonly operations: ITopic;
}

const HOUR_MINUTES = 60;
const WEEK_MINUTES = 7 * 24 * HOUR_MINUTES;

/** CloudWatch looks back one day in periods below an hour, and a week in periods of an hour. */
const periodOf = (heading: string, minutes: number): Duration => {
  if (minutes <= HOUR_MINUTES) return Duration.minutes(1);
  if (minutes % HOUR_MINUTES !== 0 || minutes > WEEK_MINUTES) {
    throw new Error(`${heading}: no alarm can look back ${minutes} minutes`);
  }
  return Duration.hours(1);
};

/** Rings when a function counted something, or when it did not, for so long. */
export const addCountAlarm = (
  scope: Construct,
  { namespace, service, operations }: CountAlarmPlace,
  { metric, heading = metric, description, when, minutes }: CountAlarm,
): void => {
  const missing = when === 'missing';
  const period = periodOf(heading, minutes);
  new WatchedAlarm(scope, heading, {
    heading,
    operations,
    alarmDescription: description,
    metric: new Metric({ namespace, metricName: metric, dimensionsMap: { service }, period, statistic: 'Sum' }),
    threshold: 1,
    evaluationPeriods: minutes / period.toMinutes(),
    comparisonOperator: missing
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: missing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
};
