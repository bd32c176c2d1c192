import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnFunction, Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FunctionName } from '../../shared/contracts/routes.ts';
import { acknowledge } from '../acknowledge.ts';
import { WatchedAlarm } from './watched-alarm.ts';
import { WatchedDeadLetterQueue } from './watched-dead-letter-queue.ts';

export interface MonitoredFunctionProps {
  readonly name: FunctionName;
  /** Folder with the bundled `index.js`. */
  readonly directory: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly architecture: 'arm64' | 'x86_64';
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the function may do beyond writing its own log. */
  readonly statements: readonly PolicyStatement[];
  readonly tracing: boolean;
  readonly logRetentionDays: number;
  /** Of the platform's own lines; what the function itself logs is untouched. */
  readonly logsFailedRunsOnly: boolean;
  readonly removalPolicy: RemovalPolicy;
  /** Instances that only this function may use; also its ceiling. Absent: it shares the account's pool. */
  readonly reservedConcurrency?: number;
  /** Present for a function invoked without a caller who waits: how long and how often an event may be tried. */
  readonly asynchronous?: { readonly maxEventAgeSeconds: number; readonly retryAttempts: number };
  readonly operations: ITopic;
}

/**
 * A function together with what none may be without: its own log group with retention, alarms on errors and throttles, a
 * role of its own with hand-written rights and nothing else, and a dead-letter queue where nobody waits for its answer.
 *
 * It is built from the plain resources, because the ready-made construct adds statements to the role by itself.
 */
export class MonitoredFunction extends Construct {
  readonly functionArn: string;
  readonly functionName: string;
  readonly deadLetters?: WatchedDeadLetterQueue;
  private readonly props: MonitoredFunctionProps;

  constructor(scope: Construct, props: MonitoredFunctionProps) {
    super(scope, props.name);
    this.props = props;
    if (props.asynchronous) {
      this.deadLetters = new WatchedDeadLetterQueue(this, 'DeadLetters', {
        of: props.name,
        operations: props.operations,
      });
    }
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetentionDays,
      removalPolicy: props.removalPolicy,
    });
    const resource = this.addFunction(this.addRole(logGroup), logGroup);
    this.functionArn = resource.attrArn;
    this.functionName = resource.ref;
    this.addAsynchronousLimits();
    this.addAlarm('errors', 'Errors');
    this.addAlarm('throttles', 'Throttles');
  }

  private addRole(logGroup: LogGroup): Role {
    const statements = [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...this.props.statements,
    ];
    if (this.deadLetters) {
      statements.push(
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queue.queueArn] }),
      );
    }
    if (this.props.tracing) {
      // X-Ray knows no resources: these two actions accept nothing but a star.
      statements.push(
        new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
      );
    }
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { rights: new PolicyDocument({ statements }) },
    });
    if (this.props.tracing) {
      acknowledge(
        role,
        'AwsSolutions-IAM5[Resource::*]',
        'xray:PutTraceSegments and xray:PutTelemetryRecords cannot name a resource. A test allows the star for these two only.',
      );
    }
    return role;
  }

  private addFunction(role: Role, logGroup: LogGroup): CfnFunction {
    const { name, directory, memoryMb, timeoutSeconds, architecture, environment, tracing } = this.props;
    const { logsFailedRunsOnly, reservedConcurrency } = this.props;
    const code = Code.fromAsset(directory);
    const { s3Location } = code.bind(this);
    if (!s3Location) throw new Error(`${name}: the asset of ${directory} has no location`);
    const resource = new CfnFunction(this, 'Function', {
      description: `Cradlewatch ${name}`,
      code: { s3Bucket: s3Location.bucketName, s3Key: s3Location.objectKey },
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architectures: [architecture],
      memorySize: memoryMb,
      timeout: timeoutSeconds,
      role: role.roleArn,
      environment: { variables: { ...environment } },
      loggingConfig: {
        logGroup: logGroup.logGroupName,
        // A level can be set for lines in JSON alone; ours, and the metrics among them, are JSON as they are.
        ...(logsFailedRunsOnly && { logFormat: 'JSON', systemLogLevel: 'WARN' }),
      },
      ...(tracing ? { tracingConfig: { mode: 'Active' } } : {}),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      ...(this.deadLetters ? { deadLetterConfig: { targetArn: this.deadLetters.queue.queueArn } } : {}),
    });
    code.bindToResource(resource);
    return resource;
  }

  private addAsynchronousLimits(): void {
    if (!this.props.asynchronous) return;
    new CfnEventInvokeConfig(this, 'EventInvokeConfig', {
      functionName: this.functionName,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: this.props.asynchronous.maxEventAgeSeconds,
      maximumRetryAttempts: this.props.asynchronous.retryAttempts,
    });
  }

  private addAlarm(suffix: 'errors' | 'throttles', metricName: 'Errors' | 'Throttles'): void {
    new WatchedAlarm(this, metricName, {
      heading: `${this.props.name}-${suffix}`,
      operations: this.props.operations,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { FunctionName: this.functionName },
        period: Duration.minutes(1),
        statistic: 'Sum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
