import { recordingContract } from '../../shared/contracts/reports/recording.ts';
import type { RecordingReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/recordings` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<RecordingReport>>) =>
  receiveReports({ contract: recordingContract, ...dependencies });
