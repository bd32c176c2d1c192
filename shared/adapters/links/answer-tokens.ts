import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { NotFoundError, UnavailableError } from '../../domain/errors.ts';
import type { AnswerTokens, LinkKey } from '../../ports/answer-tokens.ts';

const LOOKUP_BYTES = 8;
const MAC_BYTES = 12;
/** `<lookup>.<mac>`, both base64url without padding: 11 and 16 characters. */
const tokenPattern = /^([\w-]{11})\.([\w-]{16})$/;

/** No part of a key holds a bar: ids are made of letters, digits and `~ . / -`. */
const lookupOf = ({ incidentId, noticeId, contact }: LinkKey): string =>
  createHash('sha256')
    .update(`${incidentId}|${noticeId}|${contact}`)
    .digest()
    .subarray(0, LOOKUP_BYTES)
    .toString('base64url');

const macOf = async (readSecret: () => Promise<string>, lookup: string): Promise<Buffer> => {
  const secret = await readSecret().catch((cause: unknown) => {
    // Ours to mend, and loudly: answered as "not found" it would look like a link that was copied in part.
    throw cause instanceof NotFoundError
      ? new UnavailableError('the secret of answer links is gone', { cause })
      : cause;
  });
  return createHmac('sha256', secret).update(lookup).digest().subarray(0, MAC_BYTES);
};

/**
 * Tokens by HMAC-SHA-256. The lookup alone opens nothing: whoever can guess an incident's id can compute it, but not the
 * part after the dot. `readSecret` is asked each time and keeps what it was told as long as it likes.
 */
export const makeAnswerTokens = (readSecret: () => Promise<string>): AnswerTokens => ({
  tokenFor: async (key) => {
    const lookup = lookupOf(key);
    return { lookup, token: `${lookup}.${(await macOf(readSecret, lookup)).toString('base64url')}` };
  },

  verify: async (token) => {
    const [, lookup, mac] = tokenPattern.exec(token) ?? [];
    if (lookup === undefined || mac === undefined) return undefined;
    const given = Buffer.from(mac, 'base64url');
    return timingSafeEqual(given, await macOf(readSecret, lookup)) ? lookup : undefined;
  },
});
