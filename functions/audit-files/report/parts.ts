import { reasonWords } from '../../../shared/domain/notices/notice-words.ts';
import type { Said } from './page.ts';
import { calmReasonWords } from './words.ts';

/** A picture of more days is cut: a cell must hold its letter on paper. */
export const DAYS_IN_A_ROW = 31;
/** So many at a time. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

/** A reason in words; one that is not known yet stands as it is. */
export const reasonOf = (reason: string): Said =>
  reasonWords[reason] ?? calmReasonWords[reason] ?? { zh: reason, en: reason };

export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((all, one) => all + of(one), 0);
