import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packFiles, packs } from '../shared/rule-packs/index.ts';
import { packId } from '../shared/rule-packs/inherit.ts';
import { changesOf, effectsOn, type StoredFacts } from './packs/diff.ts';
import { isWritten, packDigest } from './packs/digest.ts';
import { pageOf } from './packs/page.ts';
import { readPack, readRows } from './packs/read.ts';
import { readStored } from './packs/stored.ts';
import { hasTables } from './recompute/tables.ts';

const USAGE = `npm run packs -- pages                        writes docs/jurisdictions/ from the packs
npm run packs -- digests                      writes the digests that hold each version to its text
npm run packs -- diff A B [--data folder]     what changed from A to B, and what B would have made of stored facts: those of
                                              a local stack, running or not (.local, if a stack ran there)
npm run packs -- diff A B --rows file.json    the same over facts from a file
  A, B: name@version, or the file of a draft
  file.json: [{ "facility": …, "rows": { "facility": …, "boxes": […], "coverage": […] }, "atMs": … }]`;

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const PAGES = 'docs/jurisdictions';
const DIGESTS = 'test/fixtures/pack-digests.json';

/** The demonstration is no jurisdiction. */
const pages = (): void => {
  mkdirSync(at(PAGES), { recursive: true });
  for (const pack of packs.filter((one) => one.byNameOnly !== true)) {
    writeFileSync(join(at(PAGES), `${pack.name}.md`), pageOf(pack));
  }
};

const digests = (): void => {
  const all = Object.fromEntries(packFiles.filter(isWritten).map((file) => [packId(file), packDigest(file)]));
  writeFileSync(at(DIGESTS), `${JSON.stringify(all, undefined, 2)}\n`);
};

const diff = (a: string, b: string, stored: readonly StoredFacts[] | undefined): readonly string[] => {
  const [before, after] = [readPack(a), readPack(b)];
  const changes = changesOf(before, after).map(({ path, from, to }) => `${path}: ${from ?? '–'} → ${to ?? '–'}`);
  const said = [`${packId(before)} → ${packId(after)}: ${changes.length} entries differ`, ...changes];
  if (stored === undefined) return said;
  const effects = effectsOn(stored, before, after);
  return [
    ...said,
    '',
    `${effects.length} verdicts of ${stored.length} facilities would have been others`,
    ...effects.map((one) => `${one.facilityId} ${one.about}: ${one.from} → ${one.to}`),
  ];
};

/** Absent: neither was asked for, and no stack ran in the usual place. */
const storedFacts = async (rows?: string, data?: string): Promise<readonly StoredFacts[] | undefined> => {
  if (rows !== undefined) return readRows(rows);
  const folder = data ?? at('.local');
  return data === undefined && !hasTables(folder) ? undefined : readStored(resolve(folder));
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string' }, data: { type: 'string' } },
});
const [command, a, b] = positionals;
try {
  if (command === 'pages') pages();
  else if (command === 'digests') digests();
  else if (command === 'diff' && a !== undefined && b !== undefined)
    console.log(diff(a, b, await storedFacts(values.rows, values.data)).join('\n'));
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
