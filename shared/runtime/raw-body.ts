import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { RequestRefusedError } from './request-refused.ts';

/** The body as it arrived, before anything is parsed. */
export const rawBody = (event: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strict UTF-8, strict JSON. Throws `RequestRefusedError` (`not-json`). */
export const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new RequestRefusedError('not-json', `The body is not JSON in UTF-8: ${whyNot(cause)}.`);
  }
};

/** A text, and the colon behind it if it names a member. Of what is JSON already nothing else has quotes. */
const TEXT = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

const membersOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const within = Object.values(value).reduce<number>((sum, one) => sum + membersOf(one), 0);
  return Array.isArray(value) ? within : within + Object.keys(value).length;
};

/**
 * Whether every member stands in the bytes once. Of a name that comes twice the last is parsed, and the first says what
 * no schema has seen.
 */
export const saysAllOnce = (bytes: Uint8Array, parsed: unknown): boolean => {
  let named = 0;
  for (const [, colon] of utf8.decode(bytes).matchAll(TEXT)) if (colon !== undefined) named += 1;
  return named === membersOf(parsed);
};

/** Where, not what: the parser's own message would quote the body. */
const whyNot = (cause: unknown): string => {
  const position = cause instanceof SyntaxError ? /at position \d+/.exec(cause.message)?.[0] : undefined;
  return position ?? (cause instanceof SyntaxError ? 'it ends too early or is not JSON' : 'not UTF-8');
};
