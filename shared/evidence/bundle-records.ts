import type { KeyId } from '../contracts/signature-profile.ts';
import { signerOf } from './box-signature.ts';
import type { Bundle, BundledRecord } from './bundle.ts';
import { requireOfDay } from './day-tree.ts';
import { EvidenceError } from './evidence-error.ts';
import { type OpenedLeaf, openLeaf, parseLeaf } from './leaf.ts';
import type { Statement } from './statement.ts';
import { verifyLeaf } from './verify-merkle.ts';

/** A record that was found in the tree of its day. */
export interface ProvedRecord {
  readonly day: string;
  readonly opened: OpenedLeaf;
  /** The box that signed it; absent where nothing can be read, and on a record of our own making. */
  readonly signedBy?: KeyId;
}

const refuse = (code: ConstructorParameters<typeof EvidenceError>[0], detail: string): never => {
  throw new EvidenceError(code, detail);
};

/** Throws an `EvidenceError` unless the record stands in the tree of its day, and reads as it was sealed. */
export const recordIn = (record: BundledRecord, statements: ReadonlyMap<string, Statement>): ProvedRecord => {
  const { day, index, hashes, leaf, content, withheld } = record;
  const statement =
    statements.get(day) ?? refuse('dropped-leaf', `A record of ${day} is shown, and the statement of that day is not.`);
  const { size, root } = statement.received;
  verifyLeaf(leaf, { index, hashes }, { size, root: new Uint8Array(Buffer.from(root, 'hex')) });
  // That it is withheld and not deleted is the word of whoever made the file: of what it said, it proves nothing.
  const opened: OpenedLeaf = withheld
    ? { state: 'body-missing', envelope: parseLeaf(leaf) }
    : openLeaf(leaf, content ?? {});
  requireOfDay(opened.envelope, statement);
  const signedBy = signerOf(opened, content?.signature);
  return { day, opened, ...(signedBy && { signedBy }) };
};

/** A day is said to be whole if, and only if, each of its records is here once. Throws an `EvidenceError`. */
export const requireWhole = (bundle: Bundle, statements: ReadonlyMap<string, Statement>): void => {
  const indexes = new Map<string, Set<number>>();
  for (const { day, index } of bundle.records) {
    const seen = indexes.get(day) ?? new Set();
    if (seen.has(index)) refuse('added-leaf', `Record ${index} of ${day} is shown twice.`);
    indexes.set(day, seen.add(index));
  }
  const said = new Set(bundle.wholeDays);
  if (said.size < bundle.wholeDays.length) refuse('malformed', 'A whole day is named twice.');
  for (const day of said) {
    const [shown, due] = [indexes.get(day)?.size ?? 0, statements.get(day)?.received.size];
    if (due === undefined || due === 0) refuse('malformed', `${day} is said to be whole, and nothing is sealed of it.`);
    if (shown !== due) refuse('dropped-leaf', `Records sealed of ${day}: ${due}. Shown: ${shown}.`);
  }
  for (const [day, { size }] of indexes) {
    if (!said.has(day) && size === statements.get(day)?.received.size) {
      refuse('malformed', `All records of ${day} are shown, and the bundle does not say so.`);
    }
  }
};
