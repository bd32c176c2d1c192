import { civilDayInterval } from '../../domain/civil-day.ts';
import type { BundledContent, BundledRecord } from '../../evidence/bundle.ts';
import { dayTreeOf } from '../../evidence/day-tree.ts';
import type { EvidenceKind } from '../../evidence/evidence-kinds.ts';
import type { Envelope } from '../../evidence/leaf.ts';
import { parseLeavesFile } from '../../evidence/leaves-file.ts';
import type { EvidenceRecord } from '../../ports/evidence-store.ts';
import type { SealedDay } from '../../ports/sealed-store.ts';
import { partsOfDay } from '../parts-of-day.ts';
import type { BundleReads } from './stores.ts';

/**
 * What a question about recordings needs to be read of. Of other records it is proved that they were received and when,
 * and what they said stays with us: checks, alarms and accesses are nobody's to carry away with an answer about film.
 */
const readable: ReadonlySet<string> = new Set<EvidenceKind>([
  'recordings',
  'digests',
  'challenges',
  'challenge',
  'hold',
  'objection',
]);

const MOST_RECORDS = 4_000;

const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind} ${id}`;

const wholeContent = ({ content, signature }: EvidenceRecord): BundledContent | undefined => {
  const { salt, body, signatureBase } = content;
  if (salt === undefined || body === undefined || signatureBase === undefined) return undefined;
  return {
    salt,
    body,
    signatureBase,
    ...(signature && { signature: new Uint8Array(Buffer.from(signature.value, 'base64')) }),
  };
};

const isErased = (record: EvidenceRecord | undefined): boolean => record?.content.salt === undefined;

const decoder = new TextDecoder();

/**
 * Of which rule an incident is stands in its id, and not everybody who may ask about film may know of every rule. It is not
 * parsed: what was put in place of it is shown, and refused by the verifier.
 */
const namesIncident = ({ kind, content: { body } }: EvidenceRecord): boolean =>
  kind === 'objection' && decoder.decode(body).includes('"incident":');

/** What is shown of a record: what it said, or that it is withheld, or (nothing) that it was deleted. */
const shownOf = ({ kind }: Envelope, record: EvidenceRecord | undefined): Partial<BundledRecord> => {
  if (isErased(record) || record === undefined) return {};
  const content = readable.has(kind) && !namesIncident(record) ? wholeContent(record) : undefined;
  return content === undefined ? { withheld: true } : { content };
};

/** About what a record takes in the file: Base64 and its own quotes. */
const bytesOf = ({ hashes, leaf, content }: BundledRecord): number =>
  200 +
  50 * hashes.length +
  1.2 * leaf.length +
  (content === undefined ? 0 : 1.4 * (content.body.length + content.signatureBase.length + 150));

interface Room {
  readonly bytes: number;
  readonly records: number;
}

/**
 * Every record of one sealed day, each with its place in the tree of the day; none for a day without. Absent = they are
 * more than there is room for: no more of them is read than shows it.
 */
const recordsOfDay = async (
  { sealed, evidence }: BundleReads,
  { facility, day, leaves: address }: SealedDay,
  zone: string,
  room: Room,
): Promise<readonly BundledRecord[] | undefined> => {
  const file = address === undefined ? undefined : await sealed.read(address);
  if (file === undefined) return [];
  const { leaves, tree } = dayTreeOf({ facility, day, zone }, parseLeavesFile(file));
  if (leaves.length > room.records) return undefined;
  const records: BundledRecord[] = [];
  let bytesLeft = room.bytes;
  for await (const part of partsOfDay(evidence, facility, civilDayInterval(day, zone), leaves)) {
    const kept = new Map(part.kept.map((one) => [keyOf(one), one]));
    for (const { index, leaf, envelope } of part.sealed) {
      const shown = shownOf(envelope, kept.get(keyOf(envelope)));
      const record = { day, index, hashes: tree.inclusion(index), leaf, ...shown };
      records.push(record);
      bytesLeft -= bytesOf(record);
    }
    if (bytesLeft < 0) return undefined;
  }
  return records;
};

/** Whole days of records, as many as fit: the last day first, since its statement answers, then back day by day. */
export const recordsOfDays = async (
  reads: BundleReads,
  days: readonly SealedDay[],
  zone: string,
  mostBytes: number,
): Promise<{ readonly records: readonly BundledRecord[]; readonly wholeDays: readonly string[] }> => {
  let [records, wholeDays]: [readonly BundledRecord[], readonly string[]] = [[], []];
  let bytesLeft = mostBytes;
  for (const day of days.toReversed()) {
    const some = await recordsOfDay(reads, day, zone, { bytes: bytesLeft, records: MOST_RECORDS - records.length });
    if (some === undefined) break;
    bytesLeft -= some.reduce((sum, one) => sum + bytesOf(one), 0);
    if (some.length > 0)
      [records, wholeDays] = [
        [...some, ...records],
        [day.day, ...wholeDays],
      ];
  }
  return { records, wholeDays };
};
