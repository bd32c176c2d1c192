import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
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

export const handler = serveHttp(
  makeHandler({
    incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
    clock: () => Date.now(),
  }),
);
