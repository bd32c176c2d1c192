import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { addDays } from '../shared/domain/civil-day.ts';
import type { DaySpan, WorkdayTable } from '../shared/domain/workdays.ts';

/**
 * Writes `shared/rule-packs/workdays.json` from the library `chinese-days`, so that no function carries the library
 * (800 KB with its lunar calendar) for a table of 2 KB. Run it once the State Council's notice for a year is in the
 * library: `node infra/workdays.ts`.
 */
const FILE = fileURLToPath(new URL('../shared/rule-packs/workdays.json', import.meta.url));

/** The national norm is of 2019: no facility was judged before. */
const FROM_YEAR = 2019;

interface Library {
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

/** The library's own data file: its functions answer "workday" for a year that they do not know. */
export const libraryDays = (): Library => createRequire(import.meta.url)('chinese-days/dist/chinese-days.json');

const yearOf = (day: string): number => Number(day.slice(0, 4));

/** A notice may name a day or two of the year after its own: a year is known once its National Day is. */
const lastKnownYear = (days: readonly string[]): number =>
  Math.max(...days.filter((day) => day.endsWith('-10-01')).map(yearOf));

/** Days that follow each other become one span. */
const spansOf = (days: readonly string[]): readonly DaySpan[] => {
  const spans: { first: string; last: string }[] = [];
  for (const day of days) {
    const open = spans.at(-1);
    if (open !== undefined && addDays(open.last, 1) === day && yearOf(open.first) === yearOf(day)) open.last = day;
    else spans.push({ first: day, last: day });
  }
  return spans.map(({ first, last }) => (first === last ? first : `${first}/${last}`));
};

export const makeWorkdayTable = ({ holidays, workdays }: Library): WorkdayTable => {
  const toYear = lastKnownYear(Object.keys(holidays));
  const known = (days: Readonly<Record<string, string>>): readonly DaySpan[] =>
    spansOf(
      Object.keys(days)
        .filter((day) => yearOf(day) >= FROM_YEAR && yearOf(day) <= toYear)
        .sort(),
    );
  return { fromYear: FROM_YEAR, toYear, off: known(holidays), work: known(workdays) };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(FILE, `${JSON.stringify(makeWorkdayTable(libraryDays()), null, 2)}\n`);
}
