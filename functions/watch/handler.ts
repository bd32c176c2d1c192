import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RunMetrics } from '../../shared/runtime/metrics.ts';
import { metricName } from './sweep-counts.ts';
import type { SweepReport } from './watch.ts';

export interface WatchObservers {
  readonly logger: Pick<Logger, 'info'>;
  readonly metrics: RunMetrics;
  /** Leaves a sign of life where the escalation auditor reads it. */
  readonly showLife: () => Promise<void>;
}

/**
 * The scheduled event ↔ the sweep. `sweep-completed` is counted only for a sweep that came to its end: the alarm on its
 * absence is what tells us that nobody is watching.
 */
export const makeHandler =
  (sweep: () => Promise<SweepReport>, { logger, metrics, showLife }: WatchObservers) =>
  async (): Promise<SweepReport> => {
    try {
      const report = await sweep();
      for (const [count, value] of Object.entries(report.counts)) {
        if (value > 0) metrics.addMetric(metricName(count), MetricUnit.Count, value);
      }
      if (report.completed) {
        metrics.addMetric('sweep-completed', MetricUnit.Count, 1);
        await showLife();
      }
      logger.info(report.completed ? 'sweep completed' : 'sweep not completed', { ...report.counts });
      return report;
    } finally {
      metrics.publishStoredMetrics();
    }
  };
