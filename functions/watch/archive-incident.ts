import { CANARY, type Incident } from '../../shared/domain/incident.ts';
import { mayArchive } from '../../shared/domain/incidents/archive.ts';
import type { Sweep } from './dependencies.ts';

/**
 * Moves a closed incident into the records. The caller has seen that no row of its facility is marked; an alarm also
 * waits for its record, which a box that was cut off has still to send again.
 */
export const archiveIncident = async (sweep: Sweep, id: string, flapMs: number, nowMs: number): Promise<void> => {
  const incident = await sweep.incidents.read(id);
  if (incident === undefined || mayArchive(incident, nowMs, flapMs) !== 'yes') return;
  if (!(await isRecorded(sweep, incident))) return;
  // Dying after this: it stays live, and the next sweep keeps it once more, with the same body and another salt.
  await sweep.keepIncident(incident, nowMs);
  // Dying before this: it stays live and is archived by the next sweep. After: it is in both places, and archiving it
  // again writes the same key. The canary's is no record of any nursery.
  if (incident.facilityId !== CANARY) await sweep.records.archiveIncident(incident);
  // Dying before this: the same. After: it is a record. If it changed in between, it stays and comes round again.
  if (await sweep.incidents.remove(id, incident.revision)) sweep.counts.incidentsArchived += 1;
};

/** What an officer opened came with no report; nobody would send the canary's again. */
const isRecorded = async ({ alarms }: Sweep, { facilityId, alarm }: Incident): Promise<boolean> =>
  alarm === undefined ||
  alarm.toldBy !== undefined ||
  facilityId === CANARY ||
  (await alarms.read(facilityId, alarm.box, alarm.reportId)) !== undefined;
