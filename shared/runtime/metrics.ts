import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Metrics as lines on stdout (EMF): no call, no right, no wait. Namespace and service come from the environment. */
export const makeMetrics = (): Metrics => new Metrics();
export type { Metrics } from '@aws-lambda-powertools/metrics';

/** What a run counts, told when it ends. */
export interface RunMetrics {
  addMetric(...metric: Parameters<Metrics['addMetric']>): unknown;
  publishStoredMetrics(): unknown;
}

/** One count now, with at most one dimension of few values (a code, never an id). */
export const countNow = (metrics: Metrics, name: string, dimension: Readonly<Record<string, string>> = {}): void => {
  const single = metrics.singleMetric();
  single.addDimensions({ ...dimension });
  single.addMetric(name, MetricUnit.Count, 1);
};
