import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The last hour of film that this box has put into its queue, kept over restarts. */
export interface HourMark {
  readonly read: () => number | undefined;
  readonly write: (hourMs: number) => void;
}

/**
 * Kept in a file of its own. Killed between queueing an hour and marking it, the box reports that hour again under new
 * ids, which says the same once more.
 */
export const hourMarkAt = (path: string): HourMark => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const hourMs = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(hourMs) && hourMs > 0 ? hourMs : undefined;
  },
  write: (hourMs) => {
    writeFileSync(`${path}.draft`, String(hourMs), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  },
});
