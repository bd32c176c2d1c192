import { makeDeskHandler } from '../../functions/desk/handler.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { facility as aFacility } from '../contract/samples.ts';
import {
  memoryDeliveryStore,
  memoryIncidentStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryNoticePublisher,
  memoryRecordStore,
  memoryRegistryStore,
  memoryRosterStore,
  memoryWindowStore,
} from './memory-stores.ts';
import { believing, callerOf, grantTo } from './people-api.ts';

export const NOW_MS = Date.parse('2026-03-02T02:00:00Z');
export const instant = (ms: number): string => new Date(ms).toISOString();

let ids = 0;
/** An id as a desk makes one. */
export const newId = (): string => {
  ids += 1;
  return `019cac2e-8b80-7000-8000-${String(ids).padStart(12, '0')}`;
};

/**
 * The desk of Taizhou (3212) with its nursery `sunshine`, whose `head` has a role; officers by department; `wuxi`, police
 * of another city.
 */
export const deskWorld = async () => {
  const [registry, incidents, records] = [memoryRegistryStore(), memoryIncidentStore(), memoryRecordStore()];
  const [windows, publisher] = [memoryWindowStore(), memoryNoticePublisher()];
  let nowMs = NOW_MS;
  const told = {
    deliveries: memoryDeliveryStore(),
    links: memoryLinkStore(),
    feed: memoryNoticeFeed(),
    rosters: memoryRosterStore(),
  };
  const deps = { ...told, incidents, records, registry, windows, publisher, packById, packFor, clock: () => nowMs };
  const sunshine: Facility = aFacility();
  await registry.putFacility(sunshine);
  await registry.putFacility(aFacility({ id: 'lakeside', division: '320282' }));
  for (const department of ['police', 'fire', 'emergency', 'health', 'supervision'] as const) {
    await grantTo(registry, department, { role: 'officer', department, division: '3212' });
  }
  await grantTo(registry, 'wuxi', { role: 'officer', department: 'police', division: '3202' });
  await grantTo(registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(registry, 'registrar', { role: 'registrar', division: '3212' });
  await grantTo(registry, 'head', { role: 'facility', facilityId: 'sunshine' });
  const authenticate = believing(registry);
  return {
    ...deps,
    sunshine,
    call: callerOf(makeDeskHandler(authenticate, deps)),
    callWith: (more: object) => callerOf(makeDeskHandler(authenticate, { ...deps, ...more })),
    pass: (ms: number): void => {
      nowMs += ms;
    },
  };
};

export type DeskWorld = Awaited<ReturnType<typeof deskWorld>>;
