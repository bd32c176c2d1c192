import * as z from 'zod';
import { exportView } from '../../shared/contracts/audit.ts';
import { operations } from '../../shared/contracts/openapi/operations.ts';
import { buildOpenApi } from '../../shared/contracts/openapi.ts';
import { problemSchema } from '../../shared/contracts/reports/answer.ts';
import type { RouteKey } from '../../shared/contracts/routes.ts';

interface Response {
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
}
const { paths } = buildOpenApi() as {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
};

interface Given {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** What is wrong with an answer by the OpenAPI document; undefined = it promises exactly this. */
export const undocumented = (route: string, { status, type, body }: Given): string | undefined => {
  const [method = '', path = ''] = route.split(' ');
  const operation = paths[path]?.[method.toLowerCase()];
  // A test may ask for what is no route.
  if (operation === undefined) return undefined;
  const response = operation.responses[String(status)];
  if (response === undefined) return `${route}: ${status} is not in the document`;
  if (status === 204) return undefined;
  const mediaType = type.split(';')[0] ?? '';
  const content = response.content?.[mediaType];
  if (content === undefined) return `${route}: ${status} as ${mediaType} is not in the document`;
  if (mediaType === 'application/problem+json') {
    const { code } = problemSchema.parse(body);
    return content.examples?.[code] === undefined ? `${route}: ${status} ${code} is not in the document` : undefined;
  }
  if (mediaType !== 'application/json') return undefined;
  const { answer, csv } = operations[route as RouteKey];
  const schemas = [...(answer ? [answer.schema] : []), ...(csv ? [exportView] : [])];
  if (schemas.some((schema) => z.safeParse(schema, body).success)) return undefined;
  return `${route}: the answer does not fit its schema`;
};
