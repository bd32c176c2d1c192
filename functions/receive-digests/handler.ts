import { digestContract } from '../../shared/contracts/reports/digest.ts';
import type { DigestReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/digests` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<DigestReport>>) =>
  receiveReports({ contract: digestContract, ...dependencies });
