import { logContract } from '../../shared/contracts/reports/log.ts';
import type { LogReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/logs` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<LogReport>>) =>
  receiveReports({ contract: logContract, ...dependencies });
