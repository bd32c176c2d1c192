import type { BilingualName } from '../../domain/facility.ts';

/** A column: its heading, Chinese first, and what stands in it. Absent = unknown, written as an empty field. */
export interface Column<R> {
  readonly heading: string;
  readonly value: (row: R) => string | number | boolean | undefined;
}

/** An answer as lines: the same for CSV, spreadsheets and what is made in the background. */
export interface Sheet<R> {
  readonly name: BilingualName;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
}
