import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { functionNames, routes } from '../../shared/contracts/routes.ts';
import { removeTemporaryFolders, sdk, temporaryFolder } from './small-stack.ts';

afterAll(removeTemporaryFolders);

/** Publishes once to each of the topics that it is told of. */
const publishes = `
  import { PublishCommand, SNSClient } from ${sdk('client-sns')};
  export const handler = async () => {
    const topics = Object.entries(process.env).filter(([name]) => name.startsWith('TOPIC_'));
    for (const [name, TopicArn] of topics) await new SNSClient({}).send(new PublishCommand({ TopicArn, Message: name }));
    return topics.length;
  };`;

/** The template of the product, with functions that only tell their name and their environment. */
const assemble = async () => {
  const folder = temporaryFolder();
  const functionsDir = path.join(folder, 'functions');
  for (const name of functionNames) {
    mkdirSync(path.join(functionsDir, name), { recursive: true });
    const tells = `export const handler = async () => ({ statusCode: 200, body: JSON.stringify({ name: '${name}', env: process.env }) });`;
    writeFileSync(path.join(functionsDir, name, 'main.ts'), name === 'watch' ? publishes : tells);
  }
  return synthesize({ functionsDir, bundlesDir: path.join(folder, 'bundles'), outdir: path.join(folder, 'assembly') });
};

/** What the ledger queue holds, whichever of the queues it is. */
const ledger = async ({ clients, names }: LocalStack) => {
  const QueueName = names.queues.find((name) => /^ledger(?!Dead)/.test(name)) ?? 'none';
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return (Messages ?? []).map(({ Body }) => (JSON.parse(Body ?? '{}') as { Message: string }).Message).sort();
};

it('the template of the product runs on this machine: every route, every table, the schedule', async () => {
  const stack = await startLocalStack({ ...(await assemble()), schedules: 'by-hand' });
  try {
    expect(await stack.loaded()).toEqual(new Map());
    for (const { method, path: template, serves } of routes) {
      const response = await fetch(`${stack.url}${template.replace(/\{\w+\}/g, 'x')}`, { method });
      expect([method, template, ((await response.json()) as { name: string }).name]).toEqual([
        method,
        template,
        serves,
      ]);
    }
    const answered = await fetch(`${stack.url}/v1/registry/packs`);
    const { env } = (await answered.json()) as { env: Record<string, string> };
    expect(stack.names.tables).toContain(env.REGISTRY_TABLE);
    expect(JSON.parse(env.OIDC_ISSUERS ?? '[]')).toContainEqual(expect.objectContaining({ issuer: stack.issuer }));
    expect(env.ADMINISTRATORS).toContain(`${stack.issuer}|local-administrator`);
    expect(await stack.fire('watch')).toEqual([{ ok: true, payload: '6' }]);
    expect(await ledger(stack)).toEqual(
      ['EMERGENCY', 'FACILITY', 'FIRE', 'HEALTH', 'POLICE', 'SUPERVISION'].map((topic) => `TOPIC_${topic}`),
    );
    expect(stack.names.topics).toHaveLength(7);
  } finally {
    await stack.stop();
  }
});
