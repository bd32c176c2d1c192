import { checkContract } from '../../shared/contracts/reports/check.ts';
import type { CheckReport, TakeReport } from '../../shared/domain/reports.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/checks` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<CheckReport>>) =>
  receiveReports({ contract: checkContract, ...dependencies });
