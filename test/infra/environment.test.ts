import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { temporaryFolder } from './support/fixture-functions.ts';
import { at, type Json, list, synthesizedTemplates } from './support/template.ts';

const { aws: template } = await synthesizedTemplates();
const { directories } = bundleFunctions({ bundlesDir: join(temporaryFolder(), 'bundles') });

/** What Lambda would put there: the parameter's default, what stands for an empty one, or some name for a resource. */
const textOf = (value: Json): string => {
  if (typeof value === 'string') return value;
  const [, whenEmpty] = list(at(value, 'Fn::If'));
  if (whenEmpty !== undefined) return textOf(whenEmpty);
  const id = String(at(value, 'Ref') ?? 'composed');
  return String(at(template.json, `Parameters.${id}.Default`) ?? id);
};

test.each(functionNames)('%s starts with the environment that the template gives it', (name) => {
  const environment = Object.entries(template.environmentOf(name)).map(([key, value]) => [key, textOf(value)]);
  const code = `console.log(typeof require(${JSON.stringify(join(directories[name], 'index.js'))}).handler)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--eval', code], {
    encoding: 'utf8',
    env: { ...Object.fromEntries(environment), AWS_REGION: 'us-east-1' },
  });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe('function');
});
