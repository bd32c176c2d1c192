import { civilDayInterval } from '../../domain/civil-day.ts';
import { signerOf } from '../../evidence/box-signature.ts';
import { type Envelope, openLeaf } from '../../evidence/leaf.ts';
import type { EvidenceRecord } from '../../ports/evidence-store.ts';
import { partsOfDay } from '../parts-of-day.ts';
import { broken } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';

const nameOf = ({ kind, id, receivedAt }: Pick<Envelope, 'kind' | 'id' | 'receivedAt'>): string =>
  `${receivedAt} ${kind} ${id}`;

const nameOfRecord = ({ kind, id, receivedAtMs }: EvidenceRecord): string =>
  nameOf({ kind, id, receivedAt: new Date(receivedAtMs).toISOString() });

/** Where the records of a sealed day are kept, and what was sealed of them. */
export interface KeptDay {
  /** A facility, or where records lie that are about none. */
  readonly place: string;
  readonly day: string;
  readonly zone: string;
  readonly leaves: readonly Uint8Array[];
}

const signatureIn = ({ signature }: EvidenceRecord): Uint8Array | undefined =>
  signature && new Uint8Array(Buffer.from(signature.value, 'base64'));

/**
 * That what is kept of a day is what was sealed of it: no record more, none less, each reads as it did, and a box signed
 * what is kept as a box's. What was erased is fine, its digest stays. Throws `dropped-leaf`, `added-leaf`, `changed-byte`
 * or `forged-record`.
 */
export const verifyRecords = async (
  { evidence }: Pick<VerifierStores, 'evidence'>,
  { place, day, zone, leaves }: KeptDay,
): Promise<void> => {
  for await (const { sealed, kept } of partsOfDay(evidence, place, civilDayInterval(day, zone), leaves)) {
    const records = new Map(kept.map((record) => [nameOfRecord(record), record]));
    for (const { leaf, envelope } of sealed) {
      const record = records.get(nameOf(envelope));
      if (record === undefined) {
        broken('dropped-leaf', `${envelope.kind} ${envelope.id} was sealed and is not kept.`);
        return;
      }
      if (record.digest !== envelope.digest) {
        broken('changed-byte', `${envelope.kind} ${envelope.id} is kept with another digest than was sealed.`);
      }
      signerOf(openLeaf(leaf, record.content), signatureIn(record));
      records.delete(nameOf(envelope));
    }
    const [stranger] = records.values();
    if (stranger !== undefined) broken('added-leaf', `${stranger.kind} ${stranger.id} is kept and was not sealed.`);
  }
};
