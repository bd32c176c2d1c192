import type { Answer } from '../dispatch.ts';
import { csvOf } from './csv.ts';
import { type AnySheet, XLSX_TYPE, xlsxOf } from './xlsx.ts';

export type SheetFormat = 'csv' | 'xlsx';

export interface SheetFile {
  readonly type: string;
  readonly content: Uint8Array;
}

/** The same lines as a file: a CSV has the first sheet, since it can have no more, and a spreadsheet all of them. */
export const sheetFile = async (
  format: SheetFormat,
  sheets: readonly [AnySheet, ...AnySheet[]],
  zone: string,
): Promise<SheetFile> =>
  format === 'csv'
    ? { type: 'text/csv; charset=utf-8', content: new TextEncoder().encode(csvOf(sheets[0], zone)) }
    : { type: XLSX_TYPE, content: await xlsxOf(sheets, zone) };

/** `name` is ours and has no character that a header would have to quote. */
export const answerSheets = async (
  format: SheetFormat,
  sheets: readonly [AnySheet, ...AnySheet[]],
  { name, zone }: { readonly name: string; readonly zone: string },
): Promise<Answer> => ({
  status: 200,
  bytes: await sheetFile(format, sheets, zone),
  headers: { 'content-disposition': `attachment; filename="${name}.${format}"` },
});
