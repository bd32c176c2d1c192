import * as z from 'zod';
import { type Issuer, signatureAlgorithms } from './token-verifier.ts';

const issuer = z.strictObject({
  issuer: z.url(),
  audience: z.string().min(1),
  jwksUri: z.url().optional(),
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1),
});

/** The setting `OIDC_ISSUERS`, parsed from JSON. Throws an error that names every fault. */
export const parseIssuers = (value: unknown): readonly Issuer[] => {
  const parsed = z.array(issuer).safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`is not a list of issuers: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
};
