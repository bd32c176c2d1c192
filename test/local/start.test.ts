import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removeTemporaryFolders, sdk, table, temporaryFolder, writeAssembly } from './small-stack.ts';

interface Command {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves when the text has been printed; rejects if the command ends before. */
  prints(text: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

const commands: Command[] = [];
afterEach(async () => {
  for (const { child } of commands) child.kill('SIGKILL');
  await Promise.all(commands.splice(0).map(({ ended }) => ended));
  removeTemporaryFolders();
});

const command = (script: string, args: readonly string[], env: Record<string, string> = {}): Command => {
  const child = spawn(process.execPath, [path.join('infra', 'local', script), ...args], {
    env: { ...process.env, PORT: '0', ...env },
  });
  let output = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const prints = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(text) && resolve();
      listeners.add(look);
      ended.then(() => reject(new Error(`ended without "${text}":\n${output}`)));
      look();
    });
  const started = { child, output: () => output, prints, ended };
  commands.push(started);
  return started;
};

/** Adds one on each call, and keeps grants as far as the token command looks at them. */
const countingCode = `
  const { DynamoDBClient, UpdateItemCommand } = require(${sdk('client-dynamodb')});
  const client = new DynamoDBClient({});
  exports.handler = async (event) => {
    const update = { TableName: 'counts', Key: { pk: { S: 'a' }, sk: { S: 'a' } }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } }, ReturnValues: 'ALL_NEW' };
    const { Attributes } = await client.send(new UpdateItemCommand(update));
    return { statusCode: 200, body: Attributes.n.N };
  };`;
const smallAssembly = (): string =>
  writeAssembly({
    functions: {
      count: {
        code: countingCode,
        statements: [{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: { 'Fn::GetAtt': ['Counts', 'Arn'] } }],
      },
    },
    resources: { Counts: { Type: 'AWS::DynamoDB::Table', Properties: table('counts') } },
  }).assemblyDir;

const start = (data: string, assembly: string, env: Record<string, string> = {}) =>
  command('start.ts', ['--no-fleet', '--data', data, '--assembly', assembly], env);
const runningIn = (data: string) =>
  JSON.parse(readFileSync(path.join(data, 'running.json'), 'utf8')) as { url: string; issuer: string; pid: number };
const count = async (data: string) => (await fetch(`${runningIn(data).url}/v1/count`, { method: 'POST' })).text();

describe('npm start', () => {
  it('says where it is, ends cleanly when told to, and finds its data again', async () => {
    const data = temporaryFolder();
    const assembly = smallAssembly();
    for (const [round, signal] of (['SIGINT', 'SIGTERM'] as const).entries()) {
      const stack = start(data, assembly);
      await stack.prints('Cradlewatch is running');
      await stack.prints('Stop     Ctrl-C');
      expect(stack.output()).toContain(runningIn(data).url);
      expect(await count(data)).toBe(String(round + 1));
      stack.child.kill(signal);
      expect(await stack.ended).toBe(0);
      expect(existsSync(path.join(data, 'running.json'))).toBe(false);
    }
  });

  it('starts again after it was killed, with everything it had answered', async () => {
    const data = temporaryFolder();
    const assembly = smallAssembly();
    const first = start(data, assembly);
    await first.prints('Ctrl-C');
    for (let n = 1; n <= 20; n += 1) expect(await count(data)).toBe(String(n));
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(path.join(data, 'running.json'))).toBe(true);
    const second = start(data, assembly);
    await second.prints('Ctrl-C');
    expect(await count(data)).toBe('21');
  });

  it('refuses to run twice on the same data', async () => {
    const data = temporaryFolder();
    const assembly = smallAssembly();
    await start(data, assembly).prints('Ctrl-C');
    const second = start(data, assembly);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already running on this data: ${runningIn(data).url}`);
  });

  it('names the port that is in use, and how to take another', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const stack = start(temporaryFolder(), smallAssembly(), { PORT: String(port) });
    expect(await stack.ended).toBe(1);
    expect(stack.output()).toMatch(new RegExp(`Port ${port} is in use\\..*PORT=8787 npm start`));
    other.close();
  });

  it.each([
    ['PORT=many', { PORT: 'many' }, [], 'PORT=many is not a port number'],
    ['an unknown flag', {}, ['--fleet'], "Unknown option '--fleet'"],
    ['an assembly that is none', {}, ['--assembly', 'test'], 'test is not a cloud assembly'],
  ] as const)('refuses %s with a clear line and no stack trace', async (_what, env, args, said) => {
    const stack = command('start.ts', ['--data', temporaryFolder(), ...args], env);
    expect(await stack.ended).toBe(1);
    expect(stack.output()).toContain(said);
    expect(stack.output()).not.toMatch(/\n\s+at /);
  });

  it('refuses a data folder that it cannot write', async () => {
    const file = path.join(temporaryFolder(), 'taken');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    const stack = start(path.join(file, 'data'), smallAssembly());
    expect(await stack.ended).toBe(1);
    expect(stack.output()).toContain('cannot be written');
  });

  it('names what it does not know in a template', async () => {
    const { assemblyDir } = writeAssembly({ resources: { Pool: { Type: 'AWS::Cognito::UserPool' } } });
    const stack = start(temporaryFolder(), assemblyDir);
    expect(await stack.ended).toBe(1);
    expect(stack.output()).toContain('Pool: resource type AWS::Cognito::UserPool is unknown');
  });

  it('lists every substitution with its reason, and its own usage', async () => {
    const listed = command('start.ts', ['--substitutions']);
    expect(await listed.ended).toBe(0);
    for (const word of ['dynalite', 'harmless because', 'AWS::DynamoDB::Table: PointInTimeRecoverySpecification']) {
      expect(listed.output()).toContain(word);
    }
    const help = command('start.ts', ['--help']);
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('npm start -- --no-fleet');
  });
});

describe('npm run token', () => {
  it('says so when no stack is running, also when one was killed', async () => {
    const data = temporaryFolder();
    writeFileSync(
      path.join(data, 'running.json'),
      JSON.stringify({ url: 'http://127.0.0.1:1', issuer: 'http://127.0.0.1:1', pid: process.pid }),
    );
    const asked = command('token.ts', ['--data', data, '--role', 'administrator']);
    expect(await asked.ended).toBe(1);
    expect(asked.output()).toContain('no stack is running here');
  });

  it('gives an administrator of the running stack a token, alone on its line', async () => {
    const data = temporaryFolder();
    await start(data, smallAssembly()).prints('Ctrl-C');
    const asked = command('token.ts', ['--data', data, '--role', 'administrator']);
    expect(await asked.ended).toBe(0);
    const claims = JSON.parse(Buffer.from(asked.output().split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ sub: 'local-administrator', iss: runningIn(data).issuer, aud: 'cradlewatch' });
    expect(asked.output().trim().split(/\s/)).toHaveLength(1);
  });

  it('asks for what a role needs', async () => {
    const data = temporaryFolder();
    await start(data, smallAssembly()).prints('Ctrl-C');
    const asked = command('token.ts', ['--data', data, '--role', 'king']);
    expect(await asked.ended).toBe(1);
    expect(asked.output()).toContain('--role');
  });
});
