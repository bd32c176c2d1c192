import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLedgerStore } from '../../shared/adapters/dynamodb/ledger-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeWatchdog } from '../../shared/adapters/watchdog/watchdog.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text, urlOrNone } from '../../shared/runtime/environment.ts';
import { makeLogger } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeAuditEscalation } from './audit-escalation.ts';
import { makeHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  INCIDENTS_TABLE: text,
  DELIVERIES_TABLE: text,
  WATCHDOG_URL: urlOrNone,
});

const client = makeDynamoDbClient();
const logger = makeLogger();
const url = environment.WATCHDOG_URL;
const audit = makeAuditEscalation({
  incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
  ledger: makeLedgerStore(client, environment.DELIVERIES_TABLE),
  beats: makeSystemBeats(client, environment.DELIVERIES_TABLE),
  watchdog: url === undefined ? undefined : makeWatchdog(url),
  clock: () => Date.now(),
  tell: (what, about, detail) =>
    logger.error(what, { about, detail: detail instanceof Error ? detail : String(detail) }),
});

export const handler = makeHandler(audit, { metrics: makeMetrics() });
