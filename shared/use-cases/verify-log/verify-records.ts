import { civilDayInterval } from '../../domain/civil-day.ts';
import { signerOf } from '../../evidence/box-signature.ts';
import { type Envelope, openLeaf, parseLeaf } from '../../evidence/leaf.ts';
import type { EvidenceRecord } from '../../ports/evidence-store.ts';
import { broken } from './day-finding.ts';
import type { VerifierStores } from './stores.ts';
import type { ReadDay } from './verify-days.ts';

const nameOf = ({ kind, id, receivedAt }: Pick<Envelope, 'kind' | 'id' | 'receivedAt'>): string =>
  `${receivedAt} ${kind} ${id}`;

const nameOfRecord = ({ kind, id, receivedAtMs }: EvidenceRecord): string =>
  nameOf({ kind, id, receivedAt: new Date(receivedAtMs).toISOString() });

const signatureIn = ({ signature }: EvidenceRecord): Uint8Array | undefined =>
  signature && new Uint8Array(Buffer.from(signature.value, 'base64'));

/**
 * That what is kept of a day is what was sealed of it: no record more, none less, each reads as it did, and a box signed
 * what is kept as a box's. What was erased is fine, its digest stays. Throws `dropped-leaf`, `added-leaf`, `changed-byte`
 * or `forged-record`.
 */
export const verifyRecords = async (
  { evidence }: Pick<VerifierStores, 'evidence'>,
  { statement, leaves }: ReadDay,
): Promise<void> => {
  const kept = await evidence.within(statement.facility, civilDayInterval(statement.day, statement.zone));
  const records = new Map(kept.map((record) => [nameOfRecord(record), record]));
  for (const leaf of leaves) {
    const envelope = parseLeaf(leaf);
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
};
