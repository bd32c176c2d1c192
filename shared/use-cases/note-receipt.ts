import type { Incident, PublishedNotice } from '../domain/incident.ts';
import { nothing, save } from '../domain/incidents/decision.ts';
import { type ReceiptOf, withReceipt } from '../domain/incidents/receipts.ts';
import type { VitalsStore } from '../ports/vitals-store.ts';
import { type Changed, changeIncident, type IncidentKeeping } from './change-incident.ts';
import { tellBox } from './tell-box.ts';

export interface ReceiptKeeping {
  readonly keeping: IncidentKeeping;
  /** Where the box that rang finds what became of its alarm. */
  readonly vitals: Pick<VitalsStore, 'noteReceipt'>;
}

/** What came back of a notice: a channel of a person took it, or a person said so. */
export type Receipt = Pick<PublishedNotice, 'deliveredAtMs' | 'seenAtMs'>;

/**
 * Writes what came back of a notice into its incident, the first of each, and for the box that rang. Absent = the
 * incident is no longer live. Throws `ConflictError` after five lost races; noting it again is noting it once.
 */
export const noteReceipt = async (
  { keeping, vitals }: ReceiptKeeping,
  incidentId: Incident['id'],
  of: ReceiptOf,
  receipt: Receipt,
  by: string,
): Promise<Changed | undefined> => {
  const changed = await changeIncident(keeping, incidentId, (read) => {
    const next = withReceipt(read, of, receipt, by);
    return next === read ? nothing(read, 'noted-already') : save(next, 'receipt-noted');
  });
  if (changed !== undefined) await tellBox(vitals, changed.incident);
  return changed;
};
