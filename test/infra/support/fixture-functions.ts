import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { functionNames } from '../../../shared/contracts/routes.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder, gone when the test file has ended. */
export const temporaryFolder = (parent: string = tmpdir()): string => {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'cradlewatch-infra-'));
  folders.push(folder);
  return folder;
};

/** One tiny function per name: what the stack promises does not depend on what its functions do. */
export const writeFixtureFunctions = (folder: string, without: readonly string[] = []): string => {
  for (const name of functionNames.filter((each) => !without.includes(each))) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'main.ts'), `export const handler = async (): Promise<string> => '${name}';\n`);
  }
  return folder;
};
