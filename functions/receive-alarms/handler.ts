import { alarmContract } from '../../shared/contracts/reports/alarm.ts';
import type { AlarmReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/alarms` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<AlarmReport>>) =>
  receiveReports({ contract: alarmContract, ...dependencies });
