import { heartbeatContract } from '../../shared/contracts/reports/heartbeat.ts';
import type { HeartbeatReport } from '../../shared/domain/reports.ts';
import type { TakeSequencedReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveSequencedReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/heartbeats` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeSequencedReport<HeartbeatReport>>) =>
  receiveSequencedReports({ contract: heartbeatContract, ...dependencies });
