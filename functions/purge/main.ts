import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeWorkQueue } from '../../shared/adapters/sqs/work-queue.ts';
import type { DayWork } from '../../shared/contracts/day-work.ts';
import { SECOND_MS } from '../../shared/domain/time.ts';
import { makeDynamoDbClient, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { makeHandler } from './handler.ts';
import { makePurge } from './purge.ts';

/** Below the timeout of the function by more than one call of the store takes. */
const BUDGET_MS = 60 * SECOND_MS;

const environment = readEnvironment(process.env, {
  EVIDENCE_TABLE: text,
  REGISTRY_TABLE: text,
  LOGS_TABLE: text,
  PURGE_QUEUE: text,
  LOG_NAME: text,
});

const client = makeDynamoDbClient();
const tell = tellIn(makeLogger());
const clock = (): number => Date.now();

const purge = makePurge({
  evidence: makeEvidenceStore(client, environment.EVIDENCE_TABLE),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  logs: makeLogStore(client, environment.LOGS_TABLE),
  queue: makeWorkQueue<DayWork>(makeSqsClient(), environment.PURGE_QUEUE),
  logName: environment.LOG_NAME,
  clock,
  tell,
});

export const handler = makeHandler(purge, { clock, budgetMs: BUDGET_MS, tell });
