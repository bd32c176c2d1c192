import { coverageContract } from '../../shared/contracts/reports/coverage.ts';
import type { CoverageReport } from '../../shared/domain/reports.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/coverage` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<CoverageReport>) =>
  receiveReports({ contract: coverageContract, ...dependencies });
