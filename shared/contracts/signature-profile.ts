/*
 * How a box signs a request: RFC 9421 HTTP Message Signatures over an RFC 9530 content digest. Signer and verifier
 * share these constants and nothing else.
 */

/** Exactly these components are covered, in any order. */
export const signedComponents = ['@method', '@authority', '@path', 'content-type', 'content-digest'] as const;

/** Parameters that a signature must have … */
export const requiredParameters = ['created', 'keyid', 'tag'] as const;
/** … and those that it may have besides. */
export const optionalParameters = ['alg', 'nonce'] as const;

/** Keeps signatures made for something else from being sent to us. */
export const SIGNATURE_TAG = 'cradlewatch-v1';

export const SIGNATURE_ALGORITHM = 'ed25519';

/** Algorithms of `content-digest` that we check, by their node:crypto names. One must be there; all must fit. */
export const digestAlgorithms = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;
export type DigestAlgorithm = keyof typeof digestAlgorithms;

/** What a `keyid` says. */
export interface KeyId {
  readonly facilityId: string;
  readonly box: string;
  /** Raw 32-byte Ed25519 public key, base64url without padding. */
  readonly key: string;
}

export const formatKeyId = ({ facilityId, box, key }: KeyId): string => `${facilityId}/${box}/${key}`;

/** 43 characters hold 258 bits: the last one may only be one whose two spare bits are zero. */
const keyIdPattern = /^([a-z0-9][a-z0-9-]{0,63})\/([a-z0-9][a-z0-9-]{0,31})\/([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])$/;

/** Undefined if it is not `facility/box/base64url(raw public key)`. */
export const parseKeyId = (keyid: string): KeyId | undefined => {
  const [, facilityId, box, key] = keyIdPattern.exec(keyid) ?? [];
  if (facilityId === undefined || box === undefined || key === undefined) return undefined;
  return { facilityId, box, key };
};
