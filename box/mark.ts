import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** One number that a box keeps over restarts. */
export interface Mark {
  readonly read: () => number | undefined;
  readonly write: (value: number) => void;
}

/** Kept in a file of its own, put in place by a rename: killed at any moment, the old number or the new one is there. */
export const markAt = (path: string): Mark => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const value = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  },
  write: (value) => {
    writeFileSync(`${path}.draft`, String(value), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  },
});
