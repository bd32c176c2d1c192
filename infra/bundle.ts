import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { type FunctionName, functionNames } from '../shared/contracts/routes.ts';

const repository = join(import.meta.dirname, '..');

/** Where the functions live, and where their bundles go unless told otherwise. */
export const defaultFunctionsDir = join(repository, 'functions');
export const defaultBundlesDir = join(repository, 'cdk.out', 'bundles');

const bundled = (file: string): string => join(import.meta.dirname, 'bundled', file);

/** What a bundle holds in place of a package, wherever it is named. */
const standIns: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': bundled('credentials-of-the-role.ts'),
  '@aws-sdk/endpoint-cache': bundled('no-endpoint-cache.ts'),
  '@smithy/core/event-streams': bundled('no-event-streams.ts'),
  // An alias is looked for from the repository: ours (2.1.0), not the older copy that http-message-sig brings (2.0.3).
  'structured-headers': 'structured-headers',
  // Once, and not in the two older copies that echarts and zrender bring (2.3.0): its helpers only grow.
  tslib: 'tslib',
};

export interface BundleOptions {
  /** Folder with one folder per function, each with a `main.ts`. */
  readonly functionsDir?: string;
  readonly bundlesDir?: string;
}

/** The bundles of one run of esbuild: each folder is a Lambda asset, `index.js` and the word that it is CommonJS. */
export interface Bundles {
  readonly directories: Readonly<Record<FunctionName, string>>;
  /** Bytes of each `index.js`. */
  readonly bytes: Readonly<Record<FunctionName, number>>;
}

/** Functions named by the routes that have no `main.ts`. */
export class MissingFunctionsError extends Error {
  override readonly name = 'MissingFunctionsError';
}

/**
 * Bundles every function in one call of esbuild, minified. Out comes CommonJS, which loads a quarter faster than ESM. In
 * goes the ESM form of the packages, of which unused parts fall away, with stand-ins for the parts of the SDK that no
 * function uses: from 817 KB to 437 KB for receive-alarms.
 *
 * The source maps lie beside the assets, not in them: shipped, every cold start would read them; beside them, a stack
 * trace is decoded after the fact with the map of the same synth. `import.meta` does not survive CommonJS: an error.
 *
 * Each file is put in place by a rename, so that two runs at once never see half a bundle.
 */
export const bundleFunctions = (options: BundleOptions = {}): Bundles => {
  const { functionsDir = defaultFunctionsDir } = options;
  const bundlesDir = resolve(options.bundlesDir ?? defaultBundlesDir);
  const { outputFiles } = buildSync({
    entryPoints: entryPointsIn(functionsDir),
    outdir: bundlesDir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: standIns,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    absWorkingDir: repository,
    logLevel: 'silent',
    logOverride: { 'empty-import-meta': 'error' },
  });
  const bytes = new Map<string, number>();
  for (const { path, contents } of outputFiles) {
    const place = placeOf(path, bundlesDir);
    replaceFile(place, contents);
    bytes.set(place, contents.byteLength);
  }
  for (const name of functionNames) replaceFile(join(bundlesDir, name, 'package.json'), '{"type":"commonjs"}\n');
  return {
    directories: perFunction((name) => join(bundlesDir, name)),
    bytes: perFunction((name) => bytes.get(join(bundlesDir, name, 'index.js')) ?? 0),
  };
};

const entryPointsIn = (functionsDir: string): Record<string, string> => {
  const entries = functionNames.map((name) => ({ name, main: join(functionsDir, name, 'main.ts') }));
  const missing = entries.filter(({ main }) => !existsSync(main)).map(({ name }) => `${name}/main.ts`);
  if (missing.length > 0) {
    throw new MissingFunctionsError(`${functionsDir} lacks what the routes name: ${missing.join(', ')}`);
  }
  return Object.fromEntries(entries.map(({ name, main }) => [`${name}/index`, main]));
};

/** `<name>/index.js` stays; `<name>/index.js.map` goes to `maps/<name>.js.map`, out of the asset. */
const placeOf = (path: string, bundlesDir: string): string =>
  path.endsWith('.map') ? join(bundlesDir, 'maps', `${basename(dirname(path))}.js.map`) : path;

const replaceFile = (path: string, contents: Uint8Array | string): void => {
  mkdirSync(dirname(path), { recursive: true });
  // Beside the asset's folder, never in it: what lies in the folder is hashed and uploaded.
  const draft = join(dirname(path), '..', `.draft-${randomUUID()}`);
  writeFileSync(draft, contents);
  renameSync(draft, path);
};

const perFunction = <T>(value: (name: FunctionName) => T): Record<FunctionName, T> =>
  Object.fromEntries(functionNames.map((name) => [name, value(name)])) as Record<FunctionName, T>;
