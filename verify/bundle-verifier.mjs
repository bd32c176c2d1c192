import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/*
 * Plain JavaScript, and not TypeScript like everything else: it has to run on the Node of whoever verifies.
 */

const here = dirname(fileURLToPath(import.meta.url));

/** Modules of Node that the verifier may load. Anything else that it asked for would be a way out to the network. */
export const allowedModules = ['node:crypto', 'node:fs', 'node:util'];

/** Where the verifier goes unless told otherwise. */
export const defaultFile = join(here, '..', 'dist', 'cradlewatch-verify.mjs');

/**
 * Makes the one file that an auditor needs beside Node 20: not minified, so that it can be read before it is believed.
 * Throws if it would load more than the allowed modules. Another that is making it at the same time makes the same: the
 * file is whole, whenever it is there.
 */
export const buildVerifier = (file = defaultFile) => {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = join(dirname(file), `.${process.pid}-${basename(file)}`);
  try {
    const { metafile } = buildSync({
      entryPoints: [join(here, 'cradlewatch-verify.ts')],
      outfile: unfinished,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      charset: 'utf8',
      metafile: true,
      logLevel: 'silent',
      absWorkingDir: join(here, '..'),
    });
    const loaded = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const wrong = loaded.filter((path) => !allowedModules.includes(path));
    if (wrong.length > 0) throw new Error(`the verifier would load ${wrong.join(', ')}`);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return file;
};
