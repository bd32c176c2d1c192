import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import { LARGEST_BODY_BYTES } from '../contracts/reports/report.ts';
import type { FunctionName, routes } from '../contracts/routes.ts';
import type { Person } from '../domain/access.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { faultsOf, pointerOf } from './faults.ts';
import type { Authenticate } from './people.ts';
import { parseJson, rawBody } from './raw-body.ts';
import { RequestRefusedError } from './request-refused.ts';

/** What a person asked for, once it is known who it is and everything fits its schema. */
export interface PersonRequest<Path, Query, Body> {
  readonly person: Person;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The `accept` header, lower case; empty if there is none. */
  readonly accept: string;
}

export interface Answer {
  readonly status: number;
  /** Written as JSON; a `text` goes out as it is. One of the three at most. */
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly content: string };
  /** A file: goes out byte for byte, as the gateway decodes it. */
  readonly bytes?: { readonly type: string; readonly content: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
}

type Parsed<S> = S extends z.ZodType ? z.infer<S> : Record<string, never>;

/** One route: its schemas and what answers it. A route without a body schema takes no body. */
export interface PersonRoute<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
> {
  readonly path?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (request: PersonRequest<Parsed<P>, Parsed<Q>, Parsed<B>>) => Promise<Answer>;
}

/** A route whose schemas and handler were checked against each other by `personRoute`. */
export interface CheckedRoute {
  readonly serve: (event: APIGatewayProxyEventV2, person: Person) => Promise<Answer>;
}

/** The keys (`GET /v1/desk/incidents`) of every route that a function serves: a table that misses one does not compile. */
type RouteKeyOf<N extends FunctionName> =
  Extract<(typeof routes)[number], { readonly serves: N }> extends infer R
    ? R extends { readonly method: infer M extends string; readonly path: infer P extends string }
      ? `${M} ${P}`
      : never
    : never;

export type RouteTable<N extends FunctionName> = Readonly<Record<RouteKeyOf<N>, CheckedRoute>>;

const parseWith = (schema: z.ZodType | undefined, value: unknown, what: 'path' | 'query' | 'body'): unknown => {
  if (schema === undefined) return {};
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`The ${what} does not fit its schema.`, faultsOf(parsed.error), `${what}-invalid`);
};

const isJson = (type: string | undefined): boolean => /^application\/json *(;|$)/i.test(type ?? '');

/** No body at all is an empty object: whether that is enough is for the schema to say. */
const readJson = (event: APIGatewayProxyEventV2): unknown => {
  const bytes = rawBody(event);
  if (bytes.length === 0) return {};
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new RequestRefusedError('too-large', `Send at most ${LARGEST_BODY_BYTES} bytes.`);
  }
  if (!isJson(event.headers['content-type'])) {
    throw new RequestRefusedError('not-json-content-type', 'Send "Content-Type: application/json".');
  }
  return parseJson(bytes);
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A CSV as Excel saves it: UTF-8, with or without a byte order mark. */
const readCsv = (event: APIGatewayProxyEventV2): string => {
  const bytes = rawBody(event);
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new RequestRefusedError('too-large', `Send at most ${LARGEST_BODY_BYTES} bytes.`);
  }
  if (!/^text\/csv *(;|$)/i.test(event.headers['content-type'] ?? '')) {
    throw new RequestRefusedError('not-csv-content-type', 'Send "Content-Type: text/csv".');
  }
  const text = decodedUtf8(bytes);
  // A gateway that took it for text has put this mark where a byte was no UTF-8.
  if (text === undefined || text.includes('\uFFFD') || text.includes('\0')) {
    throw new RequestRefusedError('not-csv', 'The file is not in UTF-8.');
  }
  return text;
};

const decodedUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Ties a route's schemas to its handler. */
export const personRoute = <
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  route: PersonRoute<P, Q, B>,
): CheckedRoute => ({
  serve: async (event, person) =>
    route.handle({
      person,
      path: parseWith(route.path, event.pathParameters ?? {}, 'path') as Parsed<P>,
      // A route without a query still refuses one: a misspelt filter must not look like a filter.
      query: parseQuery(route.query, event.queryStringParameters ?? {}) as Parsed<Q>,
      body: (route.body === undefined ? {} : parseWith(route.body, readJson(event), 'body')) as Parsed<B>,
      accept: (event.headers.accept ?? '').toLowerCase(),
    }),
});

/** A route that takes a CSV, handed on as text. */
export const csvRoute = <P extends z.ZodType | undefined = undefined, Q extends z.ZodType | undefined = undefined>(
  route: Pick<PersonRoute<P, Q, undefined>, 'path' | 'query'> & {
    readonly handle: (request: PersonRequest<Parsed<P>, Parsed<Q>, string>) => Promise<Answer>;
  },
): CheckedRoute => ({
  serve: async (event, person) =>
    route.handle({
      person,
      path: parseWith(route.path, event.pathParameters ?? {}, 'path') as Parsed<P>,
      query: parseQuery(route.query, event.queryStringParameters ?? {}) as Parsed<Q>,
      body: readCsv(event),
      accept: (event.headers.accept ?? '').toLowerCase(),
    }),
});

const parseQuery = (schema: z.ZodType | undefined, query: Record<string, string | undefined>): unknown => {
  if (schema !== undefined) return parseWith(schema, query, 'query');
  const faults = Object.keys(query).map((name) => ({ pointer: pointerOf([name]), message: 'unknown field' }));
  if (faults.length > 0) throw new InvalidInputError('The query does not fit its schema.', faults, 'query-invalid');
  return {};
};

/** Answers are about named people and places: nobody keeps a copy on the way. */
const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A function may answer 6 MB, written as JSON with its quotes and line ends escaped. */
export const LARGEST_ANSWER_BYTES = 5 * 1_024 * 1_024;

/** Such an answer travels in Base64, which makes four bytes of three. */
export const LARGEST_BINARY_ANSWER_BYTES = 4 * 1_024 * 1_024;

/** What asks for too much is told so; else the gateway would say no more than that we failed. */
export const answerTooLarge = (): InvalidInputError =>
  new InvalidInputError(
    'The answer is larger than one answer may be.',
    [{ pointer: '', message: 'ask for fewer lines, days or cameras, or for a narrower division' }],
    'query-invalid',
  );

const carried = (content: string): string => {
  if (Buffer.byteLength(content) > LARGEST_ANSWER_BYTES) throw answerTooLarge();
  return content;
};

const carriedBytes = (content: Uint8Array): string => {
  if (content.length > LARGEST_BINARY_ANSWER_BYTES) throw answerTooLarge();
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString('base64');
};

const toResult = ({ status, body, text, bytes, headers }: Answer): APIGatewayProxyStructuredResultV2 => {
  if (text !== undefined) {
    const typed = { ...common, 'content-type': text.type, ...headers };
    return { statusCode: status, headers: typed, body: carried(text.content) };
  }
  if (bytes !== undefined) {
    const typed = { ...common, 'content-type': bytes.type, ...headers };
    return { statusCode: status, headers: typed, body: carriedBytes(bytes.content), isBase64Encoded: true };
  }
  if (body === undefined) return { statusCode: status, headers: { ...common, ...headers } };
  return {
    statusCode: status,
    headers: { ...common, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: carried(JSON.stringify(body)),
  };
};

/**
 * The handler of a function that people call: who it is, then which route, then whether the request fits, then the
 * answer. Errors leave as they are; the problem documents are made around it.
 */
export const dispatchPeople =
  <N extends FunctionName>(authenticate: Authenticate, table: RouteTable<N>) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const person = await authenticate(event.headers);
    const found = Object.hasOwn(table, event.routeKey)
      ? (table as Readonly<Record<string, CheckedRoute>>)[event.routeKey]
      : undefined;
    if (found === undefined) throw new NotFoundError(`no such route: ${event.routeKey}`);
    return toResult(await found.serve(event, person));
  };
