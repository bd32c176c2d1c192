import { randomBytes } from 'node:crypto';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeExportStore } from '../../shared/adapters/s3/export-store.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeS3Client } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeAuditHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EXPORTS_BUCKET: text,
  OIDC_ISSUERS: json(parseIssuers),
});

/** Far below what a function may answer, and more than anybody reads without a spreadsheet. */
const LARGEST_CSV_BYTES = 256 * 1_024;
const EXPORT_ID_BYTES = 32;

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const verifier = makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock });

export const handler = serveHttp(
  makeAuditHandler(makeAuthenticate({ verifier, registry }), {
    vitals: makeVitalsStore(client, environment.VITALS_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    registry,
    exports: makeExportStore(makeS3Client(), environment.EXPORTS_BUCKET),
    packFor,
    clock,
    newExportId: () => randomBytes(EXPORT_ID_BYTES).toString('base64url'),
    largestCsvBytes: LARGEST_CSV_BYTES,
  }),
);
