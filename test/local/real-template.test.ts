import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startLocalStack } from '../../infra/local/stack.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { functionNames, routes } from '../../shared/contracts/routes.ts';
import { removeTemporaryFolders, temporaryFolder } from './small-stack.ts';

afterAll(removeTemporaryFolders);

/** The template of the product, with functions that only tell their name and their environment. */
const assemble = async () => {
  const folder = temporaryFolder();
  const functionsDir = path.join(folder, 'functions');
  for (const name of functionNames) {
    mkdirSync(path.join(functionsDir, name), { recursive: true });
    const code = `export const handler = async () => ({ statusCode: 200, body: JSON.stringify({ name: '${name}', env: process.env }) });`;
    writeFileSync(path.join(functionsDir, name, 'main.ts'), code);
  }
  return synthesize({ functionsDir, bundlesDir: path.join(folder, 'bundles'), outdir: path.join(folder, 'assembly') });
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
    const [sweep] = await stack.fire('watch');
    expect(sweep?.ok && JSON.parse(sweep.payload ?? '{}')).toMatchObject({ statusCode: 200 });
    expect(stack.names.topics).toHaveLength(7);
  } finally {
    await stack.stop();
  }
});
