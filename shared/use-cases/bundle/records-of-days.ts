import { civilDayInterval } from '../../domain/civil-day.ts';
import type { BundledContent, BundledRecord } from '../../evidence/bundle.ts';
import { dayTreeOf } from '../../evidence/day-tree.ts';
import type { EvidenceKind } from '../../evidence/evidence-kinds.ts';
import { type Envelope, parseLeaf } from '../../evidence/leaf.ts';
import { parseLeavesFile } from '../../evidence/leaves-file.ts';
import type { EvidenceRecord } from '../../ports/evidence-store.ts';
import type { SealedDay } from '../../ports/sealed-store.ts';
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

/** What is shown of a record: what it said, or that it is withheld, or (nothing) that it was deleted. */
const shownOf = ({ kind }: Envelope, record: EvidenceRecord | undefined): Partial<BundledRecord> => {
  if (isErased(record) || record === undefined) return {};
  const content = readable.has(kind) ? wholeContent(record) : undefined;
  return content === undefined ? { withheld: true } : { content };
};

/** Every record of one sealed day, each with its place in the tree of the day. Absent = the day had none. */
const recordsOfDay = async (
  { sealed, evidence }: BundleReads,
  { facility, day, leaves: address }: SealedDay,
  zone: string,
): Promise<readonly BundledRecord[]> => {
  const file = address === undefined ? undefined : await sealed.read(address);
  if (file === undefined) return [];
  const { leaves, tree } = dayTreeOf({ facility, day, zone }, parseLeavesFile(file));
  const kept = new Map((await evidence.within(facility, civilDayInterval(day, zone))).map((one) => [keyOf(one), one]));
  return leaves.map((leaf, index) => {
    const envelope = parseLeaf(leaf);
    const shown = shownOf(envelope, kept.get(keyOf(envelope)));
    return { day, index, hashes: tree.inclusion(index), leaf, ...shown };
  });
};

/** About what a record takes in the file: Base64 and its own quotes. */
const bytesOf = ({ hashes, leaf, content }: BundledRecord): number =>
  200 +
  50 * hashes.length +
  1.2 * leaf.length +
  (content === undefined ? 0 : 1.4 * (content.body.length + content.signatureBase.length + 150));

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
    const some = await recordsOfDay(reads, day, zone);
    bytesLeft -= some.reduce((sum, one) => sum + bytesOf(one), 0);
    if (bytesLeft < 0 || records.length + some.length > MOST_RECORDS) break;
    if (some.length > 0)
      [records, wholeDays] = [
        [...some, ...records],
        [day.day, ...wholeDays],
      ];
  }
  return { records, wholeDays };
};
