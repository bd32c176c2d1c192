import { challengeContract } from '../../shared/contracts/reports/challenge.ts';
import type { ChallengeReport } from '../../shared/domain/reports.ts';
import type { TakeReport } from '../../shared/domain/taken-report.ts';
import { type ReceiverDependencies, receiveReports } from '../../shared/runtime/receive-reports.ts';

/** `POST /v1/challenges` ↔ the use case. */
export const makeHandler = (dependencies: ReceiverDependencies<TakeReport<ChallengeReport>>) =>
  receiveReports({ contract: challengeContract, ...dependencies });
