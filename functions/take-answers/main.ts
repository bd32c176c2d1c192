import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeReachStore } from '../../shared/adapters/dynamodb/reach-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeAnswerTokens } from '../../shared/adapters/links/answer-tokens.ts';
import { makeSecretStore } from '../../shared/adapters/secrets-manager/secret-store.ts';
import { packById, packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSecretsManagerClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { asPage } from './as-page.ts';
import { makeHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  DELIVERIES_TABLE: text,
  INCIDENTS_TABLE: text,
  REGISTRY_TABLE: text,
  RECORDS_TABLE: text,
  VITALS_TABLE: text,
  LINK_SECRET: text,
});

const client = makeDynamoDbClient();
const secrets = makeSecretStore(makeSecretsManagerClient());

export const handler = asPage(
  serveHttp(
    makeHandler({
      tokens: makeAnswerTokens(() => secrets.read(environment.LINK_SECRET)),
      links: makeLinkStore(client, environment.DELIVERIES_TABLE),
      deliveries: makeDeliveryStore(client, environment.DELIVERIES_TABLE),
      reach: makeReachStore(client, environment.DELIVERIES_TABLE),
      incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
      records: makeRecordStore(client, environment.RECORDS_TABLE),
      registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
      vitals: makeVitalsStore(client, environment.VITALS_TABLE),
      packById,
      packFor,
      clock: () => Date.now(),
    }),
  ),
);
