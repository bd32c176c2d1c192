import type { RuleTerms } from '../rule-pack.ts';
import { type Verdict, WITHIN_GRACE } from '../verdict.ts';
import type { BoxVitals } from '../vitals.ts';

/**
 * A facility counts as monitored while its box keeps saying so. Silence is a breach, dated at the instant the silence
 * became too long, not at the moment somebody looked. A box that said "down" and then no longer knows, or falls silent,
 * has not recovered: the earliest cause dates the breach.
 *
 * `dutySinceMs`: from when a box that never connected owes a beat.
 */
export const judgeMonitoringRunning = (
  box: BoxVitals,
  terms: RuleTerms,
  dutySinceMs: number,
  nowMs: number,
): Verdict => {
  const about = { rule: 'monitoring-running', subject: `box/${box.box}` } as const;
  if (box.beatAtMs === undefined || box.silentAtMs === undefined) {
    return { ...about, state: 'unknown', reason: 'never-connected', sinceMs: dutySinceMs };
  }
  const downSinceMs =
    box.monitoringDownAtMs === undefined ? undefined : box.monitoringDownAtMs + terms.breachAfterMs.value;
  const silentSinceMs = nowMs >= box.silentAtMs ? box.silentAtMs : undefined;
  if (downSinceMs !== undefined && nowMs >= downSinceMs && downSinceMs <= (silentSinceMs ?? nowMs)) {
    return { ...about, state: 'breached', reason: 'box-says-down', sinceMs: downSinceMs };
  }
  if (silentSinceMs !== undefined) return { ...about, state: 'breached', reason: 'no-beat', sinceMs: silentSinceMs };
  if (downSinceMs !== undefined) return { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: downSinceMs };
  if (box.monitoringSinceMs !== undefined) {
    return { ...about, state: 'unknown', reason: 'box-does-not-know', sinceMs: box.monitoringSinceMs };
  }
  return { ...about, state: 'met', reason: 'beating', dueAtMs: box.silentAtMs };
};
