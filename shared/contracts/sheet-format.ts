import * as z from 'zod';

/**
 * In which form an answer is wanted; absent = as `Accept` says, else JSON. A CSV has the lines of the answer; a spreadsheet
 * may have more sheets beside them.
 */
export const sheetFormat = z.enum(['json', 'csv', 'xlsx']);
export type SheetFormat = z.infer<typeof sheetFormat>;

/** The media type of a spreadsheet. */
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
