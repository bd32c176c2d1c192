import { createHash } from 'node:crypto';
import { canonicalJson } from '../evidence/canonical-json.ts';

export { canonicalJson };

/**
 * SHA-256 (hex) of the canonical report, by which a reused id with another body is told apart. Without `ageMs`: it is the
 * age at sending, so it differs each time the very same report is sent again.
 */
export const reportDigest = (wire: object): string => {
  const { ageMs: _, ...lasting } = wire as { ageMs?: number };
  return createHash('sha256').update(canonicalJson(lasting)).digest('hex');
};
