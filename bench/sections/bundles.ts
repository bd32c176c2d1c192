import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunctions } from '../../infra/bundle.ts';
import { assembleStack, type KeptAssembly } from '../../infra/local/assembly.ts';
import { functionNames } from '../../shared/contracts/routes.ts';
import { print, ratio, spreadOf } from '../stats.ts';

/** Where `bench` as a value would not be read. */
const readable: Readonly<Record<string, string>> = { OIDC_ISSUERS: '[]', WATCHDOG_URL: 'none', LOG_LEVEL: 'WARN' };

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Properties?: { readonly Environment?: { readonly Variables?: object } } }>
  >;
}

/** Whatever the template tells any function, so that loading ends where the first request would begin. */
const environmentOf = ({ templatePath }: KeptAssembly): NodeJS.ProcessEnv => {
  const { Resources } = JSON.parse(readFileSync(templatePath, 'utf8')) as Template;
  const names = Object.values(Resources).flatMap(({ Properties }) =>
    Object.keys(Properties?.Environment?.Variables ?? {}),
  );
  return {
    ...process.env,
    ...Object.fromEntries(names.map((name) => [name, readable[name] ?? 'bench'])),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
};

const BARE_OUR_WAY = 'client-dynamodb alone, bundled as the functions are';
const BARE = `import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = (input) => client.send(new UpdateItemCommand(input));
`;

/** `client-dynamodb` alone, as esbuild makes it of the package without any of our settings but CommonJS and minifying. */
const bundleBareClient = (directory: string): string => {
  const entry = join(directory, 'bare.mjs');
  const outfile = join(directory, 'bare.js');
  writeFileSync(entry, BARE);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    logLevel: 'silent',
  });
  return outfile;
};

/** The same client through our own bundling: every function's folder holds nothing else. */
const bundleBareClientOurWay = (directory: string): string => {
  const functionsDir = join(directory, 'functions');
  for (const name of functionNames) {
    mkdirSync(join(functionsDir, name), { recursive: true });
    writeFileSync(join(functionsDir, name, 'main.ts'), BARE);
  }
  const { directories } = bundleFunctions({ functionsDir, bundlesDir: join(directory, 'bare') });
  return join(directories['describe-api'], 'index.js');
};

/** Milliseconds that `require` of this file takes in a fresh process. */
const loadMs = (file: string, env: NodeJS.ProcessEnv): number => {
  const code = `const t=performance.now();require(${JSON.stringify(file)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  return Number(execFileSync(process.execPath, ['-e', code], { env, encoding: 'utf8' }));
};

/** Sizes and load times of every function beside the bare client, rounds interleaved. */
export const benchBundles = async (options: { readonly rounds: number }): Promise<void> => {
  const env = environmentOf(await assembleStack());
  // Inside the repository: packages are looked for upwards from the file that names them.
  const parent = join(import.meta.dirname, '..', '..', '.local');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'bench-'));
  try {
    const { directories } = bundleFunctions({ bundlesDir: join(directory, 'bundles') });
    const files = [
      { name: BARE_OUR_WAY, file: bundleBareClientOurWay(directory) },
      { name: 'client-dynamodb alone, bundled plainly', file: bundleBareClient(directory) },
      ...functionNames.map((name) => ({ name, file: join(directories[name], 'index.js') })),
    ];
    const took = new Map(files.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { name, file } of files) took.get(name)?.push(loadMs(file, env));
    }
    const bare = spreadOf(took.get(BARE_OUR_WAY) ?? []);
    for (const { name, file } of files) {
      const load = spreadOf(took.get(name) ?? []);
      print({
        bench: 'bundle',
        bundle: name,
        kilobytes: Math.round(statSync(file).size / 1000),
        loadMs: load,
        loadAgainstBareClient: { byMedian: ratio(load.median, bare.median), byLeast: ratio(load.least, bare.least) },
        ...(name.startsWith('receive-') ? { budget: 'at most 450 KB, and 1.3 times the bare client' } : {}),
      });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
