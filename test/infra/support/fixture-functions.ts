import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../../shared/contracts/routes.ts';

/** A fresh folder for one test file. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'cradlewatch-infra-'));

/** One tiny function per name: what the stack promises does not depend on what its functions do. */
export const writeFixtureFunctions = (folder: string, without: readonly string[] = []): string => {
  for (const name of functionNames.filter((each) => !without.includes(each))) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'main.ts'), `export const handler = async (): Promise<string> => '${name}';\n`);
  }
  return folder;
};
