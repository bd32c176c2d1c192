import { type Checkpoint, formatCheckpoint } from './checkpoint.ts';
import { appendLeaf, type CompactRange, type CompletedNode } from './compact-range.ts';
import { EvidenceError } from './evidence-error.ts';
import { leafHash } from './merkle.ts';
import { isKeyName } from './note-key.ts';

/*
 * The log of a region: each day, the checkpoints of its facilities, so that one line a day, printed or signed by a
 * witness, binds them all. Who shows one facility's log in two versions must have them both in here.
 */

/** `<host>/region/<name>`. */
export const originOfRegion = (host: string, region: string): string => {
  const origin = `${host}/region/${region}`;
  if (!isKeyName(origin)) throw new RangeError('no origin of a log');
  return origin;
};

/** Throws `wrong-origin` unless this is the log of a region at the same host. */
export const requireRegionOf = (origin: string, host: string): void => {
  if (origin.startsWith(`${host}/region/`) && origin.length > `${host}/region/`.length) return;
  throw new EvidenceError('wrong-origin', `This is a checkpoint of ${origin}, which is no log of a region of ${host}.`);
};

/**
 * The leaf of a facility: the text of its checkpoint without the signatures. A second signature over the same text has
 * other bytes, and the leaf must not depend on which of the two was kept.
 */
export const regionalLeafOf = (checkpoint: Checkpoint): Uint8Array =>
  new TextEncoder().encode(formatCheckpoint(checkpoint));

/** One facility in the log of its region. */
export interface RegionalEntry {
  readonly origin: string;
  readonly index: number;
}

/**
 * The log with the checkpoints of one day, in the order of their origins whatever the order given. A `RangeError` for two
 * of one origin: which of them is the facility's is not ours to choose.
 */
export const appendRegionalDay = (
  range: CompactRange,
  checkpoints: readonly Checkpoint[],
): {
  readonly range: CompactRange;
  readonly completed: readonly CompletedNode[];
  readonly entries: readonly RegionalEntry[];
} => {
  const sorted = [...checkpoints].sort((one, other) => (one.origin < other.origin ? -1 : 1));
  if (new Set(sorted.map(({ origin }) => origin)).size < sorted.length) throw new RangeError('one origin twice');
  let grown = range;
  const completed: CompletedNode[] = [];
  const entries: RegionalEntry[] = [];
  for (const checkpoint of sorted) {
    entries.push({ origin: checkpoint.origin, index: grown.size });
    const step = appendLeaf(grown, leafHash(regionalLeafOf(checkpoint)));
    grown = step.range;
    completed.push(...step.completed);
  }
  return { range: grown, completed, entries };
};
