import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepRequest } from '../../shared/use-cases/keep-request.ts';
import { registryOfRequest } from '../../shared/use-cases/of-one-request.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveCheck } from './receive-checks.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  AUTHORITIES: list,
});

const client = makeDynamoDbClient();
const reader = makeRegistryReader(client, environment.REGISTRY_TABLE);
const stores = {
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  packFor,
};
const keep = {
  putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
  kind: 'checks',
  freshSalt,
} as const;
const verify = makeVerifyRequest(environment.AUTHORITIES);
const clock = () => Date.now();

export const handler = serveHttp((event) => {
  const registry = registryOfRequest(reader);
  return makeHandler({
    verify,
    take: makeReceiveCheck({ ...stores, registry }),
    keepRequest: makeKeepRequest({ ...keep, isKeyLive: registry.isKeyLive }),
    clock,
  })(event);
});
