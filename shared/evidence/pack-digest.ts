import { createHash } from 'node:crypto';
import { canonicalBytes } from './canonical-json.ts';

/**
 * SHA-256 (hex) of a pack as it is written, by which a statement names its rules. Its end is no part of it: a pack may be
 * ended when its next version begins.
 */
export const packDigest = <File extends object>(file: File & { readonly effectiveTo?: string }): string => {
  const { effectiveTo: _end, ...lasting } = file;
  return createHash('sha256')
    .update(canonicalBytes(JSON.parse(JSON.stringify(lasting))))
    .digest('hex');
};
