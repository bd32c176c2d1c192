import { randomBytes } from 'node:crypto';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeExportJobs } from '../../shared/adapters/dynamodb/export-jobs.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makePersonSalt } from '../../shared/adapters/dynamodb/person-salt.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeExportFiles } from '../../shared/adapters/s3/export-files.ts';
import { makeExportStore } from '../../shared/adapters/s3/export-store.ts';
import { makeWorkQueue } from '../../shared/adapters/sqs/work-queue.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import type { ExportWork } from '../../shared/ports/export-jobs.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeS3Client, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import { makeAuditHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  INCIDENTS_TABLE: text,
  DELIVERIES_TABLE: text,
  EVIDENCE_TABLE: text,
  LOGS_TABLE: text,
  CHALLENGES_TABLE: text,
  EXPORTS_BUCKET: text,
  EXPORTS_QUEUE: text,
  OIDC_ISSUERS: json(parseIssuers),
});

/** Far below what a function may answer, and more than anybody reads without a spreadsheet. */
const LARGEST_CSV_BYTES = 256 * 1_024;
const EXPORT_ID_BYTES = 32;
const RECORD_ID_BYTES = 16;

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const s3 = makeS3Client();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const evidence = makeEvidenceStore(client, environment.EVIDENCE_TABLE);
const verifier = makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock });

export const handler = serveHttp(
  makeAuditHandler(makeAuthenticate({ verifier, registry }), {
    vitals: makeVitalsStore(client, environment.VITALS_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    registry,
    exports: makeExportStore(s3, environment.EXPORTS_BUCKET),
    files: makeExportFiles(s3, environment.EXPORTS_BUCKET),
    jobs: makeExportJobs(client, environment.LOGS_TABLE),
    queue: makeWorkQueue<ExportWork>(makeSqsClient(), environment.EXPORTS_QUEUE),
    incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
    deliveries: makeDeliveryStore(client, environment.DELIVERIES_TABLE),
    links: makeLinkStore(client, environment.DELIVERIES_TABLE),
    logs: makeLogStore(client, environment.LOGS_TABLE),
    challenges: makeChallengeStore(client, environment.CHALLENGES_TABLE),
    evidence,
    keepEvidence: makeKeepEvidence({ putEvidence: evidence.put, freshSalt }),
    personId: makePersonId(makePersonSalt(client, environment.EVIDENCE_TABLE), freshSalt),
    packFor,
    packById,
    zone: REGION_ZONE,
    clock,
    newRecordId: () => randomBytes(RECORD_ID_BYTES).toString('base64url'),
    newExportId: () => randomBytes(EXPORT_ID_BYTES).toString('base64url'),
    largestCsvBytes: LARGEST_CSV_BYTES,
  }),
);
