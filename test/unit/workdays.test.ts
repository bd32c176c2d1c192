import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryDays, makeWorkdayTable } from '../../infra/workdays.ts';
import { workdayTableSchema } from '../../shared/contracts/workdays.ts';
import { weekdayOf } from '../../shared/domain/civil-day.ts';
import { nationalDayOf, type WorkdayTable } from '../../shared/domain/workdays.ts';
import kept from '../../shared/rule-packs/workdays.json' with { type: 'json' };

const table: WorkdayTable = kept;
const { isWorkday } = createRequire(import.meta.url)('chinese-days') as { isWorkday: (day: string) => boolean };

const daysFrom = (first: string, to: string): readonly string[] => {
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(to); ms += 86_400_000) {
    days.push(new Date(ms).toISOString().slice(0, 10));
  }
  return days;
};

const isOurWorkday = (day: string): boolean => {
  const national = nationalDayOf(day, table);
  return national === 'work' || (national === 'ordinary' && weekdayOf(day) <= 5);
};

describe('the table of workdays', () => {
  it('is what its generator makes of the library', () => {
    expect(kept).toEqual(makeWorkdayTable(libraryDays()));
  });

  it('equals the library on every day of every year that it knows', () => {
    const days = daysFrom(`${table.fromYear}-01-01`, `${table.toYear}-12-31`);
    expect(days.length).toBe(8 * 365 + 2);
    expect(days.filter((day) => isOurWorkday(day) !== isWorkday(day))).toEqual([]);
  });

  it('does not say what the library says of a year that it does not know', () => {
    expect(isWorkday('2027-01-01')).toBe(true);
    expect(nationalDayOf('2027-01-01', table)).toBe('unknown');
  });

  it('does not know a year of which only the first days are in the library', () => {
    const { holidays, workdays } = libraryDays();
    const early = { workdays, holidays: { ...holidays, '2027-01-01': '' } };
    expect(makeWorkdayTable(early)).toEqual(kept);
  });

  it('is small, and nothing of ours carries the library itself', () => {
    expect(JSON.stringify(kept).length).toBeLessThan(2_500);
    const sources = ['shared', 'functions', 'box'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => join(folder, path)),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((path) => /['"]chinese-days/.test(readFileSync(path, 'utf8')))).toEqual([]);
  });
});

describe('a table with a fault is refused with its day', () => {
  const faultsOf = (more: Partial<WorkdayTable>): readonly string[] => {
    const read = workdayTableSchema.safeParse({ ...table, ...more });
    return read.success ? [] : read.error.issues.map(({ message }) => message);
  };

  it.each([
    ['a day of another year', { work: ['2027-01-02'] }, '2027-01-02 lies outside its years'],
    ['a day that is off and worked', { work: ['2026-10-01'] }, '2026-10-01 is there twice'],
    ['a span that runs backwards', { off: ['2026-10-07/2026-10-01'] }, 'must not run backwards'],
    ['no day', { off: ['2026-02-30'] }, 'must be YYYY-MM-DD, or two of them with a slash between'],
  ])('%s', (_what, more, message) => expect(faultsOf(more)).toContain(message));

  it('and the one that ships has none', () => expect(faultsOf({})).toEqual([]));
});
