import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { UnavailableError } from '../domain/errors.ts';
import { type Logger, makeLogger } from './logger.ts';
import { type Metrics, makeMetrics } from './metrics.ts';
import { problemDocuments } from './problem-documents.ts';

export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** What Lambda calls. */
export type LambdaHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Left for the answer when the time of an invocation runs out: a late 503 beats a gateway's own 502. */
const LAST_MOMENT_MS = 250;

export interface Observers {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export const makeObservers = (): Observers => ({ logger: makeLogger(), metrics: makeMetrics() });

/**
 * Wraps a handler of the HTTP API: every error leaves as a problem document, and an invocation that runs out of time is
 * answered 503 while it still can be. What was being written by then is written or not; sending it again is harmless.
 */
export const serveHttp = (handle: HttpHandler, { logger, metrics }: Observers = makeObservers()): LambdaHandler => {
  const wrapped = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context>(
    (event: APIGatewayProxyEventV2) => handle(event),
    {
      timeoutEarlyInMillis: LAST_MOMENT_MS,
      timeoutEarlyResponse: () => {
        throw new UnavailableError('the invocation ran out of time');
      },
    },
  ).use(problemDocuments(metrics, logger));
  return (event, context) => wrapped(event, context);
};
