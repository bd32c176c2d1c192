import { existsSync, readFileSync } from 'node:fs';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { packById, packFiles, packs } from '../../shared/rule-packs/index.ts';
import { packId, type RulePackFile } from '../../shared/rule-packs/inherit.ts';
import { checkRulePacks } from '../../shared/rule-packs/parse.ts';
import type { StoredFacts } from './diff.ts';

/** A pack by `name@version` among those that ship, or a draft by the path of its file. Throws with every fault of a draft. */
export const readPack = (named: string): RulePack => {
  const shipped = packById(named);
  if (shipped !== undefined) return shipped;
  if (!existsSync(named)) {
    throw new Error(`no pack and no file "${named}"; packs are: ${packs.map(packId).join(', ')}`);
  }
  return draftPack(JSON.parse(readFileSync(named, 'utf8')));
};

/** A draft beside the packs that ship; only its own faults count, not that it claims the days of the one it would follow. */
const draftPack = (draft: RulePackFile): RulePack => {
  const others = packFiles.filter((one) => packId(one) !== packId(draft) || draft.inherits === packId(one));
  const { packs: whole, faults } = checkRulePacks([...others, draft]);
  const own = faults.filter(({ path, message }) => path.startsWith(packId(draft)) && !message.startsWith('overlaps'));
  if (own.length > 0) throw new Error(own.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const pack = whole.findLast((one) => packId(one) === packId(draft));
  if (pack === undefined)
    throw new Error(`${packId(draft)} cannot be read: ${faults.map((one) => one.path).join(', ')}`);
  return pack;
};

/** Stored facts from a file: a JSON array of `{ facility, rows: { facility, boxes, coverage }, atMs }`. */
export const readRows = (path: string): readonly StoredFacts[] => {
  const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(stored)) throw new Error(`${path} is no JSON array of { facility, rows, atMs }`);
  stored.forEach((one, at) => {
    const missing = ['facility', 'rows', 'atMs'].filter((key) => !Object.hasOwn(Object(one), key));
    if (missing.length > 0) throw new Error(`${path}: entry ${at} has no ${missing.join(', ')}`);
  });
  return stored as readonly StoredFacts[];
};
