import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bundles, bundleFunctions, MissingFunctionsError } from '../../infra/bundle.ts';
import { signatureBaseOf } from '../../shared/adapters/signature/signature-base.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { temporaryFolder, writeFixtureFunctions } from './support/fixture-functions.ts';

const cdkOut = join(import.meta.dirname, '..', '..', 'cdk.out');

interface Sources {
  readonly sources: readonly string[];
}

/** Where the package of a source file lies, as far as its own name: `node_modules/a/node_modules/b`. */
const packagePathIn = (source: string): readonly string[] =>
  /(?:^|\/)(node_modules\/.*?)$/.exec(source)?.[1]?.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];

const signedMessage = {
  kind: 'request',
  method: 'POST',
  targetUri: 'https://api.example/v1/alarms?late=1',
  fields: [
    { name: 'content-digest', value: 'sha-256=:AAAA:' },
    {
      name: 'signature-input',
      value:
        'box=("@method" "@authority" "@path" "@query" "content-digest");created=1700000000;keyid="box-1";alg="ed25519";nonce="n"',
    },
  ],
} satisfies Parameters<typeof signatureBaseOf>[0];

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

  describe('of the real functions', () => {
    // Below the repository, so that the packages are found.
    const place = join(temporaryFolder(cdkOut), 'bundles');
    let real: Bundles;
    beforeAll(() => {
      real = bundleFunctions({ bundlesDir: place });
    });

    test.each(functionNames.filter((name) => name.startsWith('receive-')))('%s is at most 450 KB', (name) => {
      expect(real.bytes[name]).toBeGreaterThan(100_000);
      expect(real.bytes[name]).toBeLessThanOrEqual(450_000);
    });

    test.each(functionNames)('%s holds no package twice', (name) => {
      const { sources } = JSON.parse(readFileSync(join(place, 'maps', `${name}.js.map`), 'utf8')) as Sources;
      const copies = Map.groupBy(new Set(sources.flatMap(packagePathIn)), (path) => path.split('node_modules/').at(-1));
      expect(copies.size).toBeGreaterThan(0);
      expect([...copies.values()].filter(({ length }) => length > 1)).toEqual([]);
    });
  });

  test('a bundle computes the signature base that the packages compute', async () => {
    const functionsDir = writeFixtureFunctions(join(temporaryFolder(cdkOut), 'functions'));
    const adapter = join(import.meta.dirname, '..', '..', 'shared', 'adapters', 'signature', 'signature-base.ts');
    writeFileSync(
      join(functionsDir, 'watch', 'main.ts'),
      `export { signatureBaseOf as handler } from ${JSON.stringify(adapter)};`,
    );
    const { directories } = bundleFunctions({ functionsDir, bundlesDir: join(temporaryFolder(), 'bundles') });
    const { handler } = createRequire(import.meta.url)(join(directories.watch, 'index.js')) as {
      handler: typeof signatureBaseOf;
    };
    const base = handler(signedMessage);
    expect(base).toContain('"content-digest": sha-256=:AAAA:');
    expect(base).toBe(signatureBaseOf(signedMessage));
  });

  test('clients in a bundle call their services, and say so where they would need an event stream', () => {
    const place = temporaryFolder(cdkOut);
    const functionsDir = writeFixtureFunctions(join(place, 'functions'));
    const calling = join(import.meta.dirname, 'support', 'call-services.ts');
    writeFileSync(join(functionsDir, 'watch', 'main.ts'), `export { handler } from ${JSON.stringify(calling)};`);
    const { directories } = bundleFunctions({ functionsDir, bundlesDir: join(place, 'bundles') });
    const code = `require(${JSON.stringify(join(directories.watch, 'index.js'))}).handler()
      .then((answers) => console.log(JSON.stringify(answers)))`;
    const env = { AWS_ACCESS_KEY_ID: 'role-key', AWS_SECRET_ACCESS_KEY: 'secret' };
    const { stdout, stderr } = spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8', env });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      dynamodb: 'vitals',
      sns: 'police',
      s3: 'an export',
      streamed: expect.stringMatching(/no event streams/),
    });
  });

  describe('credentials', () => {
    // Below the repository, so that the SDK is found.
    const place = temporaryFolder(cdkOut);
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
