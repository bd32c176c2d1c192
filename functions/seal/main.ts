import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { keptLogKeys } from '../../shared/adapters/kms/log-keys.ts';
import { makeSealedObjects } from '../../shared/adapters/s3/sealed-objects.ts';
import { makeWorkQueue } from '../../shared/adapters/sqs/work-queue.ts';
import type { SealWork } from '../../shared/contracts/day-work.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeKmsClient, makeS3Client, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { makeHandler } from './handler.ts';
import { nameOf } from './name-of-pack.ts';
import { makeSeal } from './seal.ts';

/** Below the timeout of the function by more than one day of the largest facility takes. */
const BUDGET_MS = 2 * MINUTE_MS;

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  EVIDENCE_TABLE: text,
  LOGS_TABLE: text,
  CHALLENGES_TABLE: text,
  SEALED_BUCKET: text,
  SEAL_QUEUE: text,
  LOG_KEY: text,
  RETIRED_LOG_KEYS: text,
  LOG_NAME: text,
  LOG_REGION: text,
});

const client = makeDynamoDbClient();
const tell = tellIn(makeLogger());
const clock = (): number => Date.now();

const logKey = { name: environment.LOG_NAME, key: environment.LOG_KEY, retired: environment.RETIRED_LOG_KEYS };

const seal = makeSeal({
  logs: makeLogStore(client, environment.LOGS_TABLE),
  objects: makeSealedObjects(makeS3Client(), environment.SEALED_BUCKET),
  evidence: makeEvidenceStore(client, environment.EVIDENCE_TABLE),
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  challenges: makeChallengeStore(client, environment.CHALLENGES_TABLE),
  queue: makeWorkQueue<SealWork>(makeSqsClient(), environment.SEAL_QUEUE),
  keys: keptLogKeys(makeKmsClient(), logKey),
  packFor,
  nameOf,
  logName: environment.LOG_NAME,
  region: environment.LOG_REGION,
  zone: REGION_ZONE,
  clock,
  tell,
});

export const handler = makeHandler(seal, { clock, budgetMs: BUDGET_MS, tell });
