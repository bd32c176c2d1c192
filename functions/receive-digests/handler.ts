import { digestContract } from '../../shared/contracts/reports/digest.ts';
import type { DigestReport, TakeReport } from '../../shared/domain/reports.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/digests` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<DigestReport>>) =>
  receiveReports({ contract: digestContract, ...dependencies });
