import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveSealedReports } from '../../shared/runtime/serve-sealed-reports.ts';
import { makeHandler } from './handler.ts';
import { makeReceiveDigest } from './receive-digests.ts';

const environment = readEnvironment(process.env, {
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  AUTHORITIES: list,
});

const client = makeDynamoDbClient();
const records = makeRecordStore(client, environment.RECORDS_TABLE);

export const handler = serveSealedReports(makeHandler, {
  kind: 'digests',
  verify: makeVerifyRequest(environment.AUTHORITIES),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
  ofRequest: (registry) => ({ take: makeReceiveDigest({ records, registry }) }),
});
