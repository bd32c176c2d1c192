import { readEnvironment, text } from '../../shared/runtime/environment.ts';
import { makeLogger } from '../../shared/runtime/logger.ts';
import { makeMetrics } from '../../shared/runtime/metrics.ts';
import { makeDeliverNotices } from './deliver-notices.ts';
import { makeHandler } from './handler.ts';

readEnvironment(process.env, {
  DELIVERIES_TABLE: text,
  INCIDENTS_TABLE: text,
  REGISTRY_TABLE: text,
  VITALS_TABLE: text,
  PUBLIC_URL: text,
  LINK_SECRET: text,
  CHANNEL_SECRETS: text,
});

const logger = makeLogger();
const metrics = makeMetrics();

export const handler = makeHandler(makeDeliverNotices(), {
  tell: (what, about, cause) => logger.error(what, { about, cause: cause instanceof Error ? cause : String(cause) }),
  count: (name) => metrics.addMetric(name, 'Count', 1),
  flush: () => metrics.publishStoredMetrics(),
});
