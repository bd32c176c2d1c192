import { stringify } from 'csv-stringify/sync';
import type { Sheet } from '../../use-cases/audit/sheet.ts';

/** Everything that a spreadsheet would take for a formula begins with one of these, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that a spreadsheet would run is made a text by an apostrophe. Numbers of ours are numbers. */
export const guarded = (value: string | number | boolean | undefined): string =>
  typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value ?? '');

/** RFC 4180, with a byte order mark: without it a spreadsheet shows no Chinese. */
export const csvOf = <R>({ columns, rows }: Sheet<R>): string =>
  stringify(
    [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(({ value }) => guarded(value(row))))],
    { bom: true, record_delimiter: 'windows' },
  );
