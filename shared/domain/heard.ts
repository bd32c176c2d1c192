import type { DeletionDeclared, HoldConfirmed } from './reports.ts';

/** Something that a box said. */
export interface Heard {
  /** When we first heard it, by our clock. */
  readonly receivedAtMs: number;
}

/**
 * Recordings of this interval were deleted on purpose, and the box said so. When it says that it deleted them is not
 * asked: it could be dated before an order to keep them.
 */
export type DeclaredDeletion = DeletionDeclared & Heard;

/** What a box said that it keeps because of an order. */
export type ConfirmedHold = HoldConfirmed & Heard;

export const deletionKey = ({ fromMs, toMs, reason }: DeletionDeclared): string => `${fromMs} ${toMs} ${reason}`;
export const confirmationKey = ({ fromMs, toMs, hold }: HoldConfirmed): string => `${fromMs} ${toMs} ${hold}`;

/**
 * Each thing once, as we first heard it, by its key: saying it again changes nothing, and neither does the order in which
 * it was put down.
 */
export const firstHeard = <T extends Heard>(all: readonly T[], keyOf: (one: T) => string): readonly T[] => {
  const first = new Map<string, T>();
  for (const one of all) {
    const known = first.get(keyOf(one));
    if (known === undefined || one.receivedAtMs < known.receivedAtMs) first.set(keyOf(one), one);
  }
  return [...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
};
