import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the running stack is to be found by other commands. */
export interface RunningStack {
  readonly url: string;
  readonly issuer: string;
  readonly pid: number;
  /** Where its tables are to be read, by an operator on this machine alone. */
  readonly engines?: string;
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'running.json');

/** Whether a process of this id exists. */
export const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The stack that runs on this data, or undefined; a file that a killed one left behind counts as nothing. */
export const findRunning = async (dataDir: string): Promise<RunningStack | undefined> => {
  if (!existsSync(fileIn(dataDir))) return undefined;
  let found: RunningStack;
  try {
    found = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunningStack;
  } catch {
    return undefined;
  }
  if (!isAlive(found.pid)) return undefined;
  // The process id may have been given to another program since.
  const answers = await fetch(`${found.issuer}/jwks`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answers?.ok ? found : undefined;
};

export const writeRunning = (dataDir: string, running: RunningStack): void => {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${fileIn(dataDir)}.new`, `${JSON.stringify(running)}\n`);
  renameSync(`${fileIn(dataDir)}.new`, fileIn(dataDir));
};

export const forgetRunning = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true });
