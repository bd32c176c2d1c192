import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalStackOptions } from '../../infra/local/stack.ts';
import { type Resources, sdk, startSmallStack, stopSmallStacks, temporaryFolder } from './small-stack.ts';

afterEach(stopSmallStacks);

/** Answers the value of the secret that the body names, or the name of the error. */
const code = `
  const { GetSecretValueCommand, SecretsManagerClient } = require(${sdk('client-secrets-manager')});
  const client = new SecretsManagerClient({ maxAttempts: 1 });
  exports.handler = async ({ body }) => {
    const SecretId = body === 'links' ? process.env.LINKS : body;
    try { return { statusCode: 200, body: (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString }; }
    catch (error) { return { statusCode: 400, body: error.name }; }
  };`;
const generated = (more: object = {}): Resources => ({
  Links: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true }, ...more },
  },
});
const channels = {
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:city/channels/*`,
};
const may = (...Resource: object[]) => [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource }];
const start = (options: Partial<LocalStackOptions> = {}) =>
  startSmallStack(
    {
      functions: {
        both: { code, environment: { LINKS: { Ref: 'Links' } }, statements: may({ Ref: 'Links' }, channels) },
        none: { code, environment: { LINKS: { Ref: 'Links' } } },
      },
      resources: generated(),
    },
    options,
  );
const ask = async ({ url }: { readonly url: string }, function_: string, secret: string) => {
  const answer = await fetch(`${url}/v1/${function_}`, { method: 'POST', body: secret });
  return [answer.status, await answer.text()];
};
const command = (data: string, args: readonly string[], input = '') =>
  spawnSync(process.execPath, ['infra/local/secret.ts', '--data', data, ...args], { encoding: 'utf8', input });

describe('a generated secret', () => {
  it('is read by its ARN, has the letters that the template asks for, and stays over a restart', async () => {
    const dataDir = temporaryFolder();
    const first = await start({ dataDir });
    const [status, value] = await ask(first, 'both', 'links');
    expect([status, value]).toEqual([200, expect.stringMatching(/^[A-Za-z0-9]{64}$/)]);
    await first.stop();
    expect(await ask(await start({ dataDir }), 'both', 'links')).toEqual([200, value]);
    expect(statSync(path.join(dataDir, 'generated-secrets.json')).mode & 0o077).toBe(0);
    expect(await ask(await start({ dataDir: temporaryFolder() }), 'both', 'links')).not.toEqual([200, value]);
  });

  it('is not read by whose role does not allow it, and the feed says so', async () => {
    const stack = await start();
    expect(await ask(stack, 'none', 'links')).toEqual([400, 'AccessDeniedException']);
    expect(stack.seen).toContainEqual({
      kind: 'denied',
      caller: 'none',
      action: 'secretsmanager:GetSecretValue',
      resource: expect.stringContaining(':secret:Links-'),
    });
  });

  it('with its value in the template is refused, and so is what is not understood of it', async () => {
    const refusal = (properties: object) =>
      startSmallStack({ resources: { Links: { Type: 'AWS::SecretsManager::Secret', Properties: { ...properties } } } })
        .then(() => 'started')
        .catch(String);
    expect(await refusal({ SecretString: 'open' })).toContain('property SecretString');
    expect(await refusal({ GenerateSecretString: { SecretStringTemplate: '{}' } })).toContain('SecretStringTemplate');
    expect(await refusal({})).toContain('Links: is not generated');
  });
});

describe('the secret of a channel', () => {
  it('is put by a command, found by the running stack at once, and taken away again', async () => {
    const dataDir = temporaryFolder();
    const stack = await start({ dataDir });
    expect(await ask(stack, 'both', 'city/channels/wecom-police')).toEqual([400, 'ResourceNotFoundException']);
    expect(command(dataDir, ['set', 'wecom-police', 'https://bot']).status).toBe(0);
    expect(command(dataDir, ['set', 'from-file'], 'https://other\n').status).toBe(0);
    expect(await ask(stack, 'both', 'city/channels/wecom-police')).toEqual([200, 'https://bot']);
    expect(await ask(stack, 'both', 'city/channels/from-file')).toEqual([200, 'https://other']);
    expect(await ask(stack, 'none', 'city/channels/wecom-police')).toEqual([400, 'AccessDeniedException']);
    expect(command(dataDir, ['list']).stdout).toBe('from-file\nwecom-police\n');
    command(dataDir, ['remove', 'wecom-police']);
    expect(await ask(stack, 'both', 'city/channels/wecom-police')).toEqual([400, 'ResourceNotFoundException']);
    expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o077).toBe(0);
  });

  it('lies under the prefix only: another name is denied, not found by chance', async () => {
    const stack = await start({ channelSecrets: { bot: 'https://bot' } });
    expect(await ask(stack, 'both', 'city/channels/bot')).toEqual([200, 'https://bot']);
    expect(await ask(stack, 'both', 'bot')).toEqual([400, 'AccessDeniedException']);
    expect(await ask(stack, 'both', 'other/channels/bot')).toEqual([400, 'AccessDeniedException']);
  });

  it.each([
    [['set', '../up', 'x'], 1],
    [['set', 'name', ''], 1],
    [['show', 'name'], 1],
    [[], 2],
  ])('is not put by %j', (args, status) => {
    const data = temporaryFolder();
    expect(command(data, args).status).toBe(status);
    expect(() => readFileSync(path.join(data, 'secrets.json'))).toThrow();
  });
});

it('the proxy refuses what the vault does not do', async () => {
  const stack = await start({ channelSecrets: { bot: 'https://bot' } });
  const client = new SecretsManagerClient({
    endpoint: stack.running.engines ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const asked = client.send(new GetSecretValueCommand({ SecretId: 'city/channels/bot', VersionStage: 'AWSPREVIOUS' }));
  await expect(asked).rejects.toThrow('no VersionStage');
  client.destroy();
});
