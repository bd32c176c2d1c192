import type { Interval } from '../../domain/time.ts';
import type { EvidenceKind } from '../../evidence/evidence-kinds.ts';
import type { EvidenceRecord, EvidenceStore } from '../../ports/evidence-store.ts';
import type { KeepEvidence, OwnRecord } from '../keep-evidence.ts';

/** Where they are put and read. */
export interface OwnRecords {
  readonly evidence: Pick<EvidenceStore, 'within'>;
  readonly keepEvidence: KeepEvidence;
}

/*
 * What a facility's log seals lies among every signed request of its boxes: to list the few objections or accesses there
 * would be to read months of them. So each stands a second time, in a place of its own that nobody seals. No id of a
 * facility has a tilde.
 */
const listOf = (kind: EvidenceKind, owner: string): string => `${kind}~${owner}`;

/** Every such list of a facility: they go with the records of their days. */
export const listsOf = (facility: string): readonly string[] => [
  listOf('objection', facility),
  listOf('access', facility),
];

/** What is about a whole division is in no facility's log: it is listed here. */
export const divisionPlace = (prefix: string): string => `division~${prefix}`;

/** All of it once more, whatever the division: from here it is sealed, day by day, in the log of the region. */
export const EVERY_DIVISION = divisionPlace('every');

/**
 * Keeps a record about a facility: first under seal, then in its list. A crash in between leaves one that is sealed and
 * not listed; whoever asked for it heard of a failure and asks again.
 */
export const keepListed = async (
  { keepEvidence }: Pick<OwnRecords, 'keepEvidence'>,
  record: OwnRecord,
): Promise<void> => {
  await keepEvidence(record);
  await keepEvidence({ ...record, facility: listOf(record.kind, record.facility) });
};

const decoder = new TextDecoder();

const bodyOf = ({ content }: EvidenceRecord): unknown =>
  content.body === undefined ? undefined : JSON.parse(decoder.decode(content.body));

/** Bodies of what was received in that time, the latest first; erased ones are left out. */
const bodiesIn = async ({ evidence }: Pick<OwnRecords, 'evidence'>, place: string, received: Interval) => {
  const records = await evidence.within(place, received);
  return records
    .toSorted((a, b) => b.receivedAtMs - a.receivedAtMs || (a.id < b.id ? 1 : -1))
    .map(bodyOf)
    .filter((body) => body !== undefined);
};

export const listedBodies = (
  deps: Pick<OwnRecords, 'evidence'>,
  kind: EvidenceKind,
  facility: string,
  received: Interval,
): Promise<readonly unknown[]> => bodiesIn(deps, listOf(kind, facility), received);

export const divisionBodies = (
  deps: Pick<OwnRecords, 'evidence'>,
  prefix: string,
  received: Interval,
): Promise<readonly unknown[]> => bodiesIn(deps, divisionPlace(prefix), received);
