import { createHash } from 'node:crypto';
import type { RulePackFile } from '../../shared/rule-packs/inherit.ts';
import { canonicalJson } from '../../shared/runtime/canonical-json.ts';

/** SHA-256 (hex) of a pack as it is written. Its end is no part of it: a pack may be ended when its next version begins. */
export const packDigest = (file: RulePackFile): string => {
  const { effectiveTo: _end, ...lasting } = file;
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(lasting))))
    .digest('hex');
};

/** The demonstrations over other places are made from the demo and the place, and change with them. */
export const isWritten = (file: RulePackFile): boolean => !file.name.startsWith('demo-');
