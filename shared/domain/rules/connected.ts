import type { Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import type { Verdict } from '../verdict.ts';
import type { BoxVitals } from '../vitals.ts';

/**
 * A filed facility connects within its time, and a box reports only for a filed facility. One that reports unfiled does
 * so since its first beat.
 */
export const judgeConnected = (
  boxes: readonly BoxVitals[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'connected', subject: 'facility' } as const;
  const hasConnected = boxes.some((box) => box.beatAtMs !== undefined);
  const graceMs = pack.rules.connected.breachAfterMs.value;
  if (facility.filingId === undefined) {
    if (!hasConnected) return { ...about, state: 'not-applicable', reason: 'not-filed' };
    return breachFrom(about, 'reports-unfiled', firstBeatMs(boxes, facility) + graceMs, nowMs);
  }
  if (hasConnected) return { ...about, state: 'met', reason: 'connected' };
  const dueAtMs = facility.registeredAtMs + pack.thresholds.connectWithinMs.value + graceMs;
  return breachFrom(about, 'never-connected', dueAtMs, nowMs);
};

/** A row that was there before first beats were kept tells none: then the registration stands for it. */
const firstBeatMs = (boxes: readonly BoxVitals[], facility: Facility): number => {
  const first = boxes.flatMap(({ connectedAtMs }) => (connectedAtMs === undefined ? [] : [connectedAtMs]));
  return first.length === 0 ? facility.registeredAtMs : Math.max(facility.registeredAtMs, Math.min(...first));
};

const breachFrom = (
  about: { readonly rule: 'connected'; readonly subject: string },
  reason: string,
  breachAtMs: number,
  nowMs: number,
): Verdict =>
  nowMs >= breachAtMs
    ? { ...about, state: 'breached', reason, sinceMs: breachAtMs }
    : { ...about, state: 'met', reason: 'not-yet-due', dueAtMs: breachAtMs };
