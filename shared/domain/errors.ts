/**
 * An operating error: something a caller can act on. `retryable` says whether the same call may succeed later.
 * Programmer errors are plain `Error`s and crash.
 */
export abstract class CradlewatchError extends Error {
  abstract override readonly name: string;
  /** Stable, kebab-case; the `code` of problem documents, metrics and runbook headings. */
  abstract readonly code: string;
  abstract readonly retryable: boolean;
}

/** Our own stores or topics do not answer. Nothing was lost: the caller still has the report. Answered 503. */
export class UnavailableError extends CradlewatchError {
  override readonly name = 'UnavailableError';
  readonly code = 'unavailable';
  readonly retryable = true;
}

/** Somebody else changed the item between our read and our write, more often than we are willing to try again. */
export class ConflictError extends CradlewatchError {
  override readonly name = 'ConflictError';
  readonly code = 'conflict';
  readonly retryable = true;
}
