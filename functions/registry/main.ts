import { v7 as uuidv7 } from 'uuid';
import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeTestSender } from '../../shared/adapters/sqs/test-sender.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { departmentTopic, packFor, packs, packsInForce } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSqsClient } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { administratorsFrom, makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makeRegistryHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  ALARMS_TABLE: text,
  DELIVERIES_TABLE: text,
  RECORDS_TABLE: text,
  EVIDENCE_TABLE: text,
  LOGS_TABLE: text,
  DELIVERY_QUEUE: text,
  OIDC_ISSUERS: json(parseIssuers),
});

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const authenticate = makeAuthenticate({
  verifier: makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock }),
  registry,
  administrators: administratorsFrom(process.env.ADMINISTRATORS),
});

export const handler = serveHttp(
  makeRegistryHandler(authenticate, {
    registry,
    vitals: makeVitalsStore(client, environment.VITALS_TABLE),
    alarms: makeAlarmStore(client, environment.ALARMS_TABLE),
    packs: {
      packFor,
      inForce: packsInForce,
      isKnown: (name) => packs.some((pack) => pack.name === name),
      topicOf: departmentTopic,
    },
    rosters: makeRosterStore(client, environment.REGISTRY_TABLE),
    deliveries: makeDeliveryStore(client, environment.DELIVERIES_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    logs: makeLogStore(client, environment.LOGS_TABLE),
    zone: REGION_ZONE,
    keepEvidence: makeKeepEvidence({
      putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
      freshSalt,
    }),
    tests: makeTestSender(makeSqsClient(), environment.DELIVERY_QUEUE),
    clock,
    // Rises within a millisecond too, so that entries of one instant stay in order.
    newId: () => uuidv7(),
  }),
);
