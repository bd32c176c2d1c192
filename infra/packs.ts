import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packFiles, packs } from '../shared/rule-packs/index.ts';
import { packId } from '../shared/rule-packs/inherit.ts';
import { changesOf, effectsOn } from './packs/diff.ts';
import { isWritten, packDigest } from './packs/digest.ts';
import { pageOf } from './packs/page.ts';
import { readPack, readRows } from './packs/read.ts';

const USAGE = `npm run packs -- pages                        writes docs/jurisdictions/ from the packs
npm run packs -- digests                      writes the digests that hold each version to its text
npm run packs -- diff A B [--rows file.json]  what changed from A to B, and what B would have made of stored facts
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

const diff = (a: string, b: string, rows: string | undefined): readonly string[] => {
  const [before, after] = [readPack(a), readPack(b)];
  const changes = changesOf(before, after).map(({ path, from, to }) => `${path}: ${from ?? '–'} → ${to ?? '–'}`);
  const said = [`${packId(before)} → ${packId(after)}: ${changes.length} entries differ`, ...changes];
  if (rows === undefined) return said;
  const stored = readRows(rows);
  const effects = effectsOn(stored, before, after);
  return [
    ...said,
    '',
    `${effects.length} verdicts of ${stored.length} facilities would have been others`,
    ...effects.map((one) => `${one.facilityId} ${one.about}: ${one.from} → ${one.to}`),
  ];
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rows: { type: 'string' } } });
const [command, a, b] = positionals;
try {
  if (command === 'pages') pages();
  else if (command === 'digests') digests();
  else if (command === 'diff' && a !== undefined && b !== undefined) console.log(diff(a, b, values.rows).join('\n'));
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
