import { randomBytes } from 'node:crypto';
import { makeChallengeStore } from '../../shared/adapters/dynamodb/challenge-store.ts';
import { makePutEvidence } from '../../shared/adapters/dynamodb/put-evidence.ts';
import { makeRecordStore } from '../../shared/adapters/dynamodb/record-store.ts';
import { makeRegistryReader } from '../../shared/adapters/dynamodb/registry-reader.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeChallengeKeys } from '../../shared/adapters/secrets-manager/challenge-keys.ts';
import { usualPolicy } from '../../shared/domain/challenges/policy.ts';
import { longestRetentionDays, packFor } from '../../shared/rule-packs/index.ts';
import { makeDynamoDbClient, makeSecretsManagerClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { freshSalt } from '../../shared/runtime/fresh-salt.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { countNow, makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeKeepEvidence } from '../../shared/use-cases/keep-evidence.ts';
import { makeDrawChallenges } from './draw-challenges.ts';
import { makeHandler } from './handler.ts';
import { makeMonthKeys } from './month-keys.ts';

const environment = readEnvironment(process.env, {
  CHALLENGES_TABLE: text,
  RECORDS_TABLE: text,
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  EVIDENCE_TABLE: text,
  CHALLENGE_KEYS: text,
});

const logger = makeLogger();
const metrics = makeMetrics();
const client = makeDynamoDbClient();
const challenges = makeChallengeStore(client, environment.CHALLENGES_TABLE, longestRetentionDays);
const lost = (keyId: string): void => {
  countNow(metrics, 'challenge-key-lost');
  logger.error('the private key of challenges is gone', { keyId });
};

const draw = makeDrawChallenges({
  challenges,
  records: makeRecordStore(client, environment.RECORDS_TABLE),
  registry: makeRegistryReader(client, environment.REGISTRY_TABLE),
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  monthKeys: makeMonthKeys({
    keys: makeChallengeKeys(makeSecretsManagerClient(), environment.CHALLENGE_KEYS, () => randomBytes(32)),
    challenges,
    policy: usualPolicy(longestRetentionDays),
    lost,
  }),
  keepEvidence: makeKeepEvidence({ putEvidence: makePutEvidence(client, environment.EVIDENCE_TABLE), freshSalt }),
  packFor,
  clock: () => Date.now(),
  lost,
});

export const handler = makeHandler(draw, tellIn(logger));
