import { civilDayOf, instantOf } from '../civil-day.ts';
import { dutySinceMs } from '../duty.ts';
import type { Facility } from '../facility.ts';
import { lifeSafetyKinds } from '../incident.ts';
import { routingOf } from '../incidents/ladder.ts';
import type { RulePack } from '../rule-pack.ts';
import { DAY_MS } from '../time.ts';
import { NOT_YET_DUE, type Verdict } from '../verdict.ts';
import type { FacilityVitals } from '../vitals.ts';

/** For so long somebody of a post counts as reachable after having seen a notice. */
export const reachableForMs = (pack: RulePack): number =>
  pack.thresholds.reachableDays.value * DAY_MS + pack.rules.reachable.breachAfterMs.value;

/**
 * A facility is reachable while its head has seen a notice (or a test of a channel) within the pack's days. That a
 * channel took one shows nothing: a mailbox takes everything. One that never saw any has as long from its first day.
 */
export const judgeReachable = (row: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'reachable', subject: 'facility' } as const;
  const seenAtMs = row.headSeenAtMs;
  const lostAtMs = Math.max(seenAtMs ?? 0, dutySinceMs(facility)) + reachableForMs(pack);
  if (nowMs >= lostAtMs) {
    return {
      ...about,
      state: 'breached',
      reason: seenAtMs === undefined ? 'never-seen' : 'not-seen',
      sinceMs: lostAtMs,
    };
  }
  return { ...about, state: 'met', reason: seenAtMs === undefined ? NOT_YET_DUE : 'seen', dueAtMs: lostAtMs };
};

/** Every department that must act on some alarm of the life-safety lane. */
export const actingOnAlarms = (pack: RulePack): readonly string[] => [
  ...new Set([...lifeSafetyKinds].flatMap((kind) => routingOf(pack, pack.alarms[kind]).act)),
];

/** One roster with people in it; `seenAtMs`: when one of them last saw a notice. */
export interface KnownPost {
  readonly seenAtMs: number | undefined;
}

/**
 * The same of a department in a county, over all of its posts there and above: somebody has seen a notice within the
 * pack's days. Nobody owes it a first interval: whoever was never seen is lost from the start of this day.
 */
export const judgePost = (department: string, posts: readonly KnownPost[], pack: RulePack, nowMs: number): Verdict => {
  const about = { rule: 'reachable', subject: `department/${department}` } as const;
  const { zone } = pack.workingHours;
  const todayMs = instantOf(civilDayOf(nowMs, zone), '00:00', zone);
  if (posts.length === 0) return { ...about, state: 'breached', reason: 'no-roster', sinceMs: todayMs };
  const seen = posts.flatMap(({ seenAtMs }) => (seenAtMs === undefined ? [] : [seenAtMs]));
  if (seen.length === 0) return { ...about, state: 'breached', reason: 'never-seen', sinceMs: todayMs };
  const lostAtMs = Math.max(...seen) + reachableForMs(pack);
  return nowMs >= lostAtMs
    ? { ...about, state: 'breached', reason: 'not-seen', sinceMs: lostAtMs }
    : { ...about, state: 'met', reason: 'seen', dueAtMs: lostAtMs };
};
