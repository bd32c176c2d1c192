import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createSignatureSync } from 'http-message-sig';
import {
  formatKeyId,
  SIGNATURE_ALGORITHM,
  SIGNATURE_TAG,
  signedComponents,
} from '../shared/contracts/signature-profile.ts';

/** What a box signs with, and the name under which the registry knows it. */
export interface BoxIdentity {
  readonly facilityId: string;
  readonly box: string;
  readonly privateKey: KeyObject;
  /** Raw Ed25519 public key, base64url without padding: the key's id in the registry. */
  readonly key: string;
}

/** The raw public key of a private one. A JWK's `x` is exactly the base64url of the 32 raw bytes (RFC 8037). */
export const rawPublicKey = (privateKey: KeyObject): string => {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('a box signs with an Ed25519 key; this key is of another type');
  return x;
};

export const boxIdentity = (facilityId: string, box: string, privateKey: KeyObject): BoxIdentity => ({
  facilityId,
  box,
  privateKey,
  key: rawPublicKey(privateKey),
});

/** A fresh Ed25519 private key as PKCS #8 PEM, as `openssl genpkey -algorithm ed25519` writes it. */
export const newPrivateKeyPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

export const readPrivateKeyPem = (pem: string): KeyObject => createPrivateKey(pem);

/** `facility/box/key`: the key travels in the request, so the server can verify before it reads anything. */
export const keyIdOf = (identity: BoxIdentity): string => formatKeyId(identity);

/** RFC 9530, over the very bytes that are sent. */
export const contentDigestOf = (body: Uint8Array): string =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

/** The headers of one signed request. `createdMs` is the box's own clock; the server measures how far it is off. */
export const signedHeaders = (
  identity: BoxIdentity,
  request: { readonly method: string; readonly url: URL; readonly body: Uint8Array; readonly createdMs: number },
): Record<string, string> => {
  const covered = { 'content-type': 'application/json', 'content-digest': contentDigestOf(request.body) };
  const { signature, signatureInput } = createSignatureSync(
    {
      kind: 'request',
      method: request.method,
      targetUri: request.url.href,
      fields: Object.entries(covered).map(([name, value]) => ({ name, value })),
    },
    {
      label: 'sig1',
      components: signedComponents,
      parameters: { created: Math.floor(request.createdMs / 1000), keyid: keyIdOf(identity), tag: SIGNATURE_TAG },
      signer: { algorithm: SIGNATURE_ALGORITHM, sign: (data) => sign(null, data, identity.privateKey) },
    },
  );
  return { ...covered, 'signature-input': signatureInput, signature };
};
