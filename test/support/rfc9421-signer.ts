import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/*
 * A signer written from RFC 9421 and RFC 9530 alone, with node:crypto only: no library and no product code. If it and
 * the product disagree, one of them misreads the RFC.
 */

export interface TestKey {
  readonly privateKey: KeyObject;
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
}

export const makeTestKey = (): TestKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  if (x === undefined) throw new Error('an Ed25519 key without x');
  return { privateKey, publicKey: x };
};

export interface RequestToSign {
  readonly method?: string;
  readonly authority: string;
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly contentType?: string;
  readonly keyid: string;
  readonly privateKey: KeyObject;
  /** Seconds. */
  readonly created: number;
  readonly tag?: string;
  readonly label?: string;
  readonly components?: readonly string[];
  readonly digest?: 'sha-256' | 'sha-512';
  /** Further parameters, already serialized, such as `;alg="ed25519"`. */
  readonly moreParameters?: string;
}

export type SignedHeaders = Record<
  'host' | 'content-type' | 'content-digest' | 'signature-input' | 'signature',
  string
>;

/** RFC 9530 §2: a dictionary of byte sequences. */
export const contentDigest = (body: string | Uint8Array, algorithm: 'sha-256' | 'sha-512' = 'sha-256'): string => {
  const digest = createHash(algorithm.replace('-', '')).update(body).digest('base64');
  return `${algorithm}=:${digest}:`;
};

/** RFC 9421 §2.5: one line per component, then the parameters. */
export const signatureBase = (values: Readonly<Record<string, string>>, parameters: string): string => {
  const names = [...parameters.slice(1, parameters.indexOf(')')).matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '');
  const lines = names.map((name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for component ${name}`);
    return `"${name}": ${value}`;
  });
  return [...lines, `"@signature-params": ${parameters}`].join('\n');
};

export const profileComponents = ['@method', '@authority', '@path', 'content-type', 'content-digest'] as const;

export const signRequest = (request: RequestToSign): SignedHeaders => {
  const { method = 'POST', authority, path, body, contentType = 'application/json', label = 'sig1' } = request;
  const { components = profileComponents, tag = 'cradlewatch-v1', moreParameters = '' } = request;
  const digest = contentDigest(body, request.digest);
  const covered = components.map((name) => `"${name}"`).join(' ');
  const parameters = `(${covered});created=${request.created};keyid="${request.keyid}";tag="${tag}"${moreParameters}`;
  const base = signatureBase(
    {
      '@method': method,
      '@authority': authority.toLowerCase(),
      '@path': path,
      'content-type': contentType,
      'content-digest': digest,
    },
    parameters,
  );
  const signature = sign(null, Buffer.from(base), request.privateKey).toString('base64');
  return {
    host: authority,
    'content-type': contentType,
    'content-digest': digest,
    'signature-input': `${label}=${parameters}`,
    signature: `${label}=:${signature}:`,
  };
};
