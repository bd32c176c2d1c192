import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paperKinds, planHazards } from '../../shared/domain/facility.ts';
import { allAlarmKinds, logKinds } from '../../shared/domain/reports.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import titles from '../fixtures/obligation-rows.json' with { type: 'json' };

const ROOT = new URL('../../', import.meta.url);
const PAGE = new URL('docs/obligations.md', ROOT);

/** Every table row of the page, as its five cells. */
const rows = readFileSync(PAGE, 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-H]\d* /.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

const linked = (cell: string): readonly URL[] =>
  [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => new URL(to ?? '', PAGE));

const words = new Set<string>([
  ...ruleNames,
  ...allAlarmKinds,
  ...logKinds,
  ...paperKinds,
  ...planHazards,
  'registration',
]);
/** Words of the API that are neither a rule nor a kind of anything. */
const others = new Set(['since', 'publishedAt', 'auditor', 'GET /v1/audit/uptime', 'GET /v1/audit/retention']);

describe('the page of obligations', () => {
  it('has every row of the list once, in its order, under its own title', () => {
    expect(rows.map(([id, title]) => [id, title])).toEqual(Object.entries(titles));
    expect(rows.length).toBe(112);
  });

  it.each(rows)(
    '%s %s: has an answer with its tests and pages, or is out with a reason',
    (id, _, answer, tests, pages) => {
      expect(answer).not.toMatch(/\b(planned|todo|later|not (yet|checked))\b/i);
      if (answer?.startsWith('**out**: ')) {
        expect(answer.length, `${id}: the reason`).toBeGreaterThan(20);
        expect([tests, pages]).toEqual(['–', '–']);
        return;
      }
      const [testFiles, pageFiles] = [linked(tests ?? ''), linked(pages ?? '')];
      expect(testFiles.length, `${id}: tests`).toBeGreaterThan(0);
      expect(pageFiles.length, `${id}: pages`).toBeGreaterThan(0);
      expect([...testFiles, ...pageFiles].filter((file) => !existsSync(file)).map(String)).toEqual([]);
      expect(testFiles.every(({ pathname }) => pathname.endsWith('.test.ts'))).toBe(true);
    },
  );

  it('names only rules, kinds and words that there are', () => {
    const named = rows.flatMap(([, , answer = '']) => [...answer.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? ''));
    expect([...new Set(named)].filter((word) => !words.has(word) && !others.has(word))).toEqual([]);
  });

  it('has every rule in some row', () => {
    const all = rows.map(([, , answer]) => answer).join(' ');
    const elsewhere = new Set(['clock-true', 'calendar-known', 'reachable']);
    expect(ruleNames.filter((rule) => !all.includes(`\`${rule}\``) && !elsewhere.has(rule))).toEqual([]);
  });
});
