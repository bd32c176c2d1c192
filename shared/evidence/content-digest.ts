import { createHash, timingSafeEqual } from 'node:crypto';
import { type Dictionary, parseDictionary } from 'structured-headers';
import { type DigestAlgorithm, digestAlgorithms } from '../contracts/signature-profile.ts';

const known = Object.keys(digestAlgorithms) as DigestAlgorithm[];

const parsed = (field: string): Dictionary | undefined => {
  try {
    return parseDictionary(field);
  } catch {
    return undefined;
  }
};

const isDigestOf = (claimed: unknown, algorithm: DigestAlgorithm, body: Uint8Array): boolean => {
  if (!Array.isArray(claimed) || !(claimed[0] instanceof ArrayBuffer)) return false;
  const actual = createHash(digestAlgorithms[algorithm]).update(body).digest();
  return claimed[0].byteLength === actual.length && timingSafeEqual(new Uint8Array(claimed[0]), actual);
};

/**
 * Why an RFC 9530 `content-digest` does not fit these raw bytes, or undefined if it does. Algorithms that we do not know
 * are ignored, as the RFC wants it; of those that we know at least one must be there and all must fit.
 */
export const digestFault = (field: string, body: Uint8Array): string | undefined => {
  const members = parsed(field);
  if (members === undefined) return 'content-digest is not a structured field dictionary';
  const claimed = known.filter((algorithm) => members.has(algorithm));
  if (claimed.length === 0) return `content-digest names none of ${known.join(', ')}`;
  const wrong = claimed.find((algorithm) => !isDigestOf(members.get(algorithm), algorithm, body));
  return wrong && `the ${wrong} of content-digest is not that of the ${body.length} bytes that arrived`;
};
