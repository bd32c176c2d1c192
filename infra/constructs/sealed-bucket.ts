import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';

/** What would take an object away, or loosen its lock. Nobody may, for as long as this policy stands. */
const againstObjects = [
  's3:DeleteObject*',
  's3:BypassGovernanceRetention',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
];
/** What would loosen the lock of objects that are still to come. A deployment may: the setting is changed by one. */
const againstTheBucket = [
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
];
/** The role with which CloudFormation deploys what the CDK made. */
const deployingRole = 'cdk-*-cfn-exec-role-*';

export interface SealedBucketProps {
  readonly objectLock: Settings['objectLock'];
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Holds statements, leaves and checkpoints under Object Lock, each named by the SHA-256 of its bytes. Only what is not
 * there yet can be put. Were that policy gone, other bytes under a name would add a version and leave the locked one where
 * it is; and whoever reads checks the name, so that they would be noticed and never believed.
 */
export class SealedBucket extends Construct {
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { objectLock, removalPolicy }: SealedBucketProps) {
    super(scope, id);
    const { mode, days } = objectLock;
    const isCompliance = mode === 'compliance';
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: isCompliance
        ? ObjectLockRetention.compliance(Duration.days(days))
        : ObjectLockRetention.governance(Duration.days(days)),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // What nobody can delete, no deletion of a stack should try to.
      removalPolicy: isCompliance ? RemovalPolicy.RETAIN : removalPolicy,
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'What is written here is a log by itself: every object is an entry, and its name proves its bytes; reading it is an audited request of the API.',
    );
    this.denyLoosening();
  }

  get name(): string {
    return this.bucket.bucketName;
  }

  /**
   * Reading, or adding as well; no role may do more. With the right to list, S3 says of a missing object that it is
   * missing, and not that it is forbidden.
   */
  statements(right: 'read' | 'add'): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: right === 'add' ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'],
        resources: [this.bucket.arnForObjects('sealed/*')],
      }),
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    ];
  }

  /** Accepts, for one holder of the rights above, that they name every sealed object. */
  acknowledgeStatements(holder: IConstruct): void {
    const stack = Stack.of(this);
    const logicalId = stack.resolve(stack.getLogicalId(this.bucket.node.defaultChild as CfnElement)) as string;
    acknowledge(
      holder,
      `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/sealed/*]`,
      'The sealed objects of this one bucket; each is named by its own bytes.',
    );
  }

  private denyLoosening(): void {
    const principals = [new AnyPrincipal()];
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDeletesOrUnlocks',
        effect: Effect.DENY,
        principals,
        actions: againstObjects,
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyWhatIsNotThereIsPut',
        effect: Effect.DENY,
        principals,
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyADeploymentSetsTheLock',
        effect: Effect.DENY,
        principals,
        actions: againstTheBucket,
        resources: [this.bucket.bucketArn],
        conditions: {
          ArnNotLike: {
            'aws:PrincipalArn': Stack.of(this).formatArn({
              service: 'iam',
              region: '',
              resource: 'role',
              resourceName: deployingRole,
            }),
          },
        },
      }),
    );
  }
}
