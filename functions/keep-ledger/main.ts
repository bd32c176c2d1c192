import { makeLedgerStore } from '../../shared/adapters/dynamodb/ledger-store.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { countNow, makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeHandler } from './handler.ts';
import { makeKeepLedger } from './keep-ledger.ts';

const environment = readEnvironment(process.env, { DELIVERIES_TABLE: text });

const metrics = makeMetrics();
const keep = makeKeepLedger({
  ledger: makeLedgerStore(makeDynamoDbClient(), environment.DELIVERIES_TABLE),
  clock: () => Date.now(),
});

export const handler = makeHandler(keep, {
  tell: tellIn(makeLogger()),
  count: (name) => countNow(metrics, name),
});
