import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from './running.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const cache = path.join(repository, 'node_modules', '.cache', 'cradlewatch', 'assemblies');
const assembliesKept = 4;

export interface KeptAssembly {
  readonly assemblyDir: string;
  readonly templatePath: string;
}

/** Everything that an assembly is made of: a change in any of these files makes another one. */
const sourceFiles = (): string[] => {
  const under = (folder: string) =>
    readdirSync(path.join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(repository, path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith(path.join('infra', 'local')));
  const single = ['cdk.json', 'package-lock.json'].filter((file) => existsSync(path.join(repository, file)));
  return [...['functions', 'infra', 'shared'].flatMap(under), ...single].sort();
};

const hashOfSources = (settings: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(settings ?? null));
  for (const file of sourceFiles()) hash.update(`\0${file}\0`).update(readFileSync(path.join(repository, file)));
  return hash.digest('hex').slice(0, 24);
};

/** Holds the lock while it works; a lock whose holder has died is taken over. Gives up after two minutes. */
const withLock = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  const owner = path.join(lock, 'pid');
  const isHeld = (): boolean => existsSync(owner) && isAlive(Number(readFileSync(owner, 'utf8')));
  for (let attempt = 0; ; attempt += 1) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (attempt > 1_200) throw error;
      const isFresh = existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 1_000;
      if (!isHeld() && !isFresh) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    writeFileSync(owner, String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

/** The assembly in this folder, if there is one: exactly one template with its manifest. */
export const keptAssembly = (folder: string): KeptAssembly | undefined => {
  if (!existsSync(folder)) return undefined;
  const template = readdirSync(folder).find((name) => name.endsWith('.template.json'));
  return template === undefined ? undefined : { assemblyDir: folder, templatePath: path.join(folder, template) };
};

const dropOldest = (): void => {
  const folders = readdirSync(cache)
    .filter((name) => /^[0-9a-f]{24}$/.test(name))
    .map((name) => path.join(cache, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(assembliesKept)) rmSync(folder, { recursive: true, force: true });
};

/**
 * The synthesized assembly of the present sources. It is made once and kept by the hash of what it is made of, so that
 * a second start, and every test that runs the stack, finds it. A kill in the middle leaves only a folder that nobody
 * reads: the name is given by a rename at the end.
 */
export const assembleStack = async (settings?: Readonly<Record<string, unknown>>): Promise<KeptAssembly> => {
  const folder = path.join(cache, hashOfSources(settings));
  const found = keptAssembly(folder);
  if (found !== undefined) return found;
  mkdirSync(cache, { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    const meanwhile = keptAssembly(folder);
    if (meanwhile !== undefined) return meanwhile;
    const work = `${folder}.work`;
    rmSync(work, { recursive: true, force: true });
    const { synthesize } = await import('../synthesize.ts');
    await synthesize({
      partition: 'aws',
      outdir: path.join(work, 'assembly'),
      bundlesDir: path.join(work, 'bundles'),
      ...(settings === undefined ? {} : { settings }),
    });
    renameSync(path.join(work, 'assembly'), folder);
    rmSync(work, { recursive: true, force: true });
    dropOldest();
    const made = keptAssembly(folder);
    if (made === undefined) throw new Error('the synthesized assembly has no template');
    return made;
  });
};
