import type { Incident } from '../domain/incident.ts';
import { receiptOf } from '../domain/notices/alarm-receipt.ts';
import type { VitalsStore } from '../ports/vitals-store.ts';

/**
 * Lets the box that rang know what became of its alarm, with the answer to its next beat. To be called after each change
 * that a receipt shows. Dying before it: the screen is behind until the next change; nothing else rests on it.
 */
export const tellBox = async (vitals: Pick<VitalsStore, 'noteReceipt'>, incident: Incident): Promise<void> => {
  const receipt = receiptOf(incident);
  if (receipt === undefined || incident.alarm === undefined) return;
  await vitals.noteReceipt(incident.facilityId, incident.alarm.box, receipt);
};
