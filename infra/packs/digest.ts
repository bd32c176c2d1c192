import type { RulePackFile } from '../../shared/rule-packs/inherit.ts';

export { packDigest } from '../../shared/evidence/pack-digest.ts';

/** The demonstrations over other places are made from the demo and the place, and change with them. */
export const isWritten = (file: RulePackFile): boolean => !file.name.startsWith('demo-');
