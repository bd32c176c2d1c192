import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RunMetrics } from '../../shared/runtime/metrics.ts';
import type { EscalationReport } from './audit-escalation.ts';

export interface AuditObservers {
  readonly metrics: RunMetrics;
}

/**
 * The scheduled event ↔ the audit. `escalation-audited` counts audits that came to their end, whatever they found: the
 * alarm on its absence tells us that nobody audits.
 */
export const makeHandler =
  (audit: () => Promise<EscalationReport>, { metrics }: AuditObservers) =>
  async (): Promise<EscalationReport> => {
    try {
      const report = await audit();
      metrics.addMetric('escalation-audited', MetricUnit.Count, 1);
      metrics.addMetric('escalation-late', MetricUnit.Count, report.late.length);
      metrics.addMetric(
        'canary-late',
        MetricUnit.Count,
        report.faults.some((fault) => fault !== 'sweep-missing') ? 1 : 0,
      );
      metrics.addMetric('watchdog-refused', MetricUnit.Count, report.watchdog === 'refused' ? 1 : 0);
      if (report.roundTripMs !== undefined) {
        metrics.addMetric('canary-round-trip', MetricUnit.Milliseconds, report.roundTripMs);
      }
      return report;
    } finally {
      metrics.publishStoredMetrics();
    }
  };
