import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { changesOf, effectsOn } from '../../infra/packs/diff.ts';
import { isWritten, packDigest } from '../../infra/packs/digest.ts';
import { pageOf } from '../../infra/packs/page.ts';
import { readPack, readRows } from '../../infra/packs/read.ts';
import { packFiles, packs } from '../../shared/rule-packs/index.ts';
import { packId, type RulePackFile } from '../../shared/rule-packs/inherit.ts';
import { aBox, aFacility, NOW, packNamed, rowsOf, SECOND_MS } from '../support/rows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'packs-'));
const written = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['infra/packs.ts', ...args], { cwd: root, encoding: 'utf8' });

describe('the pages of the jurisdictions', () => {
  const places = packs.filter((pack) => pack.byNameOnly !== true);

  it.each(places.map((pack) => [pack.name, pack] as const))('%s is as its pack says', (name, pack) => {
    // Not so? `npm run packs -- pages`
    expect(readFileSync(join(root, 'docs/jurisdictions', `${name}.md`), 'utf8')).toBe(pageOf(pack));
  });

  it('are there for every place, and for no other', () => {
    const expected = places.map(({ name }) => `${name}.md`).sort();
    expect(readdirSync(join(root, 'docs/jurisdictions')).sort()).toEqual(expected);
  });

  it('show the draft, the silences, the duties that are never breached and what nobody verified', () => {
    const changchun = pageOf(packNamed('changchun@1'));
    expect(changchun).toContain('**Consultation draft, not in force.**');
    expect(changchun).toContain('no plan, drill or evacuation anywhere in it');
    expect(changchun).toMatch(/`fire` \| 火灾\/烟雾报警 \| 市应急管理局、本级人民政府消防救援机构 \| – \|/);
    expect(changchun).toMatch(/`norovirus-5` .*original not seen/);
    expect(pageOf(packNamed('taizhou@1'))).toContain('`liability-insurance` (never breached)');
    expect(pageOf(packNamed('jiangyin@1')).split('## Alarms')[1]).not.toContain('应急管理');
  });
});

describe('a version of a pack', () => {
  it('keeps its text: whoever edits a pack raises its version', () => {
    // A pack was edited: give it a new version (end the old one by `effectiveTo`), then `npm run packs -- digests`.
    const pinned = JSON.parse(readFileSync(join(root, 'test/fixtures/pack-digests.json'), 'utf8'));
    expect(Object.fromEntries(packFiles.filter(isWritten).map((file) => [packId(file), packDigest(file)]))).toEqual(
      pinned,
    );
  });

  it('may be ended, and nothing else', () => {
    const [file] = packFiles;
    if (file === undefined) throw new Error('no packs');
    expect(packDigest({ ...file, effectiveTo: '2027-01-01' })).toBe(packDigest(file));
    expect(packDigest({ ...file, effectiveFrom: '2019-10-09' })).not.toBe(packDigest(file));
  });
});

describe('the difference of two packs', () => {
  const demo = packFiles.find((file) => file.name === 'demo');
  if (demo === undefined) throw new Error('no demo');
  const draft: RulePackFile = {
    ...demo,
    version: '2',
    thresholds: { ...demo.thresholds, silentAfterMs: { value: 60 * SECOND_MS, source: 'configuration' } },
  };
  /** A demo nursery whose box was heard thirty seconds ago: silent under the first version, not under the second. */
  const stored = [
    {
      facility: aFacility({ pack: 'demo', division: '321202' }),
      rows: rowsOf({ boxes: [aBox({ beatAtMs: NOW - 30 * SECOND_MS })] }),
      atMs: NOW,
    },
  ];

  it('names every entry that changed, and no other', () => {
    expect(changesOf(packNamed('demo@1'), readPack(written('demo-2.json', draft)))).toEqual([
      { path: 'version', from: '"1"', to: '"2"' },
      { path: 'thresholds.silentAfterMs.value', from: '15000', to: '60000' },
    ]);
    expect(changesOf(packNamed('taizhou@1'), packNamed('taizhou@1'))).toEqual([]);
  });

  it('shows what is there in one of them alone', () => {
    const changes = changesOf(packNamed('national@1'), packNamed('jiangyin@1'));
    expect(changes).toContainEqual({ path: 'departments.emergency.topic', from: '"emergency"' });
    expect(changes).toContainEqual({ path: 'departments.housing.topic', to: '"supervision"' });
  });

  it('shows which verdicts over stored facts would have been others', () => {
    const before = packNamed('demo@1');
    const effects = effectsOn(stored, before, readPack(written('demo-2.json', draft)));
    const silent = 'since 2026-03-02T01:59:45.000Z';
    expect(effects.map(({ about, from, to }) => `${about}: ${from} → ${to}`)).toEqual([
      `monitoring-running box/b1: breached (no-beat) ${silent} → met (beating)`,
      `alarm-system-running box/b1: unknown (box-silent) ${silent} → met (running)`,
      `clock-true box/b1: unknown (box-silent) ${silent} → met (clock-right)`,
      `area-covered area/play: unknown (box-silent) ${silent} → met (covered)`,
    ]);
    expect(effectsOn(stored, before, before)).toEqual([]);
  });

  it('is told on the command line, with stored facts from a file', () => {
    const rows = written('rows.json', stored);
    const drafted = written('demo-2.json', draft);
    const { stdout, stderr, status } = run('diff', 'demo@1', drafted, '--rows', rows);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain('demo@1 → demo@2: 2 entries differ');
    expect(stdout).toContain('thresholds.silentAfterMs.value: 15000 → 60000');
    expect(stdout).toContain('4 verdicts of 1 facilities would have been others');
  });

  it('refuses a draft with faults, naming each with its path', () => {
    const bad = {
      ...draft,
      version: '4',
      thresholds: { ...draft.thresholds, flapMs: { value: -1, source: 'configuration' }, closingAfterMs: 5 },
    };
    const { stderr, status } = run('diff', 'demo@1', written('demo-4.json', bad));
    expect(status).toBe(1);
    expect(stderr).toMatch(/demo@4\.thresholds\.flapMs\.value: Too small/);
    expect(stderr).toMatch(/demo@4\.thresholds: Unrecognized key: "closingAfterMs"/);
  });

  it('refuses a pack that is not there, and rows that are none', () => {
    expect(run('diff', 'demo@1', 'nowhere@7').stderr).toContain('no pack and no file "nowhere@7"');
    expect(() => readRows(written('no-rows.json', [{ facility: {} }]))).toThrow(/entry 0 has no rows, atMs/);
    expect(run().status).toBe(1);
  });
});
