import { v7 as uuidv7 } from 'uuid';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeEraseHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  REGISTRY_TABLE: text,
  RECORDS_TABLE: text,
  EVIDENCE_TABLE: text,
  OIDC_ISSUERS: json(parseIssuers),
});

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const verifier = makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock });

export const handler = serveHttp(
  makeEraseHandler(makeAuthenticate({ verifier, registry }), {
    evidence: makeEvidenceStore(client, environment.EVIDENCE_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    registry,
    clock,
    newId: () => uuidv7(),
  }),
);
