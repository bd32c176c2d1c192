import { createHash } from 'node:crypto';

/** One spelling of one value: keys sorted, no spaces. For values that `JSON.parse` made. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
};

/**
 * SHA-256 (hex) of the canonical report, by which a reused id with another body is told apart. Without `ageMs`: it is the
 * age at sending, so it differs each time the very same report is sent again.
 */
export const reportDigest = (wire: object): string => {
  const { ageMs: _, ...lasting } = wire as { ageMs?: number };
  return createHash('sha256').update(canonicalJson(lasting)).digest('hex');
};
