import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockedBuckets } from '../../infra/local/locked-buckets.ts';
import type { LocalStackOptions } from '../../infra/local/stack.ts';
import {
  type Resources,
  type SmallStack,
  sdk,
  startSmallStack,
  stopSmallStacks,
  temporaryFolder,
} from './small-stack.ts';

/** Does what the body says (`{ what, input }`) with its own rights, and answers the result or the name of the error. */
const code = `
  const kms = require(${sdk('client-kms')});
  const secrets = require(${sdk('client-secrets-manager')});
  const s3 = require(${sdk('client-s3')});
  const { getSignedUrl } = require(${sdk('s3-request-presigner')});
  const clients = [
    [kms, new kms.KMSClient({ maxAttempts: 1 })],
    [secrets, new secrets.SecretsManagerClient({ maxAttempts: 1 })],
    [s3, new s3.S3Client({ maxAttempts: 1, forcePathStyle: true })],
  ];
  const bytes = (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
  exports.handler = async ({ body }) => {
    const { what, input, seconds } = JSON.parse(body);
    for (const key of ['Message']) if (input[key] !== undefined) input[key] = Buffer.from(input[key], 'base64');
    try {
      if (what === 'link') {
        const url = await getSignedUrl(clients[2][1], new s3.GetObjectCommand(input), { expiresIn: seconds });
        return { statusCode: 200, body: url };
      }
      const [library, client] = clients.find(([library]) => library[what + 'Command'] !== undefined);
      const { $metadata, Body, ...answer } = await client.send(new library[what + 'Command'](input));
      if (Body !== undefined) answer.Body = await Body.transformToString();
      return { statusCode: 200, body: JSON.stringify(answer, (_, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : bytes(value)) };
    } catch (error) { return { statusCode: 400, body: error.name + ' ' + (error.$metadata?.httpStatusCode ?? error.message) }; }
  };`;

const allow = (Action: string | string[], ...Resource: unknown[]) => ({ Effect: 'Allow', Action, Resource });
const challengeKeys = {
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:city/challenge-keys/*`,
};
const resources: Resources = {
  Signs: {
    Type: 'AWS::KMS::Key',
    Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', KeyPolicy: {} },
  },
  Sealed: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'sealed',
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
      },
    },
  },
  Strict: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'strict' } },
  StrictPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Strict' },
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:PutObject',
            Resource: { 'Fn::Sub': `\${Strict.Arn}/*` },
            Condition: { Null: { 's3:if-none-match': 'true' } },
          },
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:DeleteObject*',
            Resource: { 'Fn::Sub': `\${Strict.Arn}/*` },
          },
        ],
      },
    },
  },
};
const everyObject = (...buckets: string[]) => buckets.map((name) => ({ 'Fn::Sub': `\${${name}.Arn}/*` }));
const start = (options: Partial<LocalStackOptions> = {}): Promise<SmallStack> =>
  startSmallStack(
    {
      functions: {
        sealer: {
          code,
          statements: [
            allow(['kms:Sign', 'kms:GetPublicKey'], { 'Fn::GetAtt': ['Signs', 'Arn'] }),
            allow('s3:*', ...everyObject('Sealed', 'Strict')),
            allow(
              ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:DeleteSecret'],
              challengeKeys,
            ),
          ],
        },
        reader: {
          code,
          statements: [
            allow('kms:GetPublicKey', { 'Fn::GetAtt': ['Signs', 'Arn'] }),
            allow('s3:GetObject', ...everyObject('Sealed')),
          ],
        },
      },
      resources,
    },
    options,
  );
const ask = async ({ url }: { readonly url: string }, by: string, what: string, input: object, seconds = 900) => {
  const body = JSON.stringify({ what, input, seconds });
  const answer = await fetch(`${url}/v1/${by}`, { method: 'POST', body });
  const text = await answer.text();
  return answer.status === 200 && text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : text;
};
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const operator = (stack: SmallStack) => ({
  endpoint: stack.running.engines ?? '',
  region: 'us-east-1',
  credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
  maxAttempts: 1,
});

const noon = Date.parse('2026-11-22T04:00:00Z');
const dataDir = temporaryFolder();
let stack: SmallStack;
beforeAll(async () => {
  stack = await start({ dataDir, clock: { atMs: noon } });
});
afterAll(stopSmallStacks);

describe('a key that signs', () => {
  const text = Buffer.from('a checkpoint');
  const digest = createHash('sha256').update(text).digest();
  const signing = (MessageType: string, Message: string, SigningAlgorithm = 'ECDSA_SHA_256') => ({
    KeyId: 'Signs',
    MessageType,
    Message,
    SigningAlgorithm,
  });

  it.each([
    ['DIGEST', digest],
    ['RAW', text],
  ])('signs a %s so that its public half verifies it, and no other text', async (type, message) => {
    const signed = await ask(stack, 'sealer', 'Sign', signing(type, base64(message)));
    const known = await ask(stack, 'reader', 'GetPublicKey', { KeyId: 'Signs' });
    if (typeof signed === 'string' || typeof known === 'string') throw new Error(`${signed} ${known}`);
    expect(known).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    expect(known.KeyId).toMatch(/^arn:.*:key\/Signs$/);
    const key = createPublicKey({ key: Buffer.from(String(known.PublicKey), 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(String(signed.Signature), 'base64');
    expect(verify('sha256', text, key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('another'), key, signature)).toBe(false);
  });

  it('signs a hundred digests in the one right form of DER', async () => {
    const client = new KMSClient(operator(stack));
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: 'Signs' }));
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    for (let index = 0; index < 100; index += 1) {
      const message = Buffer.from(`note ${index}`);
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: 'Signs',
          Message: createHash('sha256').update(message).digest(),
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      expect(verify('sha256', message, key, Signature ?? new Uint8Array())).toBe(true);
    }
    client.destroy();
  });

  it('is used by nobody whose role does not name it', async () => {
    expect(await ask(stack, 'reader', 'Sign', signing('DIGEST', base64(digest)))).toBe('AccessDeniedException 400');
    const elsewhere = { KeyId: 'Other' };
    expect(await ask(stack, 'sealer', 'GetPublicKey', elsewhere)).toBe('AccessDeniedException 400');
  });

  it.each([
    ['a digest of another length', signing('DIGEST', base64('short')), 'ValidationException 400'],
    ['a text above what KMS takes', signing('RAW', base64('x'.repeat(4097))), 'ValidationException 400'],
    ['another algorithm', signing('DIGEST', base64(digest), 'ECDSA_SHA_384'), 'InvalidKeyUsageException 400'],
    ['a grant token', { ...signing('RAW', base64('x')), GrantTokens: ['x'] }, 'NotImplementedException 501'],
  ])('refuses %s', async (_, input, refusal) => {
    expect(await ask(stack, 'sealer', 'Sign', input)).toBe(refusal);
  });

  it('is refused at the start if this machine could only pretend to have it', async () => {
    const refused = (Properties: Record<string, unknown>) =>
      startSmallStack({ resources: { Odd: { Type: 'AWS::KMS::Key', Properties } } })
        .then(() => 'started')
        .catch(String);
    expect(await refused({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })).toContain('Odd: a key for SIGN_VERIFY');
    expect(await refused({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })).toContain('Odd: a key for KEY');
    expect(await refused({ Origin: 'EXTERNAL' })).toContain('property Origin');
  });
});

describe('a bucket with Object Lock', () => {
  const put = (Body: string, more: object = {}, Bucket = 'sealed', Key = 'sealed/one') => ({
    Bucket,
    Key,
    Body,
    ...more,
  });

  it('takes what is not there, and the same bytes again; other bytes and deletions it refuses to everybody', async () => {
    const client = new S3Client({ ...operator(stack), forcePathStyle: true });
    expect(await ask(stack, 'sealer', 'PutObject', put('one'))).toMatchObject({ ETag: expect.any(String) });
    expect(await ask(stack, 'sealer', 'PutObject', put('one'))).toMatchObject({ ETag: expect.any(String) });
    expect(await ask(stack, 'sealer', 'PutObject', put('two'))).toBe('AccessDenied 403');
    expect(await ask(stack, 'sealer', 'PutObject', put('one', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await ask(stack, 'sealer', 'DeleteObject', { Bucket: 'sealed', Key: 'sealed/one' })).toBe(
      'AccessDenied 403',
    );
    await expect(client.send(new PutObjectCommand(put('two')))).rejects.toThrow('object lock');
    await expect(client.send(new DeleteObjectCommand({ Bucket: 'sealed', Key: 'sealed/one' }))).rejects.toThrow(
      'object lock',
    );
    expect(await ask(stack, 'reader', 'GetObject', { Bucket: 'sealed', Key: 'sealed/one' })).toMatchObject({
      Body: 'one',
    });
    client.destroy();
  });

  it('lets one of two that put the same object at once be the first', async () => {
    const race = ['left', 'right'].map((body) =>
      ask(stack, 'sealer', 'PutObject', put(body, { IfNoneMatch: '*' }, 'sealed', 'sealed/race')),
    );
    const answers = await Promise.all(race);
    expect(answers.filter((answer) => answer === 'PreconditionFailed 412')).toHaveLength(1);
    expect(answers.filter((answer) => typeof answer === 'object')).toHaveLength(1);
  });

  it.each([
    [
      'a retention of its own',
      'PutObject',
      put('x', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: noon }),
    ],
    ['a bypass', 'DeleteObject', { Bucket: 'sealed', Key: 'sealed/one', BypassGovernanceRetention: true }],
    ['a shorter lock', 'PutObjectRetention', { Bucket: 'sealed', Key: 'sealed/one', Retention: {} }],
    ['an upload in parts', 'CreateMultipartUpload', { Bucket: 'sealed', Key: 'sealed/two' }],
    ['a version', 'DeleteObject', { Bucket: 'sealed', Key: 'sealed/one', VersionId: '1' }],
  ])('does not pretend to know %s', async (_, what, input) => {
    expect(await ask(stack, 'sealer', what, input)).toMatch(/501$/);
  });

  it('lets nobody look while somebody else puts, and goes on after a put that failed', async () => {
    const kept = new Map<string, Uint8Array>();
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    const locks = lockedBuckets(new Set(), async (object) => {
      await pause();
      return kept.get(object);
    });
    const put = (text: string, fails = false) =>
      locks.inTurn('/sealed/a', async () => {
        const body = Buffer.from(text);
        const verdict = await locks.verdictOn({ bucket: 'sealed', path: '/sealed/a', body, onlyIfAbsent: true });
        await pause();
        if (fails) throw new Error('the engine died');
        if (verdict === 'goes-on') kept.set('/sealed/a', body);
        return verdict;
      });
    const [died, first, second] = await Promise.allSettled([put('x', true), put('y'), put('z')]);
    expect(died).toMatchObject({ status: 'rejected' });
    expect(first).toMatchObject({ value: 'goes-on' });
    expect(second).toMatchObject({ value: { code: 'PreconditionFailed' } });
    expect(String(kept.get('/sealed/a'))).toBe('y');
  });

  it('without a default retention would lock nothing: it stops the start', async () => {
    const Bare = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'bare', ObjectLockEnabled: true } };
    await expect(startSmallStack({ resources: { Bare } })).rejects.toThrow('Bare: has Object Lock without');
  });
});

describe('what the policy of a bucket denies to everybody', () => {
  it('is denied to a role that allows it', async () => {
    const strict = { Bucket: 'strict', Key: 'a' };
    expect(await ask(stack, 'sealer', 'PutObject', { ...strict, Body: 'x' })).toBe('AccessDenied 403');
    expect(await ask(stack, 'sealer', 'PutObject', { ...strict, Body: 'x', IfNoneMatch: '*' })).toMatchObject({
      ETag: expect.any(String),
    });
    expect(await ask(stack, 'sealer', 'DeleteObject', strict)).toBe('AccessDenied 403');
    expect(await ask(stack, 'sealer', 'GetObject', strict)).toMatchObject({ Body: 'x' });
  });
});

describe('a link to an object', () => {
  const object = { Bucket: 'sealed', Key: 'sealed/a b ü.csv' };
  const get = async (url: string) => {
    const answer = await fetch(url);
    return [answer.status, await answer.text(), answer.headers.get('content-disposition')] as const;
  };
  const link = async (by: string, input: object = object, seconds = 900): Promise<string> =>
    String(await ask(stack, by, 'link', input, seconds));
  beforeAll(async () => {
    await ask(stack, 'sealer', 'PutObject', { ...object, Body: 'an export', IfNoneMatch: '*' });
  });

  it('is read by whoever has it, under the name that it gives the file', async () => {
    expect(await get(await link('reader'))).toEqual([200, 'an export', null]);
    const ResponseContentDisposition = 'attachment; filename="a b.csv"';
    const named = await link('reader', { ...object, ResponseContentDisposition });
    expect(await get(named)).toEqual([200, 'an export', ResponseContentDisposition]);
  });

  it('is good to its last second by the clock of the stack, and no longer', async () => {
    stack.setClock({ atMs: noon, rate: 0 });
    const url = await link('reader', object, 60);
    stack.setClock({ atMs: noon + 59_000, rate: 0 });
    expect((await get(url))[0]).toBe(200);
    stack.setClock({ atMs: noon + 61_000, rate: 0 });
    const [status, text] = await get(url);
    expect([status, text]).toEqual([403, expect.stringContaining('Request has expired')]);
    stack.setClock({ atMs: noon });
  });

  it('is refused when one letter of it is changed', async () => {
    const url = await link('reader');
    const changed = [
      url.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'),
      url.replace('/sealed/sealed/', '/sealed/sealed/other/'),
      url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z'),
      url.replace('Credential=reader', 'Credential=sealer'),
      url.replace('Credential=reader', 'Credential=operator'),
      url.replace('Credential=reader', 'Credential=nobody'),
      `${url}&response-content-disposition=inline`,
    ];
    for (const each of changed) {
      expect(each).not.toBe(url);
      const [status, text] = await get(each);
      expect([status, text]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    }
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(501);
    expect((await get(url))[0]).toBe(200);
  });

  it('gives no more than its maker may read', async () => {
    const [status, text] = await get(await link('reader', { Bucket: 'strict', Key: 'a' }));
    expect([status, text]).toEqual([403, expect.stringContaining('reader is not authorized to perform: s3:GetObject')]);
  });
});

describe('the key of a month', () => {
  const Name = 'city/challenge-keys/2026-11.1';
  const destroy = { SecretId: Name, ForceDeleteWithoutRecovery: true };

  it('is made once, read, and destroyed for good', async () => {
    expect(await ask(stack, 'sealer', 'CreateSecret', { Name, SecretString: 'first' })).toMatchObject({ Name });
    expect(await ask(stack, 'sealer', 'CreateSecret', { Name, SecretString: 'second' })).toBe(
      'ResourceExistsException 400',
    );
    expect(await ask(stack, 'sealer', 'GetSecretValue', { SecretId: Name })).toMatchObject({ SecretString: 'first' });
    const file = path.join(dataDir, 'challenge-keys.json');
    expect(readFileSync(file, 'utf8')).toContain('first');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await ask(stack, 'sealer', 'DeleteSecret', destroy)).toMatchObject({ Name });
    expect(await ask(stack, 'sealer', 'GetSecretValue', { SecretId: Name })).toBe('ResourceNotFoundException 400');
    expect(readFileSync(file, 'utf8')).not.toContain('first');
    expect(await ask(stack, 'sealer', 'DeleteSecret', destroy)).toMatchObject({ Name });
  });

  it('is touched by nobody whose role does not name it', async () => {
    const denied = 'AccessDeniedException 400';
    expect(await ask(stack, 'reader', 'CreateSecret', { Name, SecretString: 'x' })).toBe(denied);
    expect(await ask(stack, 'reader', 'GetSecretValue', { SecretId: Name })).toBe(denied);
    expect(await ask(stack, 'reader', 'DeleteSecret', destroy)).toBe(denied);
    expect(await ask(stack, 'sealer', 'CreateSecret', { Name: 'other/challenge-keys/a', SecretString: 'x' })).toBe(
      denied,
    );
  });

  it.each([
    ['a recovery window', 'DeleteSecret', { SecretId: Name }],
    ['a secret elsewhere', 'CreateSecret', { Name: 'city/channels/bot', SecretString: 'x' }],
    ['a rotation', 'RotateSecret', { SecretId: Name }],
    ['tags', 'CreateSecret', { Name, SecretString: 'x', Tags: [] }],
  ])('with %s is refused, not faked', async (_, what, input) => {
    expect(await ask(stack, 'sealer', what, input)).toMatch(/501$/);
  });
});

it('keys, secrets and sealed objects are there after a restart, and links are not', async () => {
  const Name = 'city/challenge-keys/2026-12.1';
  const here = { Bucket: 'sealed', Key: 'sealed/kept' };
  const first = await start({ dataDir: path.join(dataDir, 'second') });
  const s3 = (of: SmallStack) => new S3Client({ ...operator(of), forcePathStyle: true });
  const publicKey = async (of: SmallStack) => {
    const { PublicKey } = await new KMSClient(operator(of)).send(new GetPublicKeyCommand({ KeyId: 'Signs' }));
    return base64(PublicKey ?? '');
  };
  await s3(first).send(new PutObjectCommand({ ...here, Body: 'kept' }));
  const secrets = (of: SmallStack) => new SecretsManagerClient(operator(of));
  await secrets(first).send(new CreateSecretCommand({ Name, SecretBinary: Buffer.from('raw') }));
  const key = await publicKey(first);
  const url = String(await ask(first, 'reader', 'link', here));
  expect((await fetch(url)).status).toBe(200);
  await first.stop();

  const second = await start({ dataDir: path.join(dataDir, 'second') });
  expect(await publicKey(second)).toBe(key);
  const found = await secrets(second).send(new GetSecretValueCommand({ SecretId: Name }));
  expect(Buffer.from(found.SecretBinary ?? []).toString()).toBe('raw');
  const { Body } = await s3(second).send(new GetObjectCommand(here));
  expect(await Body?.transformToString()).toBe('kept');
  await expect(s3(second).send(new PutObjectCommand({ ...here, Body: 'other' }))).rejects.toThrow('object lock');
  const moved = url.replace(/^http:\/\/[^/]+/, second.running.engines ?? '');
  expect((await fetch(moved)).status).toBe(403);
  await secrets(second).send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
  expect(statSync(path.join(dataDir, 'second', 'signing-keys.json')).mode & 0o077).toBe(0);
});
