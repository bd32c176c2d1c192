import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makeExportJobs } from '../../shared/adapters/dynamodb/export-jobs.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeExportFiles } from '../../shared/adapters/s3/export-files.ts';
import { makeWorkQueue } from '../../shared/adapters/sqs/work-queue.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import type { ExportWork } from '../../shared/ports/export-jobs.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeS3Client, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { sheetFile } from '../../shared/runtime/sheets/answer-sheets.ts';
import { makeExport } from '../../shared/use-cases/exports/make-export.ts';
import { makeHandler } from './handler.ts';

/** Below the timeout of the function by more than a step and the writing of the file take. */
const BUDGET_MS = 2 * MINUTE_MS;

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  INCIDENTS_TABLE: text,
  CHALLENGES_TABLE: text,
  LOGS_TABLE: text,
  EXPORTS_BUCKET: text,
  EXPORTS_QUEUE: text,
});

const client = makeDynamoDbClient();
const clock = (): number => Date.now();
const deps = {
  reads: {
    registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
    vitals: makeVitalsStore(client, environment.VITALS_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
    challenges: makeChallengeStore(client, environment.CHALLENGES_TABLE),
    packFor,
    zone: REGION_ZONE,
    clock,
  },
  jobs: makeExportJobs(client, environment.LOGS_TABLE),
  files: makeExportFiles(makeS3Client(), environment.EXPORTS_BUCKET),
  queue: makeWorkQueue<ExportWork>(makeSqsClient(), environment.EXPORTS_QUEUE),
  write: sheetFile,
  clock,
};

export const handler = makeHandler((id, untilMs) => makeExport(deps, id, untilMs), {
  clock,
  budgetMs: BUDGET_MS,
  tell: tellIn(makeLogger()),
});
