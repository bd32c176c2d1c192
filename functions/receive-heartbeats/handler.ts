import { heartbeatContract } from '../../shared/contracts/reports/heartbeat.ts';
import type { HeartbeatReport } from '../../shared/domain/reports.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/heartbeats` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<HeartbeatReport>) =>
  receiveReports({ contract: heartbeatContract, ...dependencies });
