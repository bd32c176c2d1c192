import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveSealedReports } from '../../shared/runtime/serve-sealed-reports.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveLog } from './receive-logs.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  AUTHORITIES: list,
});

const client = makeDynamoDbClient();
const stores = {
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  packFor,
};

export const handler = serveSealedReports(makeHandler, {
  kind: 'logs',
  verify: makeVerifyRequest(environment.AUTHORITIES),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
  ofRequest: (registry) => ({ take: makeReceiveLog({ ...stores, registry }) }),
});
