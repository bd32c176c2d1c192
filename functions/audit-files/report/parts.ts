/** A picture of more days is cut: a cell must hold its letter on paper. */
export const DAYS_IN_A_ROW = 31;
/** So many at a time. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((all, one) => all + of(one), 0);
