/** A request as it arrived: header names in lower case, the body as raw bytes. */
export interface SignedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Who signed. Whether that key is live for that box is another question. */
export interface VerifiedSignature {
  readonly ok: true;
  readonly facilityId: string;
  readonly box: string;
  /** Raw 32-byte Ed25519 public key, base64url. */
  readonly key: string;
  /** By the signer's clock. */
  readonly createdMs: number;
  /** What was signed (RFC 9421 §2.5), to the byte, and the signature over it: whoever keeps both can show it again. */
  readonly signatureBase: Uint8Array;
  readonly signature: Uint8Array;
}

export interface RefusedSignature {
  readonly ok: false;
  readonly code: 'signature-missing' | 'signature-invalid' | 'digest-mismatch' | 'authority-unknown';
  /** The part that fails, such as `content-digest` or `@authority`. */
  readonly part: string;
  readonly detail: string;
  /** What we computed, so that the signer can compare it with the bytes that it signed. */
  readonly signatureBase?: string;
}

/** Checks digest and signature over the raw bytes. Never throws for what a caller sent. */
export type VerifyRequest = (request: SignedRequest) => Promise<VerifiedSignature | RefusedSignature>;
