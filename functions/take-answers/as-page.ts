import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { LambdaHandler } from '../../shared/runtime/serve-http.ts';
import { pageHeaders } from './page/layout.ts';
import { troublePage } from './page/pages.ts';

const isProblem = ({ headers }: APIGatewayProxyStructuredResultV2): boolean =>
  String(headers?.['content-type'] ?? '').startsWith('application/problem+json');

/** Trouble of ours, counted and logged as ever, is told to a tired person on a page and not as a problem document. */
export const asPage =
  (serve: LambdaHandler): LambdaHandler =>
  async (event, context) => {
    const answer = await serve(event, context);
    if (!isProblem(answer)) return answer;
    return { ...answer, headers: { ...answer.headers, ...pageHeaders }, body: troublePage() };
  };
