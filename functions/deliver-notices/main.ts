import { makeCanary } from '../../shared/adapters/channels/canary/canary.ts';
import { isLoopback } from '../../shared/adapters/channels/http-post.ts';
import { makeChannels } from '../../shared/adapters/channels/make-channels.ts';
import { makeChannelStateStore } from '../../shared/adapters/dynamodb/channel-state-store.ts';
import { makeDeliveryStore } from '../../shared/adapters/dynamodb/delivery-store.ts';
import { makeIncidentStore } from '../../shared/adapters/dynamodb/incident-store.ts';
import { makeLinkStore } from '../../shared/adapters/dynamodb/link-store.ts';
import { makeNoticeFeed } from '../../shared/adapters/dynamodb/notice-feed.ts';
import { makeRosterStore } from '../../shared/adapters/dynamodb/roster-store.ts';
import { makeSystemBeats } from '../../shared/adapters/dynamodb/system-beats.ts';
import { makeVitalsStore } from '../../shared/adapters/dynamodb/vitals-store.ts';
import { makeAnswerTokens } from '../../shared/adapters/links/answer-tokens.ts';
import { makeSecretStore } from '../../shared/adapters/secrets-manager/secret-store.ts';
import { makeDynamoDbClient, makeSecretsManagerClient } from '../../shared/runtime/aws-clients.ts';
import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger, tellIn } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeDeliverNotices } from './deliver-notices.ts';
import { makeHandler } from './handler.ts';

const environment = readEnvironment(process.env, {
  DELIVERIES_TABLE: text,
  INCIDENTS_TABLE: text,
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  PUBLIC_URL: text,
  LINK_SECRET: text,
  CHANNEL_SECRETS: text,
});

const clock = (): number => Date.now();
/** Only where the services of AWS are on this machine are we in the local run: nothing of the template says so. */
const onThisMachine = isLoopback(URL.parse(process.env.AWS_ENDPOINT_URL ?? '')?.hostname ?? '');
const client = makeDynamoDbClient();
const secretsClient = makeSecretsManagerClient();
const linkSecret = makeSecretStore(secretsClient, '', clock);
const beats = makeSystemBeats(client, environment.DELIVERIES_TABLE);
const metrics = makeMetrics();

const tell = tellIn(makeLogger());
const count = (name: string): void => {
  metrics.addMetric(name, 'Count', 1);
};

const deliver = makeDeliverNotices({
  deliveries: makeDeliveryStore(client, environment.DELIVERIES_TABLE),
  links: makeLinkStore(client, environment.DELIVERIES_TABLE),
  feed: makeNoticeFeed(client, environment.DELIVERIES_TABLE),
  states: makeChannelStateStore(client, environment.DELIVERIES_TABLE),
  rosters: makeRosterStore(client, environment.REGISTRY_TABLE),
  beats,
  channels: { ...makeChannels(clock, { onThisMachine }), canary: makeCanary(beats, clock) },
  secrets: makeSecretStore(secretsClient, environment.CHANNEL_SECRETS, clock),
  tokens: makeAnswerTokens(() => linkSecret.read(environment.LINK_SECRET)),
  keeping: { incidents: makeIncidentStore(client, environment.INCIDENTS_TABLE) },
  vitals: makeVitalsStore(client, environment.VITALS_TABLE),
  publicUrl: environment.PUBLIC_URL,
  clock,
  tell,
  count,
});

/** A batch in which nothing was to be counted leaves no line. */
const flush = (): void => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};

export const handler = makeHandler(deliver, { tell, count, flush });
