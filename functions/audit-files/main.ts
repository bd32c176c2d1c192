import { randomBytes } from 'node:crypto';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makeEvidenceStore } from '../../shared/adapters/dynamodb/evidence-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLogStore } from '../../shared/adapters/dynamodb/log-store.ts';
import { makePersonSalt } from '../../shared/adapters/dynamodb/person-salt.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryStore } from '../../shared/adapters/dynamodb/registry-store.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { keptLogKeys } from '../../shared/adapters/kms/log-keys.ts';
import { parseIssuers } from '../../shared/adapters/oidc/issuers.ts';
import { makeTokenVerifier } from '../../shared/adapters/oidc/token-verifier.ts';
import { makeSealedObjects } from '../../shared/adapters/s3/sealed-objects.ts';
import { REGION_ZONE } from '../../shared/domain/closed-days.ts';
import { packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeKmsClient, makeS3Client } from '../../shared/runtime/aws-clients.ts';
import { json, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeAuthenticate } from '../../shared/runtime/people.ts';
import { serveHttp } from '../../shared/runtime/serve-http.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makePersonId } from '../../shared/use-cases/person-id.ts';
import { makeAuditFilesHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  LOGS_TABLE: text,
  INCIDENTS_TABLE: text,
  CHALLENGES_TABLE: text,
  SEALED_BUCKET: text,
  LOG_KEY: text,
  RETIRED_LOG_KEYS: text,
  LOG_NAME: text,
  LOG_REGION: text,
  OIDC_ISSUERS: json(parseIssuers),
});

const RECORD_ID_BYTES = 16;

const clock = (): number => Date.now();
const client = makeDynamoDbClient();
const registry = makeRegistryStore(client, environment.REGISTRY_TABLE);
const evidence = makeEvidenceStore(client, environment.EVIDENCE_TABLE);
const logs = makeLogStore(client, environment.LOGS_TABLE);
const verifier = makeTokenVerifier({ issuers: environment.OIDC_ISSUERS, clock });
const logKey = { name: environment.LOG_NAME, key: environment.LOG_KEY, retired: environment.RETIRED_LOG_KEYS };
const keys = keptLogKeys(makeKmsClient(), logKey);

export const handler = serveHttp(
  makeAuditFilesHandler(makeAuthenticate({ verifier, registry }), {
    vitals: makeVitalsStore(client, environment.VITALS_TABLE),
    records: makeRecordStore(client, environment.RECORDS_TABLE),
    registry,
    incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE),
    challenges: makeChallengeStore(client, environment.CHALLENGES_TABLE),
    evidence,
    logs,
    keepEvidence: makeKeepEvidence({ putEvidence: evidence.put, freshSalt }),
    personId: makePersonId(makePersonSalt(client, environment.EVIDENCE_TABLE), freshSalt),
    newRecordId: () => randomBytes(RECORD_ID_BYTES).toString('base64url'),
    packFor,
    zone: REGION_ZONE,
    clock,
    bundles: {
      logs,
      sealed: makeSealedObjects(makeS3Client(), environment.SEALED_BUCKET),
      evidence,
      logKeys: async () => (await keys()).keys,
      logName: environment.LOG_NAME,
      region: environment.LOG_REGION,
    },
  }),
);
