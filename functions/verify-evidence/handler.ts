import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { CradlewatchError } from '../../shared/domain/errors.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RunMetrics } from '../../shared/runtime/metrics.ts';
import type { VerifyReport } from './verify-evidence.ts';

export interface VerifyObservers {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: RunMetrics;
}

/**
 * The scheduled event ↔ one run of the verifier. `evidence-broken` rings at once; `evidence-verified` counts runs that
 * looked at every log whose turn it was. A store that did not answer is neither: the next run looks again, and if none
 * ever succeeds, `close-day` misses the verifier's sign of life.
 */
export const makeHandler =
  (verify: () => Promise<VerifyReport>, { logger, metrics }: VerifyObservers) =>
  async (): Promise<VerifyReport> => {
    try {
      const report = await verify();
      for (const finding of report.broken) logger.error('evidence-broken', { ...finding });
      for (const { of, cause } of report.unread) logger.warn('evidence not read', { of, cause: asError(cause) });
      metrics.addMetric('evidence-broken', MetricUnit.Count, report.broken.length);
      if (report.finished) metrics.addMetric('evidence-verified', MetricUnit.Count, 1);
      logger.info('evidence looked at', {
        verified: report.verified,
        broken: report.broken.length,
        unread: report.unread.length,
        finished: report.finished,
      });
      const fault = report.unread.find(({ cause }) => !(cause instanceof CradlewatchError));
      // A fault of ours, not of a store: it crashes, but after everything that was found has been told.
      if (fault !== undefined) throw fault.cause;
      return report;
    } finally {
      metrics.publishStoredMetrics();
    }
  };

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));
