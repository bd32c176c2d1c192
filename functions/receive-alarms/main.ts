import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { makeNoticePublisher } from '../../shared/adapters/sns/notice-publisher.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSnsClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text, topicArns, topicVariables } from '../../shared/runtime/environment.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveAlarm } from './receive-alarms.ts';

const environment = readEnvironment(process.env, {
  ALARMS_TABLE: text,
  INCIDENTS_TABLE: text,
  REGISTRY_TABLE: text,
  DELIVERIES_TABLE: text,
  AUTHORITIES: list,
  ...topicVariables,
});

const clock = () => Date.now();
const client = makeDynamoDbClient();
const take = makeReceiveAlarm({
  alarms: makeAlarmStore(client, environment.ALARMS_TABLE),
  incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  windows: makeWindowStore(client, environment.DELIVERIES_TABLE),
  publisher: makeNoticePublisher(makeSnsClient(), topicArns(environment)),
  packFor,
  clock,
});

export const handler = serveHttp(makeHandler({ verify: makeVerifyRequest(environment.AUTHORITIES), take, clock }));
