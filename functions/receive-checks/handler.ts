import { checkContract } from '../../shared/contracts/reports/check.ts';
import type { CheckReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/checks` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<CheckReport>>) =>
  receiveReports({ contract: checkContract, ...dependencies });
