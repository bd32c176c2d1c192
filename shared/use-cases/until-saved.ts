import { ConflictError } from '../domain/errors.ts';

/** A race is lost at most so often before the box must send its report again. */
const MOST_TRIES = 5;

/**
 * Runs read, decide and compare-and-set until it saved. `attempt` gives absent when somebody was faster. Throws
 * `ConflictError` after five lost races: nothing was lost, the sender still has the report.
 */
export const untilSaved = async <T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new ConflictError(`${what} changed ${MOST_TRIES} times while it was being decided`);
};
