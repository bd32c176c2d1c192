import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveLog } from './receive-logs.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  AUTHORITIES: list,
});

const client = makeDynamoDbClient();
const take = makeReceiveLog({
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  registry: makeRegistryStore(client, environment.REGISTRY_TABLE),
  packFor,
});

export const handler = serveHttp(
  makeHandler({ verify: makeVerifyRequest(environment.AUTHORITIES), take, clock: () => Date.now() }),
);
