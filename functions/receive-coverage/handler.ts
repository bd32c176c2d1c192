import { coverageContract } from '../../shared/contracts/reports/coverage.ts';
import type { CoverageReport } from '../../shared/domain/reports.ts';
import type { TakeSequencedReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveSequencedReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/coverage` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeSequencedReport<CoverageReport>>) =>
  receiveSequencedReports({ contract: coverageContract, ...dependencies });
