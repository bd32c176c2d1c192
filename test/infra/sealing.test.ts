import { describe, expect, test } from 'vitest';
import { partitions, readSettings } from '../../infra/settings.ts';
import { withPlanted } from './support/planted.ts';
import { at, type Json, list, type Resource, synthesizedTemplates, Template } from './support/template.ts';
import { flat, whoMay } from './support/who-may.ts';

const compliance = { ...readSettings(), objectLock: { mode: 'compliance', days: 400 } };
const byDefault = await synthesizedTemplates();
const strict = await synthesizedTemplates(compliance);

/** What takes an object away, puts another in its place, or loosens its lock: none of it is anybody's. */
const loosening = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:DeleteObjectTagging',
  's3:BypassGovernanceRetention',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
  's3:ReplicateObject',
  's3:ReplicateDelete',
  's3:ObjectOwnerOverrideToBucketOwner',
  's3:AbortMultipartUpload',
];
const ofTheBucket = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
];
/** With these a role could become another one, or change the stack that keeps it in its bounds. */
const escaping = [
  'iam:PutRolePolicy',
  'iam:PassRole',
  'sts:AssumeRole',
  'cloudformation:UpdateStack',
  'lambda:UpdateFunctionCode',
];
const ofTheKey = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:Encrypt'];
const ofKeys = [
  'CreateSecret',
  'GetSecretValue',
  'DeleteSecret',
  'PutSecretValue',
  'UpdateSecret',
  'DescribeSecret',
].map((action) => `secretsmanager:${action}`);

const outputOf = (template: Template, name: string): Json | undefined => at(template.json, `Outputs.${name}.Value`);
const sealedBucket = (template: Template): Resource => template.byId(at(outputOf(template, 'SealedBucket'), 'Ref'));
const objectsOf = ({ id }: Resource): readonly string[] => [`<${id}.Arn>/sealed/ab`, `arn:aws:s3:::${id}/sealed/ab`];
const bucketsOf = ({ id }: Resource): readonly string[] => [`<${id}.Arn>`, `arn:aws:s3:::${id}`];
const keyOf = (template: Template): readonly string[] => {
  const arn = flat(outputOf(template, 'LogKey'));
  return [arn, 'arn:aws:kms:eu-central-1:123456789012:key/0b7e'];
};
const challengeKeysOf = (template: Template): readonly string[] => {
  const name = `${flat(outputOf(template, 'ChallengeKeysPrefix'))}2026-11.1-AbCdEf`;
  return ['<AWS::Partition>', 'aws'].map((partition) =>
    partition === 'aws'
      ? `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`
      : `arn:${partition}:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${name}`,
  );
};

/** The statements of the bucket's own policy that deny an action on every object, to everybody. */
const denialsOf = (template: Template, action: string, resource: string): readonly Json[] =>
  template
    .ofType('AWS::S3::BucketPolicy')
    .filter((policy) => at(policy.Properties, 'Bucket.Ref') === sealedBucket(template).id)
    .flatMap((policy) => list(at(policy.Properties, 'PolicyDocument.Statement')))
    .filter((raw) => {
      const denied = { ...(raw as Record<string, Json>), Effect: at(raw, 'Effect') === 'Deny' ? 'Allow' : 'none' };
      const isEverybody = at(raw, 'Principal') === '*' || at(raw, 'Principal.AWS') === '*';
      return isEverybody && allowsRaw(denied, action, resource);
    });
const allowsRaw = (raw: Json, action: string, resource: string): boolean =>
  whoMay(asRole(raw), action, [resource]).length > 0;
const asRole = (raw: Json): Template =>
  new Template(
    JSON.stringify({
      Resources: { One: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [raw] } } } },
    }),
  );

/** Everything that must hold of who may do what; empty if it does. */
const faultsOf = (template: Template): readonly string[] => {
  const bucket = sealedBucket(template);
  const check = (actions: readonly string[], resources: readonly string[], allowed: readonly string[] = []): string[] =>
    actions.flatMap((action) =>
      whoMay(template, action, resources)
        .filter((name) => !allowed.includes(name))
        .map((name) => `${name} may ${action}`),
    );
  const undenied = loosening
    .filter((action) => /Delete(Object(Version)?)$|Bypass|Retention|LegalHold/.test(action))
    .filter((action) => {
      const denials = denialsOf(template, action, `<${bucket.id}.Arn>/sealed/ab`);
      return !denials.some((raw) => at(raw, 'Condition') === undefined);
    });
  const overwrites = denialsOf(template, 's3:PutObject', `<${bucket.id}.Arn>/sealed/ab`).some(
    (raw) => JSON.stringify(at(raw, 'Condition')) === JSON.stringify({ Null: { 's3:if-none-match': 'true' } }),
  );
  const openings = template
    .ofType('AWS::S3::BucketPolicy')
    .filter((policy) => at(policy.Properties, 'Bucket.Ref') === bucket.id)
    .flatMap((policy) => list(at(policy.Properties, 'PolicyDocument.Statement')))
    .filter((raw) => at(raw, 'Effect') !== 'Deny');
  return [
    ...check(loosening, objectsOf(bucket)),
    ...check(ofTheBucket, bucketsOf(bucket)),
    ...check(escaping, ['anything']),
    ...check(['s3:PutObject'], objectsOf(bucket), ['seal']),
    ...check(ofTheKey, keyOf(template)),
    ...check(['kms:Sign'], keyOf(template), ['seal']),
    ...check(ofKeys, challengeKeysOf(template), ['draw-challenges']),
    ...undenied.map((action) => `the bucket does not deny ${action}`),
    ...(overwrites ? [] : ['the bucket lets be overwritten']),
    ...openings.map((raw) => `the bucket opens itself: ${JSON.stringify(raw)}`),
  ];
};

describe.each(partitions)('what is sealed in %s', (partition) => {
  describe.each([
    ['by default', byDefault[partition], { Mode: 'GOVERNANCE', Days: 1 }],
    ['with compliance', strict[partition], { Mode: 'COMPLIANCE', Days: 400 }],
  ])('%s', (_, template, retention) => {
    test('can be overwritten, deleted or unlocked by no role, nor under the policy of its bucket', () => {
      expect(faultsOf(template)).toEqual([]);
    });

    test('is locked when it is put, in a bucket that keeps every version and empties itself never', () => {
      const bucket = sealedBucket(template);
      expect(bucket.Properties).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } },
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      });
      expect(at(bucket.Properties, 'LifecycleConfiguration')).toBeUndefined();
      expect(at(bucket.Properties, 'ReplicationConfiguration')).toBeUndefined();
      expect(bucket.DeletionPolicy).toBe('Retain');
    });

    test('gets another lock by a deployment only, which is no role of the stack', () => {
      const bucket = `<${sealedBucket(template).id}.Arn>`;
      for (const action of [
        's3:PutBucketObjectLockConfiguration',
        's3:PutBucketVersioning',
        's3:PutLifecycleConfiguration',
      ]) {
        const [denial, ...others] = denialsOf(template, action, bucket).filter(
          (raw) => at(raw, 'Condition.Bool') === undefined, // without TLS nothing is let in at all
        );
        expect(others).toEqual([]);
        expect(flat(at(denial, 'Condition.ArnNotLike.aws:PrincipalArn'))).toBe(
          'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cdk-*-cfn-exec-role-*',
        );
        expect(Object.keys(at(denial, 'Condition') as object)).toEqual(['ArnNotLike']);
      }
      for (const role of template.ofType('AWS::IAM::Role')) expect(at(role.Properties, 'RoleName')).toBeUndefined();
    });

    test('is signed with a key that stays in KMS, and outlives its stack', () => {
      const key = template.byId(at(outputOf(template, 'LogKey'), 'Fn::GetAtt.0'));
      expect(key.Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      expect(key.DeletionPolicy).toBe('Retain');
      const [owner, ...others] = list(at(key.Properties, 'KeyPolicy.Statement'));
      expect(others).toEqual([]);
      expect(flat(at(owner, 'Principal.AWS'))).toBe('arn:<AWS::Partition>:iam::<AWS::AccountId>:root');
    });
  });
});

const withoutDenial = (template: Template, sid: string): Template => {
  const json = JSON.parse(template.text) as { Resources: Record<string, { Type: string; Properties: Json }> };
  for (const { Type, Properties } of Object.values(json.Resources)) {
    if (Type !== 'AWS::S3::BucketPolicy') continue;
    const document = at(Properties, 'PolicyDocument') as { Statement: Json[] };
    document.Statement = document.Statement.filter((raw) => at(raw, 'Sid') !== sid);
  }
  return new Template(JSON.stringify(json));
};

describe('a planted fault is found', () => {
  const template = byDefault.aws;
  const { id } = sealedBucket(template);
  const arn = { 'Fn::GetAtt': [id, 'Arn'] };
  const objects = { 'Fn::Join': ['', [arn, '/*']] };
  const keys = {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':secretsmanager:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':secret:cradlewatch-demo-dev/*',
      ],
    ],
  };

  test.each<[string, Json, string]>([
    ['an overwrite', { Action: 's3:PutObject', Resource: objects }, 'may s3:PutObject'],
    ['a star of actions', { Action: 's3:*', Resource: objects }, 'may s3:DeleteObjectVersion'],
    ['a part of a name', { Action: 's3:Delete*', Resource: objects }, 'may s3:DeleteObject'],
    ['every bucket', { Action: 's3:BypassGovernanceRetention', Resource: 'arn:aws:s3:::*' }, 'may s3:BypassGovernance'],
    ['a star', { Action: 's3:PutObjectRetention', Resource: '*' }, 'may s3:PutObjectRetention'],
    ['all but something', { NotAction: 'iam:*', Resource: '*' }, 'may s3:DeleteObject'],
    ['all but somewhere', { Action: 's3:DeleteObject', NotResource: 'arn:aws:s3:::other/*' }, 'may s3:DeleteObject'],
    ['a condition', { Action: 's3:DeleteObject', Resource: objects, Condition: { Bool: { a: 'true' } } }, 'may s3:Del'],
    ['its policy', { Action: 's3:PutBucketPolicy', Resource: arn }, 'may s3:PutBucketPolicy'],
    ['its lock', { Action: ['s3:PutBucketObjectLockConfiguration'], Resource: [arn] }, 'may s3:PutBucketObjectLock'],
    ['an escape', { Action: 'sts:AssumeRole', Resource: '*' }, 'may sts:AssumeRole'],
    ['a signature', { Action: 'kms:Sign', Resource: outputOf(template, 'LogKey') ?? '' }, 'may kms:Sign'],
    ['every key', { Action: 'kms:*', Resource: 'arn:aws:kms:*:*:key/*' }, 'may kms:ScheduleKeyDeletion'],
    ['a key of challenges', { Action: 'secretsmanager:GetSecretValue', Resource: keys }, 'may secretsmanager:Get'],
    ['every secret', { Action: '*', Resource: '*' }, 'may secretsmanager:DeleteSecret'],
  ])('%s', (_, statement, fault) => {
    const faults = faultsOf(withPlanted(template, { Effect: 'Allow', ...(statement as object) }));
    expect(faults).toContainEqual(expect.stringContaining(`role Planted ${fault}`));
  });

  test.each([
    ['NobodyDeletesOrUnlocks', 'the bucket does not deny s3:DeleteObjectVersion'],
    ['OnlyWhatIsNotThereIsPut', 'the bucket lets be overwritten'],
  ])('the policy without %s', (sid, fault) => {
    expect(faultsOf(withoutDenial(template, sid))).toContain(fault);
  });

  test('a harmless right is none', () => {
    const statement = { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: [objects, arn] };
    expect(faultsOf(withPlanted(template, statement))).toEqual([]);
  });
});
