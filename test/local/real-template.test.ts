import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { FeedEvent } from '../../infra/local/feed.ts';
import { startLocalStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { functionNames, routes } from '../../shared/contracts/routes.ts';
import { removeTemporaryFolders, sdk, temporaryFolder } from './small-stack.ts';

afterAll(removeTemporaryFolders);

/** Publishes to each of the topics that it is told of, once in each lane. */
const publishes = `
  import { PublishCommand, SNSClient } from ${sdk('client-sns')};
  const inLane = (StringValue) => ({ lane: { DataType: 'String', StringValue } });
  export const handler = async () => {
    const topics = Object.entries(process.env).filter(([name]) => name.startsWith('TOPIC_'));
    for (const lane of ['life-safety', 'technical'])
      for (const [name, TopicArn] of topics)
        await new SNSClient({}).send(
          new PublishCommand({ TopicArn, Message: lane + ' ' + name, MessageAttributes: inLane(lane) }));
    return topics.length;
  };`;

/** Answers a request with its name and environment, and tells on a line what a queue fed it. */
const tells = (name: string): string => `
  export const handler = async ({ Records }) => {
    if (Records) console.log(JSON.stringify({ message: 'fed', bodies: Records.map(({ body }) => body) }));
    return Records ? undefined : { statusCode: 200, body: JSON.stringify({ name: '${name}', env: process.env }) };
  };`;

/** The template of the product, with functions of no content. */
const assemble = async () => {
  const folder = temporaryFolder();
  const functionsDir = path.join(folder, 'functions');
  for (const name of functionNames) {
    mkdirSync(path.join(functionsDir, name), { recursive: true });
    writeFileSync(path.join(functionsDir, name, 'main.ts'), name === 'watch' ? publishes : tells(name));
  }
  return synthesize({ functionsDir, bundlesDir: path.join(folder, 'bundles'), outdir: path.join(folder, 'assembly') });
};

/** Each batch that a function was fed. */
const batchesOf = (seen: readonly FeedEvent[], name: string): string[][] =>
  seen.flatMap((event) =>
    event.kind === 'log' && event.functionName.startsWith(name) && event.fields?.message === 'fed'
      ? [event.fields.bodies as string[]]
      : [],
  );
const inLane = (lane: string): string[] =>
  ['EMERGENCY', 'FACILITY', 'FIRE', 'HEALTH', 'POLICE', 'SUPERVISION'].map((topic) => `${lane} TOPIC_${topic}`);

it('the template of the product runs on this machine: routes, tables, schedules, queues', async () => {
  const seen: FeedEvent[] = [];
  const onFeed = (event: FeedEvent) => seen.push(event);
  const stack = await startLocalStack({ ...(await assemble()), schedules: 'by-hand', onFeed });
  try {
    expect(await stack.loaded()).toEqual(new Map());
    for (const { method, path: template, serves } of routes) {
      const response = await fetch(`${stack.url}${template.replace(/\{\w+\}/g, 'x')}`, { method });
      if (method === 'HEAD') {
        expect([method, template, response.status, await response.text()]).toEqual([method, template, 200, '']);
        continue;
      }
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
    const environmentOf = (name: string) => stack.functionNamed(name).spec.environment;
    expect(environmentOf('deliver-notices').PUBLIC_URL).toBe(stack.url);
    expect(environmentOf('audit-escalation').WATCHDOG_URL).toBe('none');
    expect(environmentOf('take-answers').LINK_SECRET).toMatch(/^arn:.*:secret:/);
    expect(env.ADMINISTRATORS).toContain(`${stack.issuer}|local-administrator`);
    expect(await stack.fire('watch')).toEqual([{ ok: true, payload: '6' }]);
    await stack.drain();
    // One life-safety notice is one invocation; technical ones come together; the ledger has a second witness of all.
    await expect.poll(() => batchesOf(seen, 'keepledger').flat().length).toBe(12);
    await expect.poll(() => batchesOf(seen, 'delivernotices').flat().length).toBe(12);
    const batches = batchesOf(seen, 'delivernotices');
    const alone = batches.filter((batch) => batch.length === 1).flat();
    expect(alone.sort()).toEqual(inLane('life-safety'));
    expect(batches.filter((batch) => batch.length > 1).map((batch) => batch.sort())).toEqual([inLane('technical')]);
    const ledger = batchesOf(seen, 'keepledger').flat();
    expect(ledger.map((body) => (JSON.parse(body) as { Message: string }).Message).sort()).toEqual([
      ...inLane('life-safety'),
      ...inLane('technical'),
    ]);
    expect(await stack.drain()).toEqual([]);
    expect(stack.names.queues.some((name) => name.includes('deliveries'))).toBe(true);
    expect(stack.names.topics).toHaveLength(7);
  } finally {
    await stack.stop();
  }
});
