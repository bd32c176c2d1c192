import * as z from 'zod';
import { linkTokenPattern } from './answer-link.ts';
import { exportView } from './audit.ts';
import { type Named, type Operation, operations } from './openapi/operations.ts';
import { facilityIdPattern, shortIdPattern } from './patterns.ts';
import { type ProblemCode, problemKinds } from './problems.ts';
import { problemSchema } from './reports/answer.ts';
import { MOST_REPORTS } from './reports/report.ts';
import { type Route, type RouteCaller, type RouteKey, routeKey, routes } from './routes.ts';
import { XLSX_TYPE } from './sheet-format.ts';
import { SIGNATURE_TAG, signedComponents } from './signature-profile.ts';
import { TOKEN_HEADER } from './token-header.ts';

type Json = Record<string, unknown>;

const ABOUT = `Cradlewatch watches that nurseries are watched. Boxes report; duty officers are alerted, answer and close;
auditors ask what was recorded, kept, missed and answered; registrars keep facilities, boxes and people.

Times are RFC 3339 with Z or an offset. Unknown fields are refused by name. Every refusal is a problem document
(RFC 9457) with a stable \`code\` and says what to do next. 429 and 503 carry Retry-After: nothing was lost, send the same
again.`;

const SIGNING = `RFC 9421 HTTP Message Signatures by the key of the box (Ed25519), over an RFC 9530 content digest.

1. \`Content-Digest: sha-256=:<base64 of the SHA-256 of the body bytes>:\` (or sha-512).
2. \`Signature-Input: sig1=(${signedComponents.map((name) => `"${name}"`).join(' ')});created=<Unix seconds>;keyid="<facility>/<box>/<public key>";tag="${SIGNATURE_TAG}"\`
   with exactly these components in any order; the public key is the raw 32 bytes in base64url without padding.
3. \`Signature: sig1=:<base64 of the Ed25519 signature over the signature base>:\`.

\`@authority\` must be a host name of this API. \`created\` is your clock: it is measured and never a reason to refuse. A
refused signature is answered with the base that we computed.`;

/** Codes that every route of a caller may be answered with. */
const commonProblems: Readonly<Record<RouteCaller, readonly ProblemCode[]>> = {
  box: [
    'not-json',
    'signature-missing',
    'signature-invalid',
    'digest-mismatch',
    'authority-unknown',
    'key-not-live',
    'too-large',
    'not-json-content-type',
    'too-many-reports',
    'report-invalid',
    'too-many-requests',
    'internal',
    'conflict',
    'unavailable',
  ],
  // A route without a query refuses one too: a misspelt filter must not look like a filter.
  person: [
    'query-invalid',
    'token-missing',
    'token-refused',
    'forbidden',
    'too-many-requests',
    'internal',
    'conflict',
    'unavailable',
  ],
  anyone: ['too-many-requests', 'internal', 'unavailable'],
};

/** A body brings its own ways to be wrong. */
const bodyProblems: readonly ProblemCode[] = ['not-json', 'too-large', 'not-json-content-type'];
const csvProblems: readonly ProblemCode[] = ['not-csv', 'too-large', 'not-csv-content-type'];

const jsonSchema = (schema: z.core.$ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const refTo = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

const pathParameters: Readonly<Record<string, { readonly description: string; readonly schema: Json }>> = {
  facility: { description: 'Id of the facility.', schema: { type: 'string', pattern: facilityIdPattern.source } },
  division: {
    description: 'Prefix of a division: 2, 4, 6, 9 or 12 digits.',
    schema: { type: 'string', maxLength: 12 },
  },
  area: { description: 'Id of the area.', schema: { type: 'string', pattern: shortIdPattern.source } },
  box: { description: 'Id of the box.', schema: { type: 'string', pattern: shortIdPattern.source } },
  hold: { description: 'Id of the order to keep.', schema: { type: 'string', pattern: shortIdPattern.source } },
  key: {
    description: 'Raw Ed25519 public key of 32 bytes, base64url without padding.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
  },
  post: {
    description: '`<department>~<division>` or `facility~<facility id>`.',
    schema: { type: 'string', maxLength: 130 },
  },
  test: { description: 'Id of the channel test.', schema: { type: 'string', maxLength: 64 } },
  window: { description: 'Id of the drill or mute.', schema: { type: 'string', maxLength: 64 } },
  incident: { description: 'Id of the incident.', schema: { type: 'string', maxLength: 300 } },
  token: {
    description: 'What names the delivery, and proves that we made the link.',
    schema: { type: 'string', pattern: linkTokenPattern.source },
  },
  export: { description: 'Id of the export.', schema: { type: 'string', maxLength: 200 } },
  subject: {
    description:
      '`<issuer>|<sub>` of the person, percent-encoded twice: the gateway decodes a path before it chooses the route, so that a slash encoded once would split it.',
    schema: { type: 'string', maxLength: 2_048 },
  },
};

const pathParametersOf = (path: string): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...pathParameters[name],
  }));

const queryParametersOf = (query: z.core.$ZodType | undefined): Json[] => {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const signatureHeaders: readonly Json[] = ['Content-Digest', 'Signature-Input', 'Signature'].map((name) => ({
  $ref: `#/components/parameters/${name}`,
}));

/** A CSV is described by its example: a schema says nothing about columns. */
const csvBodyOf = (example: string): Json => ({
  requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' }, example } } },
});

const requestBodyOf = ({ body, csvBody, page }: Operation): Json => {
  if (page?.form !== undefined) {
    return {
      requestBody: {
        required: true,
        content: { 'application/x-www-form-urlencoded': { schema: refTo(page.form.name) } },
      },
    };
  }
  if (csvBody !== undefined) return csvBodyOf(csvBody);
  if (body === undefined) return {};
  const one = refTo(body.name);
  const schema = body.orArray
    ? { oneOf: [one, { type: 'array', items: one, minItems: 1, maxItems: MOST_REPORTS }] }
    : one;
  return { requestBody: { required: true, content: { 'application/json': { schema, example: body.example } } } };
};

const problemsOf = ({ caller, path }: Route, { body, csvBody, problems = [] }: Operation): readonly ProblemCode[] => [
  ...new Set([
    ...commonProblems[caller],
    ...(body === undefined || caller === 'box' ? [] : bodyProblems),
    ...(csvBody === undefined ? [] : csvProblems),
    ...problems,
    ...(path.includes('{') ? (['path-invalid'] as const) : []),
  ]),
];

const problemExample = (code: ProblemCode): Json => {
  const { status, title, todo } = problemKinds[code];
  return { value: { type: `urn:cradlewatch:problem:${code}`, title, status, detail: todo, code } };
};

/** One response per status, with an example for each of its codes. */
const problemResponses = (codes: readonly ProblemCode[]): Json => {
  const byStatus = Map.groupBy(codes, (code) => problemKinds[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join(' '),
        ...(status === 429 || status >= 500 ? { headers: { 'Retry-After': { schema: { type: 'integer' } } } } : {}),
        content: {
          'application/problem+json': {
            schema: refTo('Problem'),
            examples: Object.fromEntries(ofStatus.map((code) => [code, problemExample(code)])),
          },
        },
      },
    ]),
  );
};

/** A CSV that is too large for an answer is kept, and the answer says where. */
const jsonOf = (answer: Named, csv: boolean | undefined): Json =>
  csv ? { oneOf: [refTo(answer.name), refTo('Export')] } : refTo(answer.name);

const htmlResponse = (description: string): Json => ({
  description,
  content: { 'text/html': { schema: { type: 'string' } } },
});

/** Whoever opens a page is told on a page what is wrong, not by a problem document. */
const pageResponses = (summary: string, { refusals }: NonNullable<Operation['page']>): Json => ({
  '200': htmlResponse(summary),
  ...Object.fromEntries(Object.entries(refusals).map(([status, meaning]) => [status, htmlResponse(meaning)])),
});

const successOf = ({ answer, csv, text, summary, later }: Operation): Json =>
  answer === undefined && !csv && text === undefined
    ? { '204': { description: 'Done.' } }
    : {
        [later ? '202' : '200']: {
          description: summary,
          content: {
            ...(answer ? { 'application/json': { schema: jsonOf(answer, csv) } } : {}),
            ...(csv ? { 'text/csv': { schema: { type: 'string' } } } : {}),
            ...(csv && answer ? { [XLSX_TYPE]: { schema: { type: 'string', format: 'binary' } } } : {}),
            ...(text === undefined ? {} : { [text]: { schema: { type: 'string' } } }),
          },
        },
      };

const security: Readonly<Record<RouteCaller, readonly Json[]>> = {
  box: [{ messageSignature: [] }],
  person: [{ bearer: [] }, { token: [] }],
  anyone: [],
};

const operationOf = (route: Route): Json => {
  const operation = operations[routeKey(route) as RouteKey];
  const parameters = [
    ...pathParametersOf(route.path),
    ...queryParametersOf(operation.query),
    ...(route.caller === 'box' ? signatureHeaders : []),
  ];
  return {
    operationId: operation.id,
    tags: [route.serves],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: security[route.caller],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBodyOf(operation),
    responses: operation.page
      ? pageResponses(operation.summary, operation.page)
      : { ...successOf(operation), ...problemResponses(problemsOf(route, operation)) },
  };
};

const pathsOf = (): Json => {
  const byPath = Map.groupBy<string, Route>(routes, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, ofPath]) => [
      path,
      Object.fromEntries(ofPath.map((route) => [route.method.toLowerCase(), operationOf(route)])),
    ]),
  );
};

const componentsOf = (): Json => {
  const named = (part: Named | undefined, io: 'input' | 'output') =>
    part === undefined ? [] : [[part.name, jsonSchema(part.schema, io)] as const];
  return Object.fromEntries([
    ['Problem', jsonSchema(problemSchema, 'output')],
    ['Export', jsonSchema(exportView, 'output')],
    ...Object.values(operations).flatMap(({ body, answer, page }) => [
      ...named(body, 'input'),
      ...named(page?.form, 'input'),
      ...named(answer, 'output'),
    ]),
  ]);
};

const headerParameter = (name: string, description: string): Json => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

/** The OpenAPI 3.1 document of this API, from the routes and the very schemas that check the input. */
export const buildOpenApi = (): Json => ({
  openapi: '3.1.1',
  info: {
    title: 'Cradlewatch',
    version: '1',
    description: ABOUT,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  paths: pathsOf(),
  components: {
    schemas: componentsOf(),
    parameters: {
      'Content-Digest': headerParameter('Content-Digest', 'RFC 9530: sha-256 or sha-512 of the body bytes.'),
      'Signature-Input': headerParameter('Signature-Input', 'RFC 9421: what is signed, when, by whom.'),
      Signature: headerParameter('Signature', 'RFC 9421: the Ed25519 signature over the signature base.'),
    },
    securitySchemes: {
      messageSignature: { type: 'apiKey', in: 'header', name: 'Signature', description: SIGNING },
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'OIDC token of an issuer that this stack trusts. Roles come from our own registry, not from claims.',
      },
      token: {
        type: 'apiKey',
        in: 'header',
        name: TOKEN_HEADER,
        description: 'The same token, without its scheme, where SigV4 has taken Authorization (`ingress: iam`).',
      },
    },
  },
});
