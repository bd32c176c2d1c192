import { createHash, generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keptLogKeys, loadLogKeys, parseRetiredKeys } from '../../shared/adapters/kms/log-keys.ts';
import { makeSealedObjects } from '../../shared/adapters/s3/sealed-objects.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import { formatNoteKey, localSigner, type NoteKey } from '../../shared/evidence/note-key.ts';
import type { LogKeys, SealedObjects } from '../../shared/ports/sealed-store.ts';
import { type SmallStack, startSmallStack, stopSmallStacks } from '../local/small-stack.ts';
import { memoryLogKeys, memorySealedObjects } from '../support/memory-stores.ts';

const NAME = 'cradlewatch-contract-dev';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const addressOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const retired: NoteKey = localSigner('cradlewatch-before', newKey()).key;

let stack: SmallStack;
const settings = () => ({
  endpoint: stack.running.engines ?? '',
  region: 'us-east-1',
  credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
  maxAttempts: 1,
});
beforeAll(async () => {
  const rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } };
  stack = await startSmallStack({
    resources: {
      Signs: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } },
      Sealed: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'sealed',
          ObjectLockEnabled: true,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: rule },
        },
      },
    },
  });
});
afterAll(stopSmallStacks);

/** Puts an object past the adapter: what a thief with the rights of the emulator itself could do. */
type Forge = (address: string, bytes: Uint8Array) => Promise<unknown>;

const sealedSuite = (make: () => { readonly objects: SealedObjects; readonly forge: Forge }): void => {
  it('gives back what was put, by the hash of its bytes', async () => {
    const { objects } = make();
    for (const bytes of [utf8('a statement'), utf8(''), utf8('阳光'.repeat(200_000))]) {
      const address = await objects.put(bytes);
      expect(address).toBe(addressOf(bytes));
      expect(Buffer.from((await objects.read(address)) ?? utf8('absent')).equals(bytes)).toBe(true);
    }
  });

  it('is content when the same bytes are there already, also when two put them at once', async () => {
    const { objects } = make();
    const put = await Promise.all([1, 2, 3].map(() => objects.put(utf8('again'))));
    expect(new Set(put)).toEqual(new Set([addressOf(utf8('again'))]));
    expect(await objects.put(utf8('again'))).toBe(put[0]);
  });

  it('knows nothing of what was never put', async () => {
    expect(await make().objects.read(addressOf(utf8('never')))).toBeUndefined();
  });

  it('does not believe bytes under a name that is not theirs, and does not take them for what it would put itself', async () => {
    const { objects, forge } = make();
    const address = addressOf(utf8('true'));
    await forge(address, utf8('false'));
    await expect(objects.read(address)).rejects.toMatchObject({ code: 'changed-byte' });
    await expect(objects.put(utf8('true'))).rejects.toMatchObject({ code: 'changed-byte' });
  });

  it('takes no other name than a hash', async () => {
    for (const name of ['', '../exports/a', 'A'.repeat(64), `${'a'.repeat(64)}\n`]) {
      await expect(make().objects.read(name)).rejects.toMatchObject({ code: 'malformed' });
    }
  });
};

describe('sealed objects in memory', () =>
  sealedSuite(() => {
    const objects = memorySealedObjects();
    return { objects, forge: async (address, bytes) => objects.kept.set(address, bytes) };
  }));

describe('sealed objects in a bucket with Object Lock', () => {
  sealedSuite(() => {
    const client = new S3Client({ ...settings(), forcePathStyle: true });
    return {
      objects: makeSealedObjects(client, 'sealed'),
      forge: (address, bytes) =>
        client.send(new PutObjectCommand({ Bucket: 'sealed', Key: `sealed/${address}`, Body: bytes })),
    };
  });
});

describe('sealed objects when S3 has trouble', () => {
  const client = new S3Client({ region: 'us-east-1' });
  const s3 = mockClient(client);
  beforeEach(() => s3.reset());
  const objects = makeSealedObjects(client, 'bucket');
  const named = (name: string, httpStatusCode: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

  it('says that nothing is there, and states the hash, with every put', async () => {
    s3.on(PutObjectCommand).resolves({});
    const address = await objects.put(utf8('x'));
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Bucket: 'bucket',
      Key: `sealed/${address}`,
      IfNoneMatch: '*',
      ChecksumSHA256: Buffer.from(address, 'hex').toString('base64'),
    });
  });

  it.each([
    ['SlowDown', 503],
    ['TimeoutError', 0],
    ['ConditionalRequestConflict', 409],
  ])('%s is trouble that passes, on a put', async (name, status) => {
    s3.on(PutObjectCommand).rejects(named(name, status));
    await expect(objects.put(utf8('x'))).rejects.toThrow(UnavailableError);
  });

  it('what is there and cannot be read yet is trouble that passes, and not taken for sealed', async () => {
    s3.on(PutObjectCommand).rejects(named('PreconditionFailed', 412));
    s3.on(GetObjectCommand).rejects(named('NoSuchKey', 404));
    await expect(objects.put(utf8('x'))).rejects.toThrow(UnavailableError);
  });

  it('a missing right is no missing object: it is ours, and crashes', async () => {
    s3.on(GetObjectCommand).rejects(named('AccessDenied', 403));
    await expect(objects.read('a'.repeat(64))).rejects.toThrow('AccessDenied');
    s3.on(PutObjectCommand).rejects(named('AccessDenied', 403));
    await expect(objects.put(utf8('x'))).rejects.toThrow('AccessDenied');
    s3.on(GetObjectCommand).rejects(named('SlowDown', 503));
    await expect(objects.read('a'.repeat(64))).rejects.toThrow(UnavailableError);
  });
});

const keysSuite = (load: () => Promise<LogKeys>): void => {
  it('signs so that its own key, and no other, verifies it', async () => {
    const { signer, keys } = await load();
    const [own, before] = keys;
    const note = utf8('cradlewatch/f/sunshine\n1\nroot\n');
    const signature = await signer.sign(note);
    expect(own).toMatchObject({ name: NAME, keyId: signer.keyId, algorithm: 'ecdsa-p256' });
    expect(own?.isSignedBy(note, signature)).toBe(true);
    expect(own?.isSignedBy(utf8('another'), signature)).toBe(false);
    expect(before?.isSignedBy(note, signature)).toBe(false);
  });

  it('tells the keys before, after its own', async () => {
    const { keys } = await load();
    expect(keys.map(({ name }) => name)).toEqual([NAME, retired.name]);
  });

  it('has a key that an auditor can pin as one line', async () => {
    const [own] = (await load()).keys;
    const [line] = own ? [formatNoteKey(own)] : [''];
    expect(parseRetiredKeys(line)).toMatchObject([{ name: NAME, keyId: own?.keyId }]);
  });
};

describe('keys of the logs in memory', () => keysSuite(async () => memoryLogKeys(NAME, { retired: [retired] })));

describe('keys of the logs in KMS', () => {
  const named = { name: NAME, key: 'Signs', retired: formatNoteKey(retired) };
  keysSuite(() => loadLogKeys(new KMSClient(settings()), named));

  it('are the own one alone where none was before, and never the same one twice', async () => {
    const client = new KMSClient(settings());
    const { keys } = await loadLogKeys(client, { ...named, retired: 'none' });
    const [own] = keys;
    expect(keys).toHaveLength(1);
    const again = await loadLogKeys(client, { ...named, retired: own ? formatNoteKey(own) : '' });
    expect(again.keys).toHaveLength(1);
  });

  it('stop the start if a key before is misspelt', () => {
    expect(() => parseRetiredKeys(`${formatNoteKey(retired)}x`)).toThrow(/written name/);
    expect(() => parseRetiredKeys('other')).toThrow(/written name/);
  });
});

describe('keys of the logs when KMS has trouble', () => {
  const client = new KMSClient({ region: 'us-east-1' });
  const kms = mockClient(client);
  beforeEach(() => kms.reset());
  const publicKey = localSigner(NAME, newKey()).key.publicKey;
  const trouble = (name: string, httpStatusCode = 400) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

  it('are asked for once; a failure is not kept', async () => {
    kms.on(GetPublicKeyCommand).rejectsOnce(trouble('ThrottlingException')).resolves({ PublicKey: publicKey });
    const keys = keptLogKeys(client, { name: NAME, key: 'arn' });
    await expect(keys()).rejects.toThrow(UnavailableError);
    const [first, second] = await Promise.all([keys(), keys()]);
    expect(second).toBe(first);
    expect(kms.commandCalls(GetPublicKeyCommand)).toHaveLength(2);
  });

  it.each(['ThrottlingException', 'TimeoutError', 'KMSInternalException'])(
    '%s is trouble that passes',
    async (name) => {
      kms.on(GetPublicKeyCommand).resolves({ PublicKey: publicKey });
      kms.on(SignCommand).rejects(trouble(name, 500));
      const { signer } = await loadLogKeys(client, { name: NAME, key: 'arn' });
      await expect(signer.sign(utf8('x'))).rejects.toThrow(UnavailableError);
    },
  );

  it('sign digests only, whatever the length of the note; a missing right is ours', async () => {
    kms.on(GetPublicKeyCommand).resolves({ PublicKey: publicKey });
    kms.on(SignCommand).resolves({ Signature: utf8('signature') });
    const { signer } = await loadLogKeys(client, { name: NAME, key: 'arn' });
    await signer.sign(utf8('x'.repeat(10_000)));
    expect(kms.commandCalls(SignCommand)[0]?.args[0].input).toMatchObject({
      KeyId: 'arn',
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
      Message: createHash('sha256').update('x'.repeat(10_000)).digest(),
    });
    kms.on(SignCommand).rejects(trouble('AccessDeniedException'));
    await expect(signer.sign(utf8('x'))).rejects.toThrow('AccessDeniedException');
  });
});
