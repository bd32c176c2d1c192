import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Aws, Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type TopicName, topicNames } from '../function-spec.ts';
import { WatchedAlarm } from './watched-alarm.ts';

export interface CityTopicsProps {
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The six topics of departments and facility, and `operations` for alarms of ours.
 *
 * One key of our own encrypts all seven: CloudWatch cannot publish to a topic under the key that AWS manages for SNS.
 */
export class CityTopics extends Construct {
  readonly operations: Topic;
  private readonly key: Key;
  private readonly topics: Readonly<Record<TopicName, Topic>>;

  constructor(scope: Construct, id: string, { removalPolicy }: CityTopicsProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Cradlewatch notices and alarms on their way through SNS',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.operations = this.addTopic('operations');
    this.topics = Object.fromEntries(topicNames.map((name) => [name, this.addTopic(name)])) as Record<TopicName, Topic>;
    this.letCloudWatchPublish();
    for (const [name, topic] of this.all()) this.addAlarm(name, topic);
  }

  all(): readonly (readonly [TopicName, Topic])[] {
    return topicNames.map((name) => [name, this.topics[name]] as const);
  }

  /** The statements that allow publishing to the six topics, and what their encryption asks of a publisher. */
  publishStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: this.all().map(([, topic]) => topic.topicArn) }),
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [this.key.keyArn] }),
    ];
  }

  private addTopic(name: string): Topic {
    return new Topic(this, name, { displayName: `Cradlewatch ${name}`, masterKey: this.key, enforceSSL: true });
  }

  /** A topic with a policy of its own has lost the default one, which let the account's alarms in. */
  private letCloudWatchPublish(): void {
    const alarmsOfThisAccount = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    };
    this.operations.addToResourcePolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.operations.topicArn], ...alarmsOfThisAccount }),
    );
    // In a key's policy the star is the key itself.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        ...alarmsOfThisAccount,
      }),
    );
  }

  private addAlarm(name: TopicName, topic: Topic): void {
    new WatchedAlarm(this, `${name}-not-delivered`, {
      heading: `topic-${name}-not-delivered`,
      operations: this.operations,
      metric: topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
