import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { type CfnElement, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** An export can be made again at any time; it is kept long enough to be fetched. */
const EXPORT_KEPT_DAYS = 7;

/** Holds exports for a week: made by `make-exports`, and opened by links of a quarter of an hour that `audit` signs. */
export class ExportsBucket extends Construct {
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { removalPolicy }: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      lifecycleRules: [
        {
          id: 'exports-expire',
          expiration: Duration.days(EXPORT_KEPT_DAYS),
          noncurrentVersionExpiration: Duration.days(EXPORT_KEPT_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Only `audit` and `make-exports` reach the bucket, and each order and each link is an audited request of the API; a second bucket of access logs would outlive what it describes.',
    );
  }

  get name(): string {
    return this.bucket.bucketName;
  }

  /** Put and get exports, nothing else: no listing, no deleting, no settings. */
  statements(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [this.bucket.arnForObjects('exports/*')],
      }),
    ];
  }

  /** Accepts, for one holder of the rights above, that they name every export. */
  acknowledgeStatements(holder: IConstruct): void {
    const stack = Stack.of(this);
    const logicalId = stack.resolve(stack.getLogicalId(this.bucket.node.defaultChild as CfnElement)) as string;
    acknowledge(
      holder,
      `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/exports/*]`,
      'The exports of this one bucket; their names are made when they are written.',
    );
  }
}
