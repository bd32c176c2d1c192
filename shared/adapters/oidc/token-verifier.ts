import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { TokenRefusedError, UnavailableError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenVerifier } from '../../ports/identity.ts';

/** Signatures that only the issuer can make. HMAC is not among them: its verifier could sign too. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** One issuer that we believe, for tokens made for us, signed with these algorithms and no others. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  /** Absent = ask the issuer's discovery document. */
  readonly jwksUri?: string | undefined;
  readonly algorithms: readonly SignatureAlgorithm[];
}

export interface TokenVerifierOptions {
  readonly issuers: readonly Issuer[];
  readonly clock: Clock;
  /** Replaces the network. */
  readonly fetch?: FetchImplementation;
}

const FETCH_TIMEOUT_MS = 3_000;
const CLOCK_TOLERANCE_SECONDS = 30;
const LONGEST_TOKEN = 16_384;
/** No blank may hide in a name that authorizes. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;

const isLoopback = (url: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

/** Keys are fetched over TLS; plain HTTP only from this very machine. */
const secureUrl = (text: string): URL => {
  const url = new URL(text);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url;
  throw new Error(`${text}: keys must come over https`);
};

const checkIssuer = (issuer: Issuer): void => {
  secureUrl(issuer.issuer);
  if (issuer.jwksUri !== undefined) secureUrl(issuer.jwksUri);
  if (issuer.audience === '') throw new Error(`${issuer.issuer}: no audience`);
  const unknown = issuer.algorithms.filter((name) => !signatureAlgorithms.includes(name));
  if (issuer.algorithms.length === 0 || unknown.length > 0) {
    throw new Error(`${issuer.issuer}: algorithms must be some of ${signatureAlgorithms.join(', ')}`);
  }
};

/** The issuer's keys as one function. It throws `UnavailableError` if the issuer does not answer: no fault of the token. */
const keysOf = (issuer: Issuer, fetchImpl: FetchImplementation): JWTVerifyGetKey => {
  let found: Promise<JWTVerifyGetKey> | undefined;
  const discover = async (): Promise<string> => {
    const url = `${issuer.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetchImpl(url, {
      method: 'GET',
      headers: new Headers({ accept: 'application/json' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    const metadata = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (metadata.issuer !== issuer.issuer) throw new Error(`${url} speaks for another issuer`);
    if (typeof metadata.jwks_uri !== 'string') throw new Error(`${url} names no jwks_uri`);
    return metadata.jwks_uri;
  };
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(secureUrl(issuer.jwksUri ?? (await discover())), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      [customFetch]: fetchImpl,
    });
  return async (header, token) => {
    try {
      found ??= open();
      return await (await found)(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      // The next request asks anew: a failed discovery must not stay.
      found = undefined;
      throw new UnavailableError(`the keys of ${issuer.issuer} cannot be read now`, { cause });
    }
  };
};

const unverifiedClaims = (token: string): JWTPayload => {
  try {
    return decodeJwt(token);
  } catch (cause) {
    throw new TokenRefusedError('not a JWT', { cause });
  }
};

const reasonOf = (error: errors.JOSEError): string => {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `claim ${error.claim} is missing or not as required`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'signed with an algorithm that this issuer does not use';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey) return 'signed with a key that the issuer does not publish';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'it does not say which of the keys signed it (kid)';
  return 'not a signed JWT';
};

const refuse = (cause: unknown): never => {
  if (cause instanceof errors.JOSEError) throw new TokenRefusedError(reasonOf(cause), { cause });
  throw cause;
};

/**
 * Verifies OIDC tokens of the given issuers: signature, issuer, audience, expiry, and the algorithm pinned per issuer.
 * Keys are cached for ten minutes and fetched again when a token names a new one. Throws at once on a setting that
 * could not be trusted; without any issuer it refuses every token.
 */
export const makeTokenVerifier = ({
  issuers,
  clock,
  fetch: fetchImpl = fetch,
}: TokenVerifierOptions): TokenVerifier => {
  issuers.forEach(checkIssuer);
  const known = issuers.map((issuer) => ({ ...issuer, keys: keysOf(issuer, fetchImpl) }));

  const issuerFor = ({ iss, aud }: JWTPayload) => {
    const named = known.filter(({ issuer }) => issuer === iss);
    if (named.length === 0) throw new TokenRefusedError('its issuer is not known here');
    const audiences = typeof aud === 'string' ? [aud] : (aud ?? []);
    const found = named.find(({ audience }) => audiences.includes(audience));
    if (found === undefined) throw new TokenRefusedError('it was made for another audience');
    return found;
  };

  return {
    async verify(token) {
      if (token.length > LONGEST_TOKEN) throw new TokenRefusedError('the token is too long');
      const { issuer, audience, algorithms, keys } = issuerFor(unverifiedClaims(token));
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        currentDate: new Date(clock()),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      }).catch(refuse);
      if (payload.sub === undefined || !SUBJECT.test(payload.sub)) {
        throw new TokenRefusedError('claim sub is missing or not as required');
      }
      return `${issuer}|${payload.sub}`;
    },
  };
};
