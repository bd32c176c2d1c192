import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { documentsOf } from '../../shared/adapters/dynamodb/client.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { readRecorded } from '../../shared/adapters/dynamodb/recorded.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Recorded } from '../../shared/domain/recompute.ts';
import type { FacilityRows } from '../../shared/domain/vitals.ts';
import type { ReadTables } from './tables.ts';

/** All that is kept of one facility. */
export interface KeptFacility {
  readonly facility: Facility;
  readonly rows: FacilityRows;
  readonly recorded: Recorded;
}

/** Every live incident, of all facilities. */
export const readLive = async ({ client, names }: ReadTables): Promise<readonly Incident[]> => {
  const live: Incident[] = [];
  for await (const page of makeIncidentStore(client, names.incidents).scan()) live.push(...page);
  return live;
};

/** Absent = it is not registered, or has no rows yet. */
export const readKept = async (
  { client, names }: ReadTables,
  facilityId: string,
  live: readonly Incident[],
): Promise<KeptFacility | undefined> => {
  const [facility, rows] = await Promise.all([
    makeRegistryStore(client, names.registry).readFacility(facilityId),
    makeVitalsStore(client, names.vitals).readRows(facilityId),
  ]);
  if (facility === undefined || rows === undefined) return undefined;
  const own = live.filter((incident) => incident.facilityId === facilityId);
  return { facility, rows, recorded: await readRecorded(client, names.records, facilityId, own) };
};

/** Ids of all registered facilities, in order. Reads the whole registry: for an operator at work, on a local stack. */
export const readFacilityIds = async ({ client, names }: ReadTables): Promise<readonly string[]> => {
  const ids: string[] = [];
  const pages = paginateScan(
    { client: documentsOf(client) },
    {
      TableName: names.registry,
      FilterExpression: 'sk = :facility',
      ExpressionAttributeValues: { ':facility': 'facility' },
      ProjectionExpression: 'pk',
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) ids.push(...Items.map(({ pk }) => String(pk).replace(/^facility#/, '')));
  return ids.sort();
};
