import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { civilTimeOf } from '../../domain/civil-day.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Sheet } from '../../use-cases/audit/sheet.ts';

export { XLSX_TYPE } from '../../contracts/sheet-format.ts';

type Value = string | number | boolean | undefined;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT_FORMAT = 'yyyy-mm-dd hh:mm:ss';
const DAY_FORMAT = 'yyyy-mm-dd';
/** In characters; a wider text runs over or is cut on the screen, and is whole in its cell. */
const [NARROWEST, WIDEST] = [8, 48];
/** A spreadsheet has no more rows. */
const MOST_ROWS = 1_048_576;

/** A spreadsheet knows no zones: the instant as a clock on the wall shows it. The heading names the zone. */
const onTheWall = (instant: string, zone: string): Date => {
  const ms = Date.parse(instant);
  const { day, time } = civilTimeOf(ms, zone);
  return new Date(Date.parse(`${day}T${time}:00Z`) + (ms % MINUTE_MS));
};

/**
 * Numbers are numbers and dates are dates. Everything else is a text by its type: nothing that was typed or registered is
 * ever a formula, whatever it begins with, and nothing has to be put before it.
 */
const cellOf = (value: Value, zone: string): Cell => {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { value, type: Number };
  if (typeof value === 'boolean') return { value: value ? '是 yes' : '否 no', type: String };
  if (INSTANT.test(value)) return { value: onTheWall(value, zone), type: Date, format: INSTANT_FORMAT };
  if (DAY.test(value)) return { value: new Date(`${value}T00:00:00Z`), type: Date, format: DAY_FORMAT };
  return { value, type: String };
};

/** A Chinese character is as wide as two others. */
const widthOf = (value: Value): number =>
  [...String(value ?? '')].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);

interface Table {
  readonly headings: readonly string[];
  readonly values: readonly (readonly Value[])[];
}

const tableOf = <R>({ columns, rows }: Sheet<R>, zone: string): Table => {
  const values = rows.map((row) => columns.map(({ value }) => value(row)));
  const isInstant = (at: number): boolean =>
    values.some((row) => typeof row[at] === 'string' && INSTANT.test(row[at] as string));
  return { headings: columns.map(({ heading }, at) => (isInstant(at) ? `${heading} (${zone})` : heading)), values };
};

const dataOf = ({ headings, values }: Table, zone: string): SheetData => [
  headings.map((value) => ({ value, type: String, fontWeight: 'bold', wrap: true, alignVertical: 'top' }) as const),
  ...values.map((row) => row.map((value) => cellOf(value, zone))),
];

/** The first rows tell how wide a column is. */
const LOOKED_AT = 200;
const columnsOf = ({ headings, values }: Table) =>
  headings.map((heading, at) => {
    const widest = Math.max(
      widthOf(heading) / 2,
      ...values
        .slice(0, LOOKED_AT)
        .map((row) => (typeof row[at] === 'string' && INSTANT.test(row[at]) ? 19 : widthOf(row[at]))),
    );
    return { width: Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(widest) + 2)) };
  });

/** At most 31 characters, none of those that a name may not have, and none twice in a file. */
const namesOf = (sheets: readonly { readonly name: { readonly zh: string } }[]): readonly string[] => {
  const taken = new Set<string>();
  return sheets.map(({ name: { zh } }) => {
    const plain =
      zh
        .replaceAll(/[[\]:*?/\\']/g, ' ')
        .slice(0, 28)
        .trim() || 'sheet';
    let name = plain;
    for (let n = 2; taken.has(name); n += 1) name = `${plain} ${n}`;
    taken.add(name);
    return name;
  });
};

// biome-ignore lint/suspicious/noExplicitAny: each sheet has rows of its own kind, and knows how to read them
export type AnySheet = Sheet<any>;

/** One file, one sheet each; the headings stay in sight. Throws a `RangeError` for more rows than a sheet can have. */
export const xlsxOf = async (sheets: readonly AnySheet[], zone: string): Promise<Uint8Array> => {
  if (sheets.some(({ rows }) => rows.length >= MOST_ROWS)) throw new RangeError('more rows than a sheet can have');
  const names = namesOf(sheets);
  const written = writeXlsxFile(
    sheets.map((sheet, at) => {
      const table = tableOf(sheet, zone);
      return {
        data: dataOf(table, zone),
        sheet: names[at] ?? 'sheet',
        columns: columnsOf(table),
        stickyRowsCount: 1,
      };
    }),
  );
  return new Uint8Array(await written.toBuffer());
};
