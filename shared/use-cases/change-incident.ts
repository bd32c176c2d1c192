import { ConflictError } from '../domain/errors.ts';
import type { Incident } from '../domain/incident.ts';
import type { Decision } from '../domain/incidents/decision.ts';
import { trimSteps } from '../domain/incidents/steps.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** Where incidents are kept. Without records no step is trimmed; the next one who has them does it. */
export interface IncidentKeeping {
  readonly incidents: Pick<IncidentStore, 'read' | 'save'>;
  readonly records?: Pick<RecordStore, 'flushSteps'>;
}

/** A race is lost at most so often before somebody else must see to it. */
const MOST_TRIES = 5;

/** Saves what was decided about `read`; absent = somebody was faster. */
export const saveIncident = async (
  { incidents, records }: IncidentKeeping,
  read: Incident,
  next: Incident,
): Promise<Incident | undefined> => {
  const { incident, flush } = records ? trimSteps(read, next) : { incident: next, flush: [] };
  // Dying before this loses nothing; dying after it leaves steps in the records that the head has as well, under the
  // same numbers: flushing them again is flushing them once.
  if (records && flush.length > 0) await records.flushSteps(read.facilityId, read.id, flush);
  const saved = { ...incident, revision: read.revision + 1 };
  // Dying before this: nothing was decided, the next look decides it. After: it is decided, and what is owed is in it.
  return (await incidents.save(saved)) ? saved : undefined;
};

/** An incident after a decision about it, and whether this call changed it. */
export interface Changed {
  readonly incident: Incident;
  readonly reason: string;
  readonly saved: boolean;
}

/**
 * Decides, saves by compare-and-set, and decides again on what is there if somebody was faster. Absent = there is no
 * such live incident. Throws `ConflictError` after five lost races.
 */
export const changeIncident = async (
  keeping: IncidentKeeping,
  id: string,
  decide: (incident: Incident) => Decision,
): Promise<Changed | undefined> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const read = await keeping.incidents.read(id);
    if (read === undefined) return undefined;
    const decision = decide(read);
    if (decision.does === 'nothing') return { incident: read, reason: decision.reason, saved: false };
    const saved = await saveIncident(keeping, read, decision.incident);
    if (saved !== undefined) return { incident: saved, reason: decision.reason, saved: true };
  }
  throw new ConflictError(`incident ${id} changed ${MOST_TRIES} times while it was being decided`);
};
