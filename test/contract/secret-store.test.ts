import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { HELD_MS, makeSecretStore } from '../../shared/adapters/secrets-manager/secret-store.ts';
import { NotFoundError, UnavailableError } from '../../shared/domain/errors.ts';
import type { SecretStore } from '../../shared/ports/channel.ts';
import { memorySecretStore } from '../support/memory-stores.ts';

const PREFIX = 'city/channels/';
const manager = mockClient(SecretsManagerClient);
const metadata = { $metadata: {}, message: 'no' };

let nowMs = 0;
const make = (): SecretStore => makeSecretStore(new SecretsManagerClient({ region: 'us-east-1' }), PREFIX, () => nowMs);
const holds = (name: string, text: string): void => {
  manager.on(GetSecretValueCommand, { SecretId: `${PREFIX}${name}` }).resolves({ SecretString: text });
};
const calls = (): number => manager.commandCalls(GetSecretValueCommand).length;

beforeEach(() => {
  manager.reset();
  manager.on(GetSecretValueCommand).rejects(new ResourceNotFoundException(metadata));
  nowMs = 1_000;
});

const suite = (makeWith: (secrets: Readonly<Record<string, string>>) => SecretStore): void => {
  it('gives the text of a secret by its name, again after it was forgotten', async () => {
    const store = makeWith({ 'police-bot': '{"url":"https://x.example/钥"}' });
    expect(await store.read('police-bot')).toBe('{"url":"https://x.example/钥"}');
    store.forget('police-bot');
    expect(await store.read('police-bot')).toBe('{"url":"https://x.example/钥"}');
  });

  it('says so where there is none', async () => {
    await expect(makeWith({ other: 'x' }).read('police-bot')).rejects.toThrow(NotFoundError);
  });
};

describe('secrets in memory', () => suite(memorySecretStore));

describe('secrets of Secrets Manager', () => {
  suite((secrets) => {
    for (const [name, text] of Object.entries(secrets)) holds(name, text);
    return make();
  });

  it('are asked for once in five minutes, and then again', async () => {
    const store = make();
    holds('a', 'old');
    await store.read('a');
    holds('a', 'new');
    nowMs += HELD_MS - 1;
    expect(await store.read('a')).toBe('old');
    expect(calls()).toBe(1);
    nowMs += 1;
    expect(await store.read('a')).toBe('new');
  });

  it('are asked for at once after the caller says that the key was refused', async () => {
    const store = make();
    holds('a', 'old');
    await store.read('a');
    holds('a', 'new');
    store.forget('a');
    expect(await store.read('a')).toBe('new');
  });

  it('are asked for again after a failure', async () => {
    const store = make();
    await expect(store.read('a')).rejects.toThrow(NotFoundError);
    holds('a', 'there now');
    expect(await store.read('a')).toBe('there now');
  });

  it('that are being deleted, or are binary, are not there', async () => {
    manager.on(GetSecretValueCommand).rejects(new InvalidRequestException(metadata));
    await expect(make().read('a')).rejects.toThrow(NotFoundError);
    manager.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(make().read('a')).rejects.toThrow(NotFoundError);
  });

  it.each(['ThrottlingException', 'AccessDeniedException', 'TimeoutError', 'InternalServiceError'])(
    'cannot be read for now on %s, which stops nobody else',
    async (name) => {
      manager.on(GetSecretValueCommand).rejects(Object.assign(new Error('no'), { name }));
      await expect(make().read('a')).rejects.toThrow(UnavailableError);
    },
  );
});
