import { createHmac } from 'node:crypto';

const ID_BYTES = 16;

/**
 * How a person is named in a record: the same person by the same id for as long as the salt stands, and nobody's name
 * without it. HMAC-SHA-256, cut to 16 bytes, base64url.
 */
export const personIdOf = (salt: Uint8Array, subject: string): string =>
  createHmac('sha256', salt).update(subject).digest().subarray(0, ID_BYTES).toString('base64url');
