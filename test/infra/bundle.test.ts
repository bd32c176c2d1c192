import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bundles, bundleFunctions, MissingFunctionsError } from '../../infra/bundle.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { temporaryFolder, writeFixtureFunctions } from './support/fixture-functions.ts';

describe('bundles', () => {
  const folder = temporaryFolder();
  const bundlesDir = join(folder, 'bundles');
  let bundles: Bundles;
  beforeAll(() => {
    bundles = bundleFunctions({ functionsDir: writeFixtureFunctions(join(folder, 'functions')), bundlesDir });
  });

  test.each(functionNames)('%s is one CommonJS file that Lambda can load', async (name) => {
    expect(readdirSync(bundles.directories[name])).toEqual(['index.js', 'package.json']);
    const file = join(bundles.directories[name], 'index.js');
    const { handler } = createRequire(import.meta.url)(file) as { handler: () => Promise<string> };
    expect(await handler()).toBe(name);
    expect(bundles.bytes[name]).toBe(readFileSync(file).byteLength);
  });

  test('the source maps lie beside the assets, not in them', () => {
    expect(existsSync(join(bundlesDir, 'maps', 'watch.js.map'))).toBe(true);
    expect(readFileSync(join(bundles.directories.watch, 'index.js'), 'utf8')).not.toContain('sourceMappingURL');
  });

  test('every missing function is named at once', () => {
    const functionsDir = writeFixtureFunctions(join(temporaryFolder(), 'functions'), ['watch', 'desk']);
    const bundling = (): Bundles => bundleFunctions({ functionsDir, bundlesDir });
    expect(bundling).toThrow(MissingFunctionsError);
    expect(bundling).toThrow(/watch\/main\.ts, desk\/main\.ts/);
  });

  test('a function that does not compile fails with its place, and leaves the last good bundle', () => {
    const functionsDir = writeFixtureFunctions(join(temporaryFolder(), 'functions'));
    writeFileSync(
      join(functionsDir, 'desk', 'main.ts'),
      "import { gone } from './gone.ts';\nexport const handler = gone;\n",
    );
    const before = readFileSync(join(bundles.directories.desk, 'index.js'), 'utf8');
    expect(() => bundleFunctions({ functionsDir, bundlesDir })).toThrow(/desk\/main\.ts.*gone\.ts/s);
    expect(readFileSync(join(bundles.directories.desk, 'index.js'), 'utf8')).toBe(before);
  });

  describe('credentials', () => {
    // Below the repository, so that the SDK is found.
    const place = temporaryFolder(join(import.meta.dirname, '..', '..', 'cdk.out'));
    const functionsDir = writeFixtureFunctions(join(place, 'functions'));
    writeFileSync(
      join(functionsDir, 'watch', 'main.ts'),
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
       export const handler = () => new DynamoDBClient({ region: 'us-east-1' }).config.credentials();`,
    );
    const { directories } = bundleFunctions({ functionsDir, bundlesDir: join(place, 'bundles') });
    const credentialsUnder = (environment: Record<string, string>): string => {
      const code = `require(${JSON.stringify(join(directories.watch, 'index.js'))}).handler()
        .then(({ accessKeyId, sessionToken }) => console.log(accessKeyId, sessionToken), (error) => console.log(error.message));`;
      return spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8', env: environment }).stdout.trim();
    };

    test('are those of the role', () => {
      const keys = { AWS_ACCESS_KEY_ID: 'role-key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
      expect(credentialsUnder(keys)).toBe('role-key token');
    });

    test('are looked for nowhere else', () => {
      const file = join(place, 'credentials');
      writeFileSync(file, '[default]\naws_access_key_id = somebody-else\naws_secret_access_key = secret\n');
      expect(credentialsUnder({ AWS_SHARED_CREDENTIALS_FILE: file })).toMatch(/no credentials of a role/);
    });
  });
});
