import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { LambdaHandler } from '../../shared/runtime/serve-http.ts';
import { pageHeaders } from './page/layout.ts';
import { troublePage } from './page/pages.ts';

const isProblem = ({ headers }: APIGatewayProxyStructuredResultV2): boolean =>
  String(headers?.['content-type'] ?? '').startsWith('application/problem+json');

const pageOf = (answer: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 =>
  isProblem(answer) ? { ...answer, headers: { ...answer.headers, ...pageHeaders }, body: troublePage() } : answer;

/**
 * Trouble of ours, counted and logged as ever, is told to a tired person on a page and not as a problem document. A
 * scanner that asks by HEAD is told what a GET would be, without the page.
 */
export const asPage =
  (serve: LambdaHandler): LambdaHandler =>
  async (event, context) => {
    const page = pageOf(await serve(event, context));
    return event.requestContext.http.method === 'HEAD' ? { ...page, body: '' } : page;
  };
