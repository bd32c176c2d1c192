import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { makeHandler as makeAlarms } from '../../functions/receive-alarms/handler.ts';
import { makeHandler as makeChallenges } from '../../functions/receive-challenges/handler.ts';
import { makeHandler as makeChecks } from '../../functions/receive-checks/handler.ts';
import { makeHandler as makeCoverage } from '../../functions/receive-coverage/handler.ts';
import { makeHandler as makeDigests } from '../../functions/receive-digests/handler.ts';
import { makeHandler as makeHeartbeats } from '../../functions/receive-heartbeats/handler.ts';
import { makeHandler as makeLogs } from '../../functions/receive-logs/handler.ts';
import { makeHandler as makeRecordings } from '../../functions/receive-recordings/handler.ts';
import { makeVerifyRequest } from '../../shared/adapters/signature/verify-signature.ts';
import { reportExamples } from '../../shared/contracts/openapi/report-examples.ts';
import type { ReportBase } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type Observers, serveHttp } from '../../shared/runtime/serve-http.ts';

export const AUTHORITY = 'api.example.com';
export const NOW_MS = Date.parse('2026-03-02T01:00:05Z');

/** Logger and metrics that print nothing. */
export const quietObservers = (): Observers => {
  const metrics = new Metrics({ namespace: 'test', serviceName: 'test' });
  metrics.singleMetric = () => ({ addDimensions: () => metrics, addMetric: () => undefined }) as never;
  return { logger: new Logger({ logLevel: 'SILENT' }), metrics };
};

/** A use case that keeps what it took by id, as the stores do. */
export const makeRememberingTake = (): TakeReport<ReportBase> & { readonly taken: Map<string, string> } => {
  const taken = new Map<string, string>();
  const take: TakeReport<ReportBase> = async (_sender, report, digest) => {
    if (!taken.has(report.id)) {
      taken.set(report.id, digest);
      return { result: 'accepted' };
    }
    return taken.get(report.id) === digest ? { result: 'duplicate' } : { result: 'rejected', reason: 'id-reused' };
  };
  return Object.assign(take, { taken });
};

export const receiverKinds = [
  'heartbeats',
  'coverage',
  'recordings',
  'checks',
  'alarms',
  'logs',
  'digests',
  'challenges',
] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

/** A valid report of each path. */
export const validReports = {
  heartbeats: reportExamples.heartbeat,
  coverage: reportExamples.coverage,
  recordings: reportExamples.recording,
  checks: reportExamples.check,
  alarms: reportExamples.alarm,
  logs: reportExamples.log,
  challenges: reportExamples.challenge,
  digests: reportExamples.digest,
} as const;

const makers = {
  heartbeats: makeHeartbeats,
  coverage: makeCoverage,
  recordings: makeRecordings,
  checks: makeChecks,
  alarms: makeAlarms,
  logs: makeLogs,
  challenges: makeChallenges,
  digests: makeDigests,
} as const;

export type Call = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** The whole function of one path as Lambda calls it, around the given use case. */
export const makeReceiver = (kind: ReceiverKind, take: TakeReport<ReportBase> = makeRememberingTake()): Call => {
  // One use case for every path: a sequenced one is handed no digest, and two absent digests are the same report.
  const handler = makers[kind]({ verify: makeVerifyRequest([AUTHORITY]), take: take as never, clock: () => NOW_MS });
  const served = serveHttp(handler, quietObservers());
  return (event) => served(event, {} as Context);
};

/** A UUIDv7 by number. */
export const reportId = (n: number): string => `019cac2e-8b80-7000-8000-${n.toString(16).padStart(12, '0')}`;
