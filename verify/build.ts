import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Modules of Node that the verifier may load. Anything else that it asked for would be a way out to the network. */
export const allowedModules: readonly string[] = ['node:crypto', 'node:fs', 'node:util'];

/** Where the verifier goes unless told otherwise. */
const defaultFile = join(import.meta.dirname, '..', 'dist', 'cradlewatch-verify.mjs');

/**
 * Makes the one file that an auditor needs beside Node 20: not minified, so that it can be read before it is believed.
 * Throws if it would load more than the allowed modules.
 */
export const buildVerifier = (file: string = defaultFile): string => {
  mkdirSync(dirname(file), { recursive: true });
  const { metafile } = buildSync({
    entryPoints: [join(import.meta.dirname, 'cradlewatch-verify.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    charset: 'utf8',
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: join(import.meta.dirname, '..'),
  });
  const loaded = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const wrong = loaded.filter((path) => !allowedModules.includes(path));
  if (wrong.length > 0) throw new Error(`the verifier would load ${wrong.join(', ')}`);
  chmodSync(file, 0o755);
  return file;
};

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  console.log(buildVerifier(process.argv[2] === undefined ? undefined : resolve(process.argv[2])));
}
