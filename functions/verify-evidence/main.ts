import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { loadLogKeys } from '../../shared/adapters/kms/log-keys.ts';
import { makeSealedObjects } from '../../shared/adapters/s3/sealed-objects.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { makeDynamoDbClient, makeKmsClient, makeS3Client } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeHandler } from './handler.ts';
import { makeVerifyEvidence } from './verify-evidence.ts';

/** Below the timeout of the function by more than one facility takes. */
const BUDGET_MS = 12 * MINUTE_MS;

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  LOGS_TABLE: text,
  DELIVERIES_TABLE: text,
  SEALED_BUCKET: text,
  LOG_KEY: text,
  RETIRED_LOG_KEYS: text,
  LOG_NAME: text,
  LOG_REGION: text,
});

const client = makeDynamoDbClient();
const kms = makeKmsClient();
const logKey = { name: environment.LOG_NAME, key: environment.LOG_KEY, retired: environment.RETIRED_LOG_KEYS };

const verify = makeVerifyEvidence({
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  logs: makeLogStore(client, environment.LOGS_TABLE),
  evidence: makeEvidenceStore(client, environment.EVIDENCE_TABLE),
  beats: makeSystemBeats(client, environment.DELIVERIES_TABLE),
  sealed: makeSealedObjects(makeS3Client(), environment.SEALED_BUCKET),
  readKeys: async () => (await loadLogKeys(kms, logKey)).keys,
  logName: environment.LOG_NAME,
  region: environment.LOG_REGION,
  zone: REGION_ZONE,
  clock: () => Date.now(),
  budgetMs: BUDGET_MS,
});

export const handler = makeHandler(verify, { logger: makeLogger(), metrics: makeMetrics() });
