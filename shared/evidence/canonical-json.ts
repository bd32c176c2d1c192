import { EvidenceError } from './evidence-error.ts';

/** One spelling of one value: keys sorted, no spaces. For values that `JSON.parse` made. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
};

/** The bytes of a value that is to be sealed. */
export const canonicalBytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value));

/**
 * The value behind bytes in that one spelling. Throws `malformed` for any other: with two spellings a sealed file could be
 * changed and say the same. Whatever the bytes are, nothing else is thrown.
 */
export const parseCanonical = (bytes: Uint8Array, what: string): unknown => {
  let text: string;
  let value: unknown;
  let again: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
    // Nested a million deep, it overflows the stack here: no evidence of ours is.
    again = canonicalJson(value);
  } catch {
    throw new EvidenceError('malformed', `The ${what} is not JSON in UTF-8.`);
  }
  if (again !== text) {
    throw new EvidenceError('malformed', `The ${what} is JSON in another spelling than the one that is sealed.`);
  }
  return value;
};
