import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { type Lines, linesOf, type Sheet, type Value } from '../../use-cases/audit/sheet.ts';
import { dateIn, headingsIn } from './wall-clock.ts';

export { XLSX_TYPE } from '../../contracts/sheet-format.ts';

const INSTANT_FORMAT = 'yyyy-mm-dd hh:mm:ss';
const FORMATS = { instant: INSTANT_FORMAT, day: 'yyyy-mm-dd' } as const;
/** In characters; a wider text runs over or is cut on the screen, and is whole in its cell. */
const [NARROWEST, WIDEST] = [8, 48];
/** A spreadsheet has no more rows. */
const MOST_ROWS = 1_048_576;

/**
 * Numbers are numbers and dates are dates. Everything else is a text by its type: nothing that was typed or registered is
 * ever a formula, whatever it begins with, and nothing has to be put before it.
 */
const cellOf = (value: Value, kind: Lines['kinds'][number], zone: string): Cell => {
  if (typeof value === 'number') return { value, type: Number };
  const date = dateIn(value, kind, zone);
  if (date !== undefined && kind !== null) return { value: date, type: Date, format: FORMATS[kind] };
  return { value: String(value), type: String };
};

/** A Chinese character is as wide as two others. */
const widthOf = (value: Value): number =>
  [...String(value)].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);

const dataOf = (lines: Lines, zone: string): SheetData => [
  headingsIn(lines, zone).map(
    (value) => ({ value, type: String, fontWeight: 'bold', wrap: true, alignVertical: 'top' }) as const,
  ),
  ...lines.values.map((row) => row.map((value, at) => cellOf(value, lines.kinds[at] ?? null, zone))),
];

/** The first rows tell how wide a column is. */
const LOOKED_AT = 200;
/** Beside the heading stands the button of the filter. */
const BUTTON = 3;
const columnsOf = ({ headings, kinds, values }: Lines) =>
  headings.map((heading, at) => {
    // An instant is shorter in its cell than it is in an answer.
    const shownIn = (value: Value): Value => (dateIn(value, kinds[at] ?? null, 'UTC') ? INSTANT_FORMAT : value);
    const widest = Math.max(0, ...values.slice(0, LOOKED_AT).map((row) => widthOf(shownIn(row[at] ?? ''))));
    // A heading wraps.
    const width = Math.max(widthOf(heading) / 2 + BUTTON, widest + 2);
    return { width: Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(width))) };
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

/** `A`, …, `Z`, `AA`, … */
const letterOf = (column: number): string =>
  (column >= 26 ? letterOf(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

/** The library writes no filter: it goes right behind the cells, as the format wants it. */
const filterOver = (tables: readonly Lines[]) => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (content: string, _options: unknown, { sheetIndex }: { readonly sheetIndex: number }): string => {
          const { headings, values } = tables[sheetIndex] ?? { headings: [], values: [] };
          const all = `A1:${letterOf(headings.length - 1)}${values.length + 1}`;
          return content.replace('</sheetData>', `</sheetData><autoFilter ref="${all}"/>`);
        },
      },
    },
  },
});

/** One file, one sheet each; the headings stay in sight and filter the lines. Throws a `RangeError` for more rows than a sheet can have. */
export const xlsxOf = async (sheets: readonly AnySheet[], zone: string): Promise<Uint8Array> => {
  if (sheets.some(({ rows }) => rows.length >= MOST_ROWS)) throw new RangeError('more rows than a sheet can have');
  const names = namesOf(sheets);
  const tables = sheets.map((sheet) => linesOf(sheet));
  const written = writeXlsxFile(
    tables.map((lines, at) => ({
      data: dataOf(lines, zone),
      sheet: names[at] ?? 'sheet',
      columns: columnsOf(lines),
      stickyRowsCount: 1,
    })),
    { features: [filterOver(tables)] },
  );
  return new Uint8Array(await written.toBuffer());
};
