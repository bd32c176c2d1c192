import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { makeNoticePublisher } from '../../shared/adapters/sns/notice-publisher.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSnsClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text, topicArns, topicVariables } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepRequest } from '../../shared/use-cases/keep-request.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveAlarm } from './receive-alarms.ts';

const environment = readEnvironment(process.env, {
  ALARMS_TABLE: text,
  INCIDENTS_TABLE: text,
  REGISTRY_TABLE: text,
  DELIVERIES_TABLE: text,
  EVIDENCE_TABLE: text,
  AUTHORITIES: list,
  ...topicVariables,
});

const clock = () => Date.now();
const client = makeDynamoDbClient();
const alarms = makeAlarmStore(client, environment.ALARMS_TABLE);
const take = makeReceiveAlarm({
  alarms,
  incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  windows: makeWindowStore(client, environment.DELIVERIES_TABLE),
  publisher: makeNoticePublisher(makeSnsClient(), topicArns(environment)),
  packFor,
  clock,
});

const keepRequest = makeKeepRequest({
  putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
  isKeyLive: alarms.isKeyLive,
  kind: 'alarms',
  freshSalt,
});

export const handler = serveHttp(
  makeHandler({ verify: makeVerifyRequest(environment.AUTHORITIES), take, keepRequest, clock }),
);
