import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeWorkQueue } from '../../shared/adapters/sqs/work-queue.ts';
import type { DayWork, SealWork } from '../../shared/contracts/day-work.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeCloseDay } from './close-day.ts';
import { makeHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  LOGS_TABLE: text,
  DELIVERIES_TABLE: text,
  SEAL_QUEUE: text,
  DRAW_QUEUE: text,
  PURGE_QUEUE: text,
  LOG_NAME: text,
  LOG_REGION: text,
});

const client = makeDynamoDbClient();
const sqs = makeSqsClient();

const closeDay = makeCloseDay({
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  logs: makeLogStore(client, environment.LOGS_TABLE),
  beats: makeSystemBeats(client, environment.DELIVERIES_TABLE),
  sealQueue: makeWorkQueue<SealWork>(sqs, environment.SEAL_QUEUE),
  drawQueue: makeWorkQueue<DayWork>(sqs, environment.DRAW_QUEUE),
  purgeQueue: makeWorkQueue<DayWork>(sqs, environment.PURGE_QUEUE),
  packFor,
  logName: environment.LOG_NAME,
  region: environment.LOG_REGION,
  zone: REGION_ZONE,
  clock: () => Date.now(),
});

export const handler = makeHandler(closeDay, { logger: makeLogger(), metrics: makeMetrics() });
