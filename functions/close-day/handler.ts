import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RunMetrics } from '../../shared/runtime/metrics.ts';
import type { CloseReport } from './close-day.ts';

export interface CloseObservers {
  readonly logger: Pick<Logger, 'info'>;
  readonly metrics: RunMetrics;
}

/**
 * The scheduled event ↔ one look at the closing of the last day. `day-closed` is counted at every look that finds it
 * closed: its absence for some hours is the alarm.
 */
export const makeHandler =
  (closeDay: () => Promise<CloseReport>, { logger, metrics }: CloseObservers) =>
  async (): Promise<CloseReport> => {
    try {
      const report = await closeDay();
      if (report.step === 'sealed') metrics.addMetric('day-closed', MetricUnit.Count, 1);
      metrics.addMetric('facilities-not-sealed', MetricUnit.Count, report.behind);
      if (report.verifier) metrics.addMetric(report.verifier, MetricUnit.Count, 1);
      logger.info('day looked at', { ...report });
      return report;
    } finally {
      metrics.publishStoredMetrics();
    }
  };
