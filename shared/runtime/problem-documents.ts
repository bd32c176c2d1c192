import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  isProblemCode,
  type ProblemCode,
  problemKinds,
  problemType,
  RETRY_AFTER_SECONDS,
} from '../contracts/problems.ts';
import { CradlewatchError, InvalidInputError } from '../domain/errors.ts';
import { type Logger, makeLogger } from './logger.ts';
import { countNow, type Metrics } from './metrics.ts';
import { RequestRefusedError } from './request-refused.ts';

interface SdkError {
  readonly name?: string;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: object;
}

const passingName = /Throttl|ThroughputExceeded|LimitExceeded|SlowDown|^TimeoutError$|^AbortError$|^RequestTimeout/;

/**
 * Throttled, timed out, or an error of the service itself. The adapters say so with `UnavailableError`; this is the net
 * below them, so that a call somebody forgot to translate is still answered 503 and never loses a report.
 */
export const isPassingTrouble = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { name = '', $fault, $retryable } = error as SdkError;
  return $fault === 'server' || $retryable !== undefined || passingName.test(name);
};

/** The code under which an error is answered. What nobody foresaw is `internal`, and says nothing of itself. */
export const codeOf = (error: unknown): ProblemCode => {
  if (error instanceof CradlewatchError) {
    if (isProblemCode(error.code)) return error.code;
    return error.retryable ? 'unavailable' : 'internal';
  }
  return isPassingTrouble(error) ? 'unavailable' : 'internal';
};

const moreOf = (error: unknown): Readonly<Record<string, unknown>> => {
  if (error instanceof InvalidInputError) return error.faults.length > 0 ? { faults: error.faults } : {};
  return error instanceof RequestRefusedError ? error.more : {};
};

/** Our own troubles are logged, not described: their messages name tables and hosts. */
const detailOf = (error: unknown, code: ProblemCode): string => {
  const { status, todo } = problemKinds[code];
  if (status >= 500 || !(error instanceof Error) || error.message === '') return todo;
  return `${error.message.replace(/[.\s]*$/, '.')} ${todo}`;
};

const extraHeaders = (status: number, code: ProblemCode): Record<string, string> => {
  if (status === 429 || status >= 500) return { 'retry-after': String(RETRY_AFTER_SECONDS) };
  if (code === 'token-missing' || code === 'token-refused') return { 'www-authenticate': 'Bearer' };
  return status === 401 ? { 'www-authenticate': 'Signature' } : {};
};

/** RFC 9457. `requestId` finds our log line. */
export const problemResponse = (error: unknown, requestId?: string): APIGatewayProxyStructuredResultV2 => {
  const code = codeOf(error);
  const { status, title } = problemKinds[code];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...extraHeaders(status, code),
    },
    body: JSON.stringify({
      type: problemType(code),
      title,
      status,
      detail: detailOf(error, code),
      code,
      ...(requestId === undefined ? {} : { requestId }),
      ...moreOf(error),
    }),
  };
};

/** Middy: whatever is thrown leaves as a problem document. 5xx is logged as our trouble, the rest as a refusal. */
export const problemDocuments = (
  metrics: Metrics,
  logger: Logger = makeLogger(),
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error> => ({
  onError: (request) => {
    const requestId = request.event.requestContext?.requestId;
    const response = problemResponse(request.error, requestId);
    const code = codeOf(request.error);
    countNow(metrics, 'request-refused', { code });
    const about = { code, route: request.event.routeKey, requestId };
    if ((response.statusCode ?? 500) < 500) logger.info('request refused', about);
    else logger.error('request failed', { ...about, error: request.error });
    request.response = response;
  },
});
