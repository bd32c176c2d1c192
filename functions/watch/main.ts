import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makePersonSalt } from '../../shared/adapters/dynamodb/person-salt.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeReachStore } from '../../shared/adapters/dynamodb/reach-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import { makeNoticePublisher } from '../../shared/adapters/sns/notice-publisher.ts';
import { packFor, packSet } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSnsClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text, topicArns, topicVariables } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makeKeepIncident } from '../../shared/use-cases/keep-incident.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import { makeHandler } from './handler.ts';
import { makeWatch } from './watch.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  REGISTRY_TABLE: text,
  RECORDS_TABLE: text,
  INCIDENTS_TABLE: text,
  ALARMS_TABLE: text,
  DELIVERIES_TABLE: text,
  EVIDENCE_TABLE: text,
  ...topicVariables,
});

const client = makeDynamoDbClient();
const logger = makeLogger();
const keepEvidence = makeKeepEvidence({ putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE), freshSalt });
const sweep = makeWatch({
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
  alarms: makeAlarmStore(client, environment.ALARMS_TABLE),
  windows: makeWindowStore(client, environment.DELIVERIES_TABLE),
  rosters: makeRosterStore(client, environment.REGISTRY_TABLE),
  reach: makeReachStore(client, environment.DELIVERIES_TABLE),
  keepIncident: makeKeepIncident(
    keepEvidence,
    makePersonId(makePersonSalt(client, environment.EVIDENCE_TABLE), freshSalt),
  ),
  publisher: makeNoticePublisher(makeSnsClient(), topicArns(environment)),
  packFor,
  packSet,
  clock: () => Date.now(),
  tell: tellIn(logger),
});

const beats = makeSystemBeats(client, environment.DELIVERIES_TABLE);
const showLife = (): Promise<void> => beats.beat('watch', Date.now());

export const handler = makeHandler(sweep, { logger, metrics: makeMetrics(), showLife });
