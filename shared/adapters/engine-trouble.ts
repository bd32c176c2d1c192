import { UnavailableError } from '../domain/errors.ts';

/** What an AWS engine or the way to it says when the same call may succeed later. */
const passing = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'TransactionInProgressException',
  'InternalServerError',
  'InternalError',
  'InternalErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'SlowDown',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
]);

/** What Node says when the network gives way. */
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

interface Clues {
  readonly name?: string;
  readonly code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const isPassing = (error: Clues): boolean => {
  if (error.name !== undefined && passing.has(error.name)) return true;
  if (error.code !== undefined && network.has(error.code)) return true;
  const status = error.$metadata?.httpStatusCode;
  return error.$fault === 'server' || status === 429 || (status !== undefined && status >= 500);
};

/**
 * Throttling, timeouts, a broken network and the engine's own faults become `UnavailableError` with their cause: the
 * caller still has the report and sends it again. Everything else (a wrong expression, a missing right) is ours and is
 * handed on unchanged, to crash.
 */
export const troubleOf = (error: unknown): unknown =>
  error instanceof Error && isPassing(error as Clues)
    ? new UnavailableError(`the engine did not answer: ${error.name}`, { cause: error })
    : error;

/** Waits for an engine's answer and translates its trouble. */
export const answered = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw troubleOf(error);
  }
};
