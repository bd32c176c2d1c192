/**
 * In-memory doubles of every port, with the semantics of the real adapters (one contract suite runs against both).
 * `failing` makes one fail before or after saving; `callsOf` tells what was asked of it.
 */
export { memoryAlarmStore } from './memory/alarms.ts';
export {
  type Call,
  callsOf,
  type FailurePlan,
  failAt,
  failing,
  type Interleaving,
  interleave,
  methodsOf,
  type RunningPlan,
} from './memory/calls.ts';
export { type MemoryChallenges, memoryChallengeKeys, memoryChallengeStore } from './memory/challenges.ts';
export {
  memoryChannelStateStore,
  memoryDeliveryStore,
  memoryLedgerStore,
  memoryLinkStore,
  memoryNoticeFeed,
  memoryReachStore,
  memorySystemBeats,
} from './memory/deliveries.ts';
export { memoryEvidenceStore } from './memory/evidence-store.ts';
export { memoryExportStore } from './memory/exports.ts';
export { memoryIncidentStore } from './memory/incidents.ts';
export { memoryLogKeys } from './memory/log-keys.ts';
export { type MemoryLogs, memoryLogStore } from './memory/log-store.ts';
export { type MemoryNotices, memoryNoticePublisher } from './memory/notices.ts';
export { memoryPersonSalt } from './memory/person-salt.ts';
export { type MemoryRecords, memoryRecordStore } from './memory/records.ts';
export { memoryRegistryStore } from './memory/registry.ts';
export { memoryRosterStore } from './memory/rosters.ts';
export { memorySealedObjects } from './memory/sealed-objects.ts';
export { memorySecretStore } from './memory/secrets.ts';
export { type MemoryVitals, memoryVitalsStore } from './memory/vitals.ts';
export { memoryWindowStore } from './memory/windows.ts';
