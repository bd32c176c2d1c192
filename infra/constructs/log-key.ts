import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/**
 * Signs the checkpoints of the logs. The private half never leaves KMS, nor can anybody read it there; an auditor takes
 * the public half from KMS, and need not believe our API.
 */
export class LogKey extends Construct {
  private readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Cradlewatch: signs the checkpoints of its logs',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
  }

  get arn(): string {
    return this.key.keyArn;
  }

  /** The statement that allows reading the public half, or signing as well. */
  statement(right: 'read' | 'sign'): PolicyStatement {
    return new PolicyStatement({
      actions: right === 'sign' ? ['kms:GetPublicKey', 'kms:Sign'] : ['kms:GetPublicKey'],
      resources: [this.arn],
    });
  }
}
