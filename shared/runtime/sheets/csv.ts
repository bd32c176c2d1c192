import { stringify } from 'csv-stringify/sync';
import { linesOf, type Sheet, type Value } from '../../use-cases/audit/sheet.ts';
import { dateIn, headingsIn } from './wall-clock.ts';

/** Everything that a spreadsheet would take for a formula begins with one of these, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that a spreadsheet would run is made a text by an apostrophe. Numbers of ours are numbers. */
const guarded = (value: Value): string =>
  typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);

const LENGTH = { instant: 19, day: 10 } as const;

/** RFC 4180, with a byte order mark: without it a spreadsheet shows no Chinese. Dates are `YYYY-MM-DD HH:mm:ss`. */
export const csvOf = <R>(sheet: Sheet<R>, zone: string): string => {
  const lines = linesOf(sheet);
  const fieldOf = (value: Value, at: number): string => {
    const kind = lines.kinds[at] ?? null;
    const date = dateIn(value, kind, zone);
    return date === undefined || kind === null
      ? guarded(value)
      : date.toISOString().slice(0, LENGTH[kind]).replace('T', ' ');
  };
  return stringify([headingsIn(lines, zone), ...lines.values.map((row) => row.map(fieldOf))], {
    bom: true,
    record_delimiter: 'windows',
  });
};
