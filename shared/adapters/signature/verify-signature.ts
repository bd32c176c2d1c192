import { verify } from 'node:crypto';
import {
  type ComponentDescriptor,
  isSignatureError,
  type RequestDescriptor,
  SignatureErrorCode,
  type SignatureParameters,
  type VerificationPolicy,
  type Verifier,
  verifySignature,
} from 'http-message-sig';
import {
  optionalParameters,
  parseKeyId,
  requiredParameters,
  SIGNATURE_ALGORITHM,
  SIGNATURE_TAG,
  signedComponents,
} from '../../contracts/signature-profile.ts';
import { digestFault } from '../../evidence/content-digest.ts';
import type {
  RefusedSignature,
  SignedRequest,
  VerifiedSignature,
  VerifyRequest,
} from '../../ports/request-verifier.ts';
import { makePublicKeys } from './public-keys.ts';
import { signatureBaseOf } from './signature-base.ts';

const neededHeaders = ['signature-input', 'signature', 'content-digest', 'content-type', 'host'] as const;
const allowedParameters: ReadonlySet<string> = new Set([...requiredParameters, ...optionalParameters]);
const allowedComponents: ReadonlySet<string> = new Set(signedComponents);

/** 2286 in seconds: beyond it our keys would not sort. */
const LATEST_CREATED = 9_999_999_999;

/**
 * Clocks of boxes are measured and not trusted, and a wrong one must not lock a box out: the library's own comparison of
 * `created` with a clock is given all the room there is.
 */
const policy: VerificationPolicy<Verifier> = {
  algorithms: [SIGNATURE_ALGORITHM],
  requiredComponents: signedComponents,
  requiredParameters,
  clockSkew: Number.MAX_SAFE_INTEGER,
  now: 0,
};

/** A refusal on its way through the library, which keeps it as the cause of its own error. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly part: string;

  constructor(part: string, detail: string) {
    super(detail);
    this.part = part;
  }
}

/** Lower case, without the port that https implies: what `@authority` is made of (RFC 9421 §2.2.3). */
const normalizeAuthority = (host: string): string => host.trim().toLowerCase().replace(/:443$/, '');

const isOfProfile = ({ name, parameters }: ComponentDescriptor): boolean =>
  allowedComponents.has(name) && Object.keys(parameters).length === 0;

const isSane = (created: number | undefined): boolean =>
  created !== undefined && created >= 0 && created <= LATEST_CREATED;

/** What the signature says of itself, held against the profile before its key is looked at. */
const profileFault = (parameters: SignatureParameters, components: readonly ComponentDescriptor[]) => {
  const component = components.find((each) => !isOfProfile(each));
  if (component) return `component ${component.name} is not one of ${signedComponents.join(' ')}, plain`;
  const extra = Object.keys(parameters).find((name) => !allowedParameters.has(name));
  if (extra) return `parameter ${extra} is not one of ${[...allowedParameters].join(' ')}`;
  if (parameters.tag !== SIGNATURE_TAG) return `parameter tag must be "${SIGNATURE_TAG}"`;
  if (!isSane(parameters.created)) return 'parameter created must be whole seconds since 1970';
  return undefined;
};

/** Only what may be signed: other headers may hold bytes that the library refuses, and are none of its business. */
const describeRequest = ({ method, path, headers }: SignedRequest, authority: string): RequestDescriptor => ({
  kind: 'request',
  method,
  targetUri: `https://${authority}${path}`,
  fields: (['content-type', 'content-digest', 'signature-input', 'signature'] as const).map((name) => ({
    name,
    value: headers[name] ?? '',
  })),
});

const partOfCode: Partial<Record<SignatureErrorCode, string>> = {
  [SignatureErrorCode.VerificationFailed]: 'signature',
  [SignatureErrorCode.AlgorithmMismatch]: 'alg',
};

const refuse = (code: RefusedSignature['code'], part: string, detail: string): RefusedSignature => ({
  ok: false,
  code,
  part,
  detail,
});

const refusalOf = (error: unknown): RefusedSignature => {
  if (!isSignatureError(error)) throw error;
  if (error.cause instanceof RefusedError) {
    return refuse('signature-invalid', error.cause.part, error.cause.message);
  }
  const isWrong = error.code === SignatureErrorCode.VerificationFailed;
  const detail = isWrong ? 'the signature does not fit the base under the key of the keyid' : error.message;
  return refuse('signature-invalid', partOfCode[error.code] ?? 'signature-input', detail);
};

const BAD_KEYID =
  'keyid must be facility/box/base64url(raw Ed25519 public key), the key canonical and not of low order';

type Signed = Pick<VerifiedSignature, 'signatureBase' | 'signature'>;

const makeVerifierOf = () => {
  const publicKeyOf = makePublicKeys();
  /** `seen` hears what fitted, because the library hands on neither base nor signature. */
  return (
    parameters: SignatureParameters,
    components: readonly ComponentDescriptor[],
    seen: (signed: Signed) => void,
  ): Verifier => {
    const fault = profileFault(parameters, components);
    if (fault) throw new RefusedError('signature-input', fault);
    const keyId = parseKeyId(parameters.keyid ?? '');
    const publicKey = keyId && publicKeyOf(keyId.key);
    if (publicKey === undefined) throw new RefusedError('keyid', BAD_KEYID);
    return {
      algorithm: SIGNATURE_ALGORITHM,
      verify: (base, signature) => {
        if (signature.length !== 64 || !verify(null, base, publicKey, signature)) return false;
        seen({ signatureBase: base, signature });
        return true;
      },
    };
  };
};

/**
 * Verifies that a request was signed by the key of its `keyid`, for one of our authorities, over the very bytes that
 * arrived. Whether that key is enrolled for that box is asked later, by the write itself. `created` is not compared
 * with our clock.
 */
export const makeVerifyRequest = (authorities: readonly string[]): VerifyRequest => {
  const accepted = new Set(authorities.map(normalizeAuthority));
  const verifierOf = makeVerifierOf();

  return async (request) => {
    const missing = neededHeaders.find((name) => !request.headers[name]);
    if (missing) return refuse('signature-missing', missing, `header ${missing} is missing`);
    const authority = normalizeAuthority(request.headers.host ?? '');
    if (!accepted.has(authority)) {
      return refuse('authority-unknown', '@authority', 'the Host of this request is not a name of this API');
    }
    const message = describeRequest(request, authority);
    try {
      const fault = digestFault(request.headers['content-digest'] ?? '', request.body);
      if (fault) return withBase(message, refuse('digest-mismatch', 'content-digest', fault));
      let signed: Signed | undefined;
      const { parameters } = await verifySignature(message, {
        policy,
        resolveVerifier: (candidate) =>
          verifierOf(candidate.parameters, candidate.components, (seen) => {
            signed = seen;
          }),
      });
      return verified(parameters, signed);
    } catch (error) {
      return withBase(message, refusalOf(error));
    }
  };
};

const verified = ({ keyid, created }: SignatureParameters, signed: Signed | undefined): VerifiedSignature => {
  const keyId = parseKeyId(keyid ?? '');
  if (keyId === undefined || created === undefined || signed === undefined)
    throw new Error('a signature was verified without keyid, created or base');
  return { ok: true, ...keyId, createdMs: created * 1_000, ...signed };
};

const withBase = (message: RequestDescriptor, refusal: RefusedSignature): RefusedSignature => {
  const signatureBase = signatureBaseOf(message);
  return signatureBase === undefined ? refusal : { ...refusal, signatureBase };
};
