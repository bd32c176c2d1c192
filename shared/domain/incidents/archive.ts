import type { Incident } from '../incident.ts';
import { MINUTE_MS } from '../time.ts';

const REST_MS = 15 * MINUTE_MS;

/**
 * May a live incident become a record? The caller also asks whether a row of its facility is still marked and, of an
 * alarm, whether its record is there.
 */
export const mayArchive = (
  incident: Incident,
  nowMs: number,
  flapMs: number,
): 'yes' | 'not-closed' | 'notices-owed' | 'may-come-back' => {
  if (incident.state !== 'closed' || incident.closedAtMs === undefined) return 'not-closed';
  if (incident.outbox.length > 0) return 'notices-owed';
  return nowMs - incident.closedAtMs < Math.max(flapMs, REST_MS) ? 'may-come-back' : 'yes';
};
