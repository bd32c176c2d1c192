import { randomBytes } from 'node:crypto';
import type { AuditDeps } from '../../functions/audit/stores.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import { memoryChallengeStore } from './memory/challenges.ts';
import { memoryDeliveryStore, memoryLinkStore } from './memory/deliveries.ts';
import { memoryEvidenceStore } from './memory/evidence-store.ts';
import { memoryExportFiles, memoryExportJobs } from './memory/export-jobs.ts';
import { memoryExportStore } from './memory/exports.ts';
import { memoryIncidentStore } from './memory/incidents.ts';
import { memoryLogStore } from './memory/log-store.ts';
import { memoryPersonSalt } from './memory/person-salt.ts';
import { memoryRecordStore } from './memory/records.ts';
import { memoryRegistryStore } from './memory/registry.ts';
import { memoryVitalsStore } from './memory/vitals.ts';

/** Every store of the audit in memory, with what records of its own making need. */
export const auditStores = () => {
  const evidence = memoryEvidenceStore();
  return {
    registry: memoryRegistryStore(),
    vitals: memoryVitalsStore(),
    records: memoryRecordStore(),
    exports: memoryExportStore(),
    incidents: memoryIncidentStore(),
    deliveries: memoryDeliveryStore(),
    links: memoryLinkStore(),
    logs: memoryLogStore(),
    challenges: memoryChallengeStore(),
    evidence,
    salt: memoryPersonSalt(),
    jobs: memoryExportJobs(),
    files: memoryExportFiles(),
    queue: { send: async () => {} },
  };
};

const freshSalt = (): Uint8Array => randomBytes(32);

/** The dependencies of the audit over some stores; those that a test does not name are empty. */
export const auditDeps = <S extends Partial<ReturnType<typeof auditStores>>>(
  given: S,
  clock: () => number,
  more: Partial<AuditDeps> = {},
): AuditDeps => {
  const stores = { ...auditStores(), ...given };
  let ids = 0;
  return {
    ...stores,
    keepEvidence: makeKeepEvidence({ putEvidence: stores.evidence.put, freshSalt }),
    personId: makePersonId(stores.salt, freshSalt),
    packFor,
    packById,
    zone: 'Asia/Shanghai',
    clock,
    newExportId: () => randomBytes(32).toString('base64url'),
    newRecordId: () => `record-${++ids}`,
    largestCsvBytes: 100_000,
    ...more,
  };
};
