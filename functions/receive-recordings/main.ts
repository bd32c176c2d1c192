import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { longestRetentionDays, packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient } from '../../shared/runtime/aws-clients.ts';
import { list, readEnvironment, text } from '../../shared/runtime/environment.ts';
import { serveSealedReports } from '../../shared/runtime/serve-sealed-reports.ts';
import { facilityRowOfRequest } from '../../shared/use-cases/of-one-request.ts';
import { makeAskBox, rememberKeys } from './ask-box.ts';
import { makeHandler } from './handler.ts';
import { makeKeepTokens } from './keep-tokens.ts';
import { makeReceiveRecording } from './receive-recordings.ts';

const environment = readEnvironment(process.env, {
  CHALLENGES_TABLE: text,
  VITALS_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  EVIDENCE_TABLE: text,
  AUTHORITIES: list,
});

const client = makeDynamoDbClient();
const rows = makeVitalsStore(client, environment.VITALS_TABLE);
const challenges = makeChallengeStore(client, environment.CHALLENGES_TABLE, longestRetentionDays);
const publishedKeys = rememberKeys(challenges);
const records = makeRecordStore(client, environment.RECORDS_TABLE);

export const handler = serveSealedReports(makeHandler, {
  kind: 'recordings',
  verify: makeVerifyRequest(environment.AUTHORITIES),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE),
  ofRequest: (registry) => {
    const vitals = facilityRowOfRequest(rows);
    return {
      prepare: makeKeepTokens({ registry, challenges }),
      take: makeReceiveRecording({ vitals, records, registry, packFor }),
      tell: makeAskBox({ challenges: { ...challenges, publishedKeys }, registry }),
    };
  },
});
