import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { packDigest } from '../../shared/evidence/pack-digest.ts';
import type { Statement } from '../../shared/evidence/statement.ts';
import { packFiles, packId } from '../../shared/rule-packs/index.ts';

const digests = new Map<string, string>();

/** `name@version` of a pack, and SHA-256 of its text as it is published: there is no pack without a text. */
export const nameOf = (pack: RulePack): Statement['pack'] => {
  const id = packId(pack);
  const file = packFiles.find((one) => packId(one) === id);
  if (file === undefined) throw new Error(`the pack ${id} has no text`);
  const digest = digests.get(id) ?? packDigest(file);
  digests.set(id, digest);
  return { id, digest };
};
