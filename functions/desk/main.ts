import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeNoticeFeed } from '../../shared/adapters/dynamodb/notice-feed.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { makeWindowStore } from '../../shared/adapters/dynamodb/window-store.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeNoticePublisher } from '../../shared/adapters/sns/notice-publisher.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSnsClient } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text, topicArns, topicVariables } from '../../shared/runtime/environment.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeDeskHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  INCIDENTS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  DELIVERIES_TABLE: text,
  OIDC_ISSUERS: json(parseIssuers),
  ...topicVariables,
});

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const verifier = makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock });

export const handler = serveHttp(
  makeDeskHandler(makeAuthenticate({ verifier, registry }), {
    incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    registry,
    deliveries: makeDeliveryStore(client, environment.DELIVERIES_TABLE),
    links: makeLinkStore(client, environment.DELIVERIES_TABLE),
    feed: makeNoticeFeed(client, environment.DELIVERIES_TABLE),
    rosters: makeRosterStore(client, environment.REGISTRY_TABLE),
    windows: makeWindowStore(client, environment.DELIVERIES_TABLE),
    publisher: makeNoticePublisher(makeSnsClient(), topicArns(environment)),
    packFor,
    packById,
    clock,
  }),
);
