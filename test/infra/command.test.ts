import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { temporaryFolder } from './support/fixture-functions.ts';

const folder = temporaryFolder();
const broken = join(folder, 'broken.json');
writeFileSync(broken, JSON.stringify({ ...readSettings(), city: 'Not A Slug', logRetentionDays: 31 }));

const run = (script: string, args: string[], context: object = {}) =>
  spawnSync(process.execPath, [join('infra', script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: join(folder, 'out'), CDK_CONTEXT_JSON: JSON.stringify(context) },
  });

describe('broken settings stop every way to synthesize, with each fault and no stack trace', () => {
  test.each([
    ['npm run synth', () => run('synth-all.ts', ['--settings', broken])],
    ['cdk synth', () => run('app.ts', [], { settings: broken })],
  ])('%s', (_, start) => {
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toMatch(/broken\.json: 2 fault/);
    expect(stderr).toMatch(/city: must be/);
    expect(stderr).toMatch(/logRetentionDays: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
