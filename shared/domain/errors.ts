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

/** The key is not (or no longer) enrolled for this box. The whole request is refused: 403. */
export class KeyNotLiveError extends CradlewatchError {
  override readonly name = 'KeyNotLiveError';
  readonly code = 'key-not-live';
  readonly retryable = false;
}

/** The bearer token does not prove who the caller is; the message says why. 401. */
export class TokenRefusedError extends CradlewatchError {
  override readonly name = 'TokenRefusedError';
  readonly code = 'token-refused';
  readonly retryable = false;
}

/** We know who it is, and this person may not do that. 403. */
export class ForbiddenError extends CradlewatchError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
  readonly retryable = false;
}

/** Nothing is there under this name, or nothing that this caller may know of. 404. */
export class NotFoundError extends CradlewatchError {
  override readonly name = 'NotFoundError';
  readonly code = 'not-found';
  readonly retryable = false;
}

/** The caller changed an older version than the one that is kept. Read it again, decide again. 409. */
export class VersionConflictError extends CradlewatchError {
  override readonly name = 'VersionConflictError';
  readonly code = 'version-conflict';
  readonly retryable = false;
}

/** The days up to the asked instant are not under seal yet; the message says what can be asked. 409. */
export class NotSealedYetError extends CradlewatchError {
  override readonly name = 'NotSealedYetError';
  readonly code = 'not-sealed-yet';
  readonly retryable = false;
}

/** One fault in what a caller sent: where (a JSON pointer into the body) and what. */
export interface Fault {
  /** RFC 6901, `""` for the whole body. */
  readonly pointer: string;
  readonly message: string;
}

/** The body or query does not fit its schema. 422, with every fault at once. */
export class InvalidInputError extends CradlewatchError {
  override readonly name = 'InvalidInputError';
  readonly code: string;
  readonly retryable = false;
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[], code = 'body-invalid') {
    super(message);
    this.faults = faults;
    this.code = code;
  }
}
