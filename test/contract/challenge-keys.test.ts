import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeChallengeKeys } from '../../shared/adapters/secrets-manager/challenge-keys.ts';
import { UnavailableError } from '../../shared/domain/errors.ts';
import type { ChallengeKeys } from '../../shared/ports/challenge-store.ts';
import { memoryChallengeKeys } from '../support/memory-stores.ts';

const PREFIX = 'city/challenge-keys/';
const manager = mockClient(SecretsManagerClient);
const metadata = { $metadata: {}, message: 'no' };

/** Secrets Manager as far as the adapter uses it: a name is given once, and what is force-deleted is gone at once. */
let secrets: Map<string, string>;
let made = 0;
const fresh = (): Uint8Array => {
  made += 1;
  return new Uint8Array(32).fill(made);
};
const make = (): ChallengeKeys => makeChallengeKeys(new SecretsManagerClient({ region: 'us-east-1' }), PREFIX, fresh);

beforeEach(() => {
  secrets = new Map();
  made = 0;
  manager.reset();
  manager.on(CreateSecretCommand).callsFake(({ Name, SecretString }) => {
    if (secrets.has(Name)) throw new ResourceExistsException(metadata);
    secrets.set(Name, SecretString);
    return {};
  });
  manager.on(GetSecretValueCommand).callsFake(({ SecretId }) => {
    if (!secrets.has(SecretId)) throw new ResourceNotFoundException(metadata);
    return { SecretString: secrets.get(SecretId) };
  });
  manager.on(DeleteSecretCommand).callsFake(({ SecretId, ForceDeleteWithoutRecovery }) => {
    if (!ForceDeleteWithoutRecovery) throw new Error('it would lie there for weeks');
    if (!secrets.delete(SecretId)) throw new ResourceNotFoundException(metadata);
    return {};
  });
});

const suite = (makeKeys: () => ChallengeKeys): void => {
  it('makes a key once and reads it back', async () => {
    const keys = makeKeys();
    expect(await keys.read('2026-11.1')).toBeUndefined();
    const key = await keys.make('2026-11.1');
    expect(key).toHaveLength(32);
    expect(await keys.make('2026-11.1')).toEqual(key);
    expect(await keys.read('2026-11.1')).toEqual(key);
    expect(await keys.read('2026-12.1')).toBeUndefined();
  });

  it('gives the same key to two that make it at once', async () => {
    const keys = makeKeys();
    const [one, other] = await Promise.all([keys.make('2026-11.1'), keys.make('2026-11.1')]);
    expect(one).toEqual(other);
  });

  it('destroys a key for good, and one that is gone again', async () => {
    const keys = makeKeys();
    await keys.make('2026-11.1');
    await keys.destroy('2026-11.1');
    await keys.destroy('2026-11.1');
    expect(await keys.read('2026-11.1')).toBeUndefined();
  });
};

describe('keys of challenges in memory', () => suite(() => memoryChallengeKeys()));

describe('keys of challenges in Secrets Manager', () => {
  suite(make);

  it('lie each in a secret of their own, under the prefix', async () => {
    await make().make('2026-11.1');
    expect([...secrets]).toEqual([[`${PREFIX}2026-11.1`, Buffer.alloc(32, 1).toString('base64url')]]);
  });

  it('that hold something else are trouble, never a key', async () => {
    secrets.set(`${PREFIX}2026-11.1`, 'c2hvcnQ');
    await expect(make().read('2026-11.1')).rejects.toThrow(UnavailableError);
  });

  it.each(['AccessDeniedException', 'ThrottlingException', 'InternalServiceError'])(
    'are trouble on %s, which is not a key that was destroyed',
    async (name) => {
      const trouble = Object.assign(new Error('no'), { name });
      for (const command of [GetSecretValueCommand, CreateSecretCommand, DeleteSecretCommand]) {
        manager.on(command as typeof GetSecretValueCommand).rejects(trouble);
      }
      for (const ask of [make().read, make().make, make().destroy]) {
        await expect(ask('2026-11.1')).rejects.toThrow(UnavailableError);
      }
    },
  );
});
