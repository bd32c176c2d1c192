import type { Incident, PublishedNotice } from '../domain/incident.ts';
import { nothing, save } from '../domain/incidents/decision.ts';
import { type ReceiptOf, withReceipt } from '../domain/incidents/receipts.ts';
import { type Changed, changeIncident, type IncidentKeeping } from './change-incident.ts';

/** What came back of a notice: a channel of a person took it, or a person said so. */
export type Receipt = Pick<PublishedNotice, 'deliveredAtMs' | 'seenAtMs'>;

/**
 * Writes what came back of a notice into its incident: the first of each counts. Absent = the incident is no longer
 * live. Throws `ConflictError` after five lost races; noting it again is noting it once.
 */
export const noteReceipt = (
  keeping: IncidentKeeping,
  incidentId: Incident['id'],
  of: ReceiptOf,
  receipt: Receipt,
  by: string,
): Promise<Changed | undefined> =>
  changeIncident(keeping, incidentId, (read) => {
    const next = withReceipt(read, of, receipt, by);
    return next === read ? nothing(read, 'noted-already') : save(next, 'receipt-noted');
  });
