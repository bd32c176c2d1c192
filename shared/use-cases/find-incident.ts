import type { Incident } from '../domain/incident.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** An incident as it is kept now, and whether it is live or a record. */
export interface Found {
  readonly incident: Incident;
  readonly live: boolean;
}

/** Ids begin with their facility's. */
export const facilityIdOf = (incidentId: string): string => incidentId.split('~')[0] ?? '';

export interface IncidentPlaces {
  readonly incidents: Pick<IncidentStore, 'read'>;
  readonly records: Pick<RecordStore, 'readArchived'>;
}

/**
 * Strongly consistent, wherever it is: it is archived before it is removed from the live ones, so that it is always in
 * one of them. A reader that comes between finds it in the records.
 */
export const findIncident = async ({ incidents, records }: IncidentPlaces, id: string): Promise<Found | undefined> => {
  // The engine takes no empty key, and whoever asks names what they like.
  if (facilityIdOf(id) === '') return undefined;
  const incident = await incidents.read(id);
  if (incident !== undefined) return { incident, live: true };
  const archived = await records.readArchived(facilityIdOf(id), id);
  return archived && { incident: archived, live: false };
};
