import type { BilingualName } from '../../domain/facility.ts';
import { notKnown } from './audit-words.ts';

export type Value = string | number | boolean;

/** What stands in a cell. `undefined`: nobody knows. `null`: there is nothing to say of it in this line. */
type Said = Value | undefined | null;

/** A text that a writer turns into a date; an instant into what the clock on the wall shows. */
export type DateKind = 'instant' | 'day';

/** RFC 3339, as an answer has it. */
export const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(text);

/** A column: its heading, Chinese first and with the unit, and what stands in it. */
export interface Column<R> {
  readonly heading: string;
  readonly value: (row: R) => Said;
  readonly is?: DateKind;
  /** The code behind words: it stands in a column of its own at the end, for scripts. */
  readonly code?: (row: R) => string | undefined | null;
}

/** An answer as lines: the same for CSV, spreadsheets and what is made in the background. */
export interface Sheet<R> {
  readonly name: BilingualName;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
}

/** Codes in words, Chinese for the reader; the words must know every code. */
export const coded = <R, Code extends string>(
  heading: string,
  code: (row: R) => Code | undefined | null,
  words: Readonly<Record<Code, BilingualName>> | ((code: Code) => BilingualName),
): Column<R> => {
  const wordOf = typeof words === 'function' ? words : (one: Code) => words[one];
  const value = (row: R): Said => {
    const found = code(row);
    return found === undefined || found === null ? found : wordOf(found).zh;
  };
  return { heading, value, code };
};

const NOTHING = '—';

/** No cell is empty: an empty one would be taken for nothing, or for a nought. */
const written = (said: Said): Value => {
  if (said === undefined) return notKnown.zh;
  if (said === null || said === '') return NOTHING;
  return typeof said === 'boolean' ? (said ? '是' : '否') : said;
};

/** `结论 state` → `结论代码 state code`. */
const codeHeading = (heading: string): string => heading.replace(/^(\S+) (.+)$/, '$1代码 $2 code');

const withCodes = <R>(columns: readonly Column<R>[]): readonly Column<R>[] => [
  ...columns,
  ...columns.flatMap(({ heading, code }) => (code ? [{ heading: codeHeading(heading), value: code }] : [])),
];

/** A sheet as it is written: columns with their codes at the end, and a value in every cell. */
export interface Lines {
  readonly headings: readonly string[];
  /** By column. */
  readonly kinds: readonly (DateKind | null)[];
  readonly values: readonly (readonly Value[])[];
}

export const linesOf = <R>({ columns, rows }: Sheet<R>): Lines => {
  const all = withCodes(columns);
  return {
    headings: all.map(({ heading }) => heading),
    kinds: all.map(({ is }) => is ?? null),
    values: rows.map((row) => all.map(({ value }) => written(value(row)))),
  };
};
