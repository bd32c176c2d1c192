import type { Interval } from '../domain/time.ts';
import { type Envelope, parseLeaf } from '../evidence/leaf.ts';
import type { EvidenceRecord, EvidenceStore } from '../ports/evidence-store.ts';

/** Records that are read at once: all that a box may send in a day does not fit into memory. */
export const LEAVES_IN_PART = 200;

/** A leaf of a day, at its place. */
export interface PlacedLeaf {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly envelope: Envelope;
}

/** What was sealed of a part of a day, and what is kept of it. */
export interface DayPart {
  readonly sealed: readonly PlacedLeaf[];
  readonly kept: readonly EvidenceRecord[];
}

const receivedMs = ({ envelope }: PlacedLeaf): number => Date.parse(envelope.receivedAt);

/** Where the part that begins here ends: between two instants, so that what was received at one lies in one part. */
const endOf = (placed: readonly PlacedLeaf[], from: number): number => {
  const { [from + LEAVES_IN_PART]: next } = placed;
  if (next === undefined) return placed.length;
  let end = from + LEAVES_IN_PART;
  while (end < placed.length && receivedMs(placed[end - 1] as PlacedLeaf) === receivedMs(placed[end] as PlacedLeaf)) {
    end += 1;
  }
  return end;
};

/**
 * The records of a day beside its leaves, in the order in which they were received: part by part, so that no more is in
 * memory than a part. The parts are all of the day; one without leaves has a part too, in which nothing may be kept.
 */
export const partsOfDay = async function* (
  evidence: Pick<EvidenceStore, 'within'>,
  place: string,
  day: Interval,
  leaves: readonly Uint8Array[],
): AsyncGenerator<DayPart> {
  const placed = leaves
    .map((leaf, index) => ({ index, leaf, envelope: parseLeaf(leaf) }))
    .sort((one, other) => receivedMs(one) - receivedMs(other));
  let [from, { fromMs }] = [0, day];
  do {
    const end = endOf(placed, from);
    const next = placed[end];
    const toMs = next === undefined ? day.toMs : receivedMs(next);
    yield { sealed: placed.slice(from, end), kept: await evidence.within(place, { fromMs, toMs }) };
    [from, fromMs] = [end, toMs];
  } while (from < placed.length);
};
