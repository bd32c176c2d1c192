import type { Facility } from './facility.ts';
import type { RulePack } from './rule-pack.ts';
import { DAY_MS } from './time.ts';
import { type RuleName, ruleNames, type Verdict } from './verdict.ts';

/**
 * In which way a facility is judged now. `suspended`: its checks are not due, its monitoring is. `closed`: only its
 * recordings are still owed, for as many days as they had to be kept.
 */
export type Footing = 'commissioning' | 'in-service' | 'suspended' | 'closed' | 'released';

export const footingOf = (facility: Facility, pack: RulePack, nowMs: number): Footing => {
  const { state } = facility;
  if (state.is === 'closed') return nowMs < releasedAt(state.sinceMs, pack) ? 'closed' : 'released';
  if (state.is === 'suspended') return nowMs < state.untilMs ? 'suspended' : 'in-service';
  return state.is;
};

/** When the last recording of a closed facility may go. */
const releasedAt = (closedAtMs: number, pack: RulePack): number =>
  closedAtMs + pack.thresholds.retentionDays.value * DAY_MS;

/** Rules that are judged on each footing. */
const judged: Readonly<Record<Footing, readonly RuleName[]>> = {
  commissioning: ['connected'],
  'in-service': ruleNames,
  suspended: [
    'monitoring-running',
    'alarm-system-running',
    'area-covered',
    'retention-held',
    'connected',
    'retention-exceeded',
    'clock-true',
    'filing-true',
  ],
  closed: ['retention-held'],
  released: [],
};

export const isJudged = (rule: RuleName, footing: Footing): boolean => judged[footing].includes(rule);

/** Since when its duties are watched: a nursery that is older than its registration owed us nothing before it. */
export const dutySinceMs = (facility: Facility): number =>
  facility.state.is === 'in-service'
    ? Math.max(facility.state.sinceMs, facility.registeredAtMs)
    : facility.registeredAtMs;

/**
 * When a breach became one: what was so already when the duty began is a breach from then on. (Connecting is owed
 * before that.)
 */
export const breachSinceMs = (rule: RuleName, sinceMs: number, facility: Facility): number =>
  rule === 'connected' ? sinceMs : Math.max(sinceMs, dutySinceMs(facility));

/** The same for its daily checks, which a suspension interrupts. */
export const checksSinceMs = (facility: Facility): number =>
  facility.state.is === 'suspended' ? facility.state.untilMs : dutySinceMs(facility);

/** The next instant at which the facility's own state changes by time alone. */
export const footingDueAtMs = (facility: Facility, pack: RulePack): number | undefined => {
  const { state } = facility;
  if (state.is === 'suspended') return state.untilMs;
  return state.is === 'closed' ? releasedAt(state.sinceMs, pack) : undefined;
};

/** The verdict where a rule does not apply, with the footing as its reason. */
export const notApplicable = (rule: RuleName, subject: string, reason: string): Verdict => ({
  rule,
  subject,
  state: 'not-applicable',
  reason,
});
