import { v7 as uuidv7 } from 'uuid';
import { makeAlarmStore } from '../../shared/adapters/dynamodb/alarm-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeSecretStore } from '../../shared/adapters/secrets-manager/secret-store.ts';
import { keyFromSecret, makeReportSender } from '../../shared/adapters/signature/report-sender.ts';
import { makeSigV4 } from '../../shared/adapters/signature/sigv4.ts';
import { CANARY } from '../../shared/domain/incident.ts';
import { makeDynamoDbClient, makeSecretsManagerClient, roleCredentials } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeHandler } from './handler.ts';
import { makeRingCanary } from './ring-canary.ts';

const environment = readEnvironment(process.env, {
  ALARMS_TABLE: text,
  DELIVERIES_TABLE: text,
  REPORTS_URL: text,
  CANARY_SECRET: text,
  INGRESS: text,
  AWS_REGION: text,
});

const clock = () => Date.now();
const client = makeDynamoDbClient();
const secrets = makeSecretStore(makeSecretsManagerClient());

/** Per invocation: the role's credentials are renewed while the instance lives. */
const ring = async (): Promise<void> => {
  const sender = makeReportSender({
    api: environment.REPORTS_URL,
    facilityId: CANARY,
    box: CANARY,
    privateKey: keyFromSecret(await secrets.read(environment.CANARY_SECRET)),
    clock,
    ...(environment.INGRESS === 'iam' && {
      signFurther: makeSigV4(environment.AWS_REGION, roleCredentials(process.env)),
    }),
  });
  await makeRingCanary({
    alarms: makeAlarmStore(client, environment.ALARMS_TABLE),
    beats: makeSystemBeats(client, environment.DELIVERIES_TABLE),
    sender,
    clock,
    newId: uuidv7,
  })();
};

export const handler = makeHandler(ring);
