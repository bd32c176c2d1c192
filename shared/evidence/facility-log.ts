import type { Checkpoint } from './checkpoint.ts';
import { appendLeaf, type CompactRange, type CompletedNode, emptyRange, rootOfRange } from './compact-range.ts';
import { EvidenceError } from './evidence-error.ts';
import { leafHash } from './merkle.ts';
import { isKeyName, type NoteKey } from './note-key.ts';
import { parseStatement, requireNext } from './statement.ts';

/*
 * The log of a facility: one statement a day, one leaf a statement. It is only ever added to.
 */

/** `<host>/f/<facility id>`. */
export const originOfFacility = (host: string, facility: string): string => {
  const origin = `${host}/f/${facility}`;
  if (!isKeyName(origin)) throw new RangeError('no origin of a log');
  return origin;
};

/** Where a log of this facility lives. Throws `wrong-origin` if it is the log of anything else. */
export const hostOfFacility = (origin: string, facility: string): string => {
  const end = `/f/${facility}`;
  if (origin.endsWith(end) && origin.length > end.length) return origin.slice(0, -end.length);
  throw new EvidenceError('wrong-origin', `This is a checkpoint of ${origin}, which is not the log of ${facility}.`);
};

/** The keys that may sign for a log: named by its origin, or by a place above it such as its host. */
export const keysFor = (origin: string, keys: readonly NoteKey[]): readonly NoteKey[] =>
  keys.filter(({ name }) => origin === name || origin.startsWith(`${name}/`));

/** All that has to be kept of a log to add to it. */
export interface FacilityLog {
  readonly facility: string;
  readonly origin: string;
  readonly range: CompactRange;
  /** The bytes of the last statement; absent in a log without leaves. */
  readonly last?: Uint8Array;
}

export const emptyFacilityLog = (host: string, facility: string): FacilityLog => ({
  facility,
  origin: originOfFacility(host, facility),
  range: emptyRange,
});

/**
 * The log with one more statement, and the subtrees that it completed. Doing it twice from the same log gives the same; a
 * statement that was added already is refused as `rewritten-day`. Throws an `EvidenceError`.
 */
export const appendStatement = (
  log: FacilityLog,
  bytes: Uint8Array,
): { readonly log: FacilityLog; readonly completed: readonly CompletedNode[] } => {
  requireFits(log, bytes);
  const { range, completed } = appendLeaf(log.range, leafHash(bytes));
  return { log: { ...log, range, last: bytes }, completed };
};

const requireFits = ({ facility, range, last }: FacilityLog, bytes: Uint8Array): void => {
  const next = parseStatement(bytes);
  if (next.facility !== facility) {
    throw new EvidenceError('wrong-origin', `A statement of ${next.facility} is no leaf of the log of ${facility}.`);
  }
  if (last !== undefined) requireNext({ ...parseStatement(last), bytes: last }, next);
  if (next.number === range.size) return;
  throw new EvidenceError(
    next.number > range.size ? 'dropped-leaf' : 'rewritten-day',
    `Statement ${next.number} cannot be leaf ${range.size} of the log.`,
  );
};

/** What is signed of the log as it stands. */
export const checkpointOf = ({ origin, range }: Pick<FacilityLog, 'origin' | 'range'>): Checkpoint => ({
  origin,
  size: range.size,
  root: rootOfRange(range),
  extensions: [],
});
