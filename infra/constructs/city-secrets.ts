import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type SecretName, secretNames } from '../function-spec.ts';

const purposes: Readonly<Record<SecretName, string>> = {
  LINK_SECRET: 'Signs the answer links of notices',
  CANARY_SECRET: 'Seed of the key with which the canary signs its alarms',
};
/** 64 letters and digits: 381 bits. */
const GENERATED_LETTERS = 64;

/**
 * Secrets that are generated with the stack and seen by no person, and the prefix under which people put the secrets of
 * channels. A function is told a name and asks for the value: no secret is in a template, an environment or a log.
 */
export class CitySecrets extends Construct {
  /** Begins the name of every channel's secret. */
  readonly channelPrefix: string;
  /** Begins the name of every private key of challenges. */
  readonly challengeKeyPrefix: string;
  private readonly secrets: Readonly<Record<SecretName, Secret>>;

  constructor(scope: Construct, id: string, { removalPolicy }: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.channelPrefix = `${Stack.of(this).stackName}/channels/`;
    this.challengeKeyPrefix = `${Stack.of(this).stackName}/challenge-keys/`;
    const add = (name: SecretName): Secret => {
      const secret = new Secret(this, name.toLowerCase().replaceAll('_', '-'), {
        description: `Cradlewatch: ${purposes[name]}`,
        generateSecretString: { passwordLength: GENERATED_LETTERS, excludePunctuation: true },
        removalPolicy,
      });
      acknowledge(
        secret,
        'AwsSolutions-SMG4',
        'Turning it would void every link that is on its way to somebody, or the enrolled key of the canary; the runbook says how to replace it by hand.',
      );
      return secret;
    };
    this.secrets = Object.fromEntries(secretNames.map((name) => [name, add(name)])) as Record<SecretName, Secret>;
  }

  arnOf(name: SecretName): string {
    return this.secrets[name].secretArn;
  }

  /** The statement that allows reading exactly these. */
  readStatement(names: readonly SecretName[]): PolicyStatement {
    return new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: names.map((name) => this.arnOf(name)),
    });
  }

  /** The statement that allows reading what lies under the prefix; the service adds six letters to each name. */
  readChannelsStatement(): PolicyStatement {
    return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.channelArns] });
  }

  /** The statement that allows making, reading and destroying what lies under the prefix of challenge keys. */
  challengeKeysStatement(): PolicyStatement {
    return new PolicyStatement({
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:DeleteSecret'],
      resources: [this.arnsUnder(this.challengeKeyPrefix)],
    });
  }

  /** Accepts, for the one holder of the right to read channels, that it names every secret of a channel. */
  acknowledgeChannels(holder: IConstruct): void {
    this.acknowledgeArns(
      holder,
      this.channelArns,
      'The secrets of channels are put by people under this one prefix, after the stack was made.',
    );
  }

  /** Accepts, for the one holder of the right above, that it names every key of challenges. */
  acknowledgeChallengeKeys(holder: IConstruct): void {
    this.acknowledgeArns(
      holder,
      this.arnsUnder(this.challengeKeyPrefix),
      'The keys of the months are made and destroyed under this one prefix, which nothing else may touch.',
    );
  }

  private acknowledgeArns(holder: IConstruct, arns: string, reason: string): void {
    const joined = Stack.of(this).resolve(arns) as { 'Fn::Join': [string, (string | { Ref: string })[]] };
    const text = joined['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
    acknowledge(holder, `AwsSolutions-IAM5[Resource::${text}]`, reason);
  }

  private get channelArns(): string {
    return this.arnsUnder(this.channelPrefix);
  }

  private arnsUnder(prefix: string): string {
    return Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${prefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
