export const ruleNames = [
  'monitoring-running',
  'alarm-system-running',
  'area-covered',
  'retention-held',
  'morning-check',
  'noon-check',
  'connected',
  'retention-exceeded',
  'clock-true',
  'health-signal',
  'duty-overdue',
  'guard-present',
  'closing',
  'filing-true',
  'calendar-known',
  'reachable',
] as const;
export type RuleName = (typeof ruleNames)[number];

export type VerdictState = 'met' | 'breached' | 'unknown' | 'not-applicable';

/** What a rule is about: `box/<id>`, `area/<id>`, `camera/<id>`, `hold/<id>`, `class/<id>`, `duty/<id>`, `device/<id>`, `signal/<id>[.<class>]`, `department/<id>` (of a whole division), `challenges` (of a facility) or `facility`. */
export type Subject = string;

/**
 * Reason of a verdict that is met only because the rule's grace still runs. Nothing was shown to be well: it opens no
 * incident, and it ends none either.
 */
export const WITHIN_GRACE = 'within-grace';
/** The same of a duty that was never shown, while its first interval runs. */
export const NOT_YET_DUE = 'not-yet-due';
/** Says nothing about its subject: it opens no incident, and it ends none. */
export const showsNothing = ({ state, reason }: Pick<Verdict, 'state' | 'reason'>): boolean =>
  state === 'met' && (reason === WITHIN_GRACE || reason === NOT_YET_DUE);

interface VerdictBase {
  readonly rule: RuleName;
  readonly subject: Subject;
  /** Kebab-case word for the timeline, the notice text and the tests. */
  readonly reason: string;
  /** Next instant at which time alone may change this verdict. */
  readonly dueAtMs?: number;
}

export type Verdict =
  | (VerdictBase & { readonly state: 'met' })
  | (VerdictBase & { readonly state: 'not-applicable' })
  /** `sinceMs`: the instant it became true, the rule's `breachAfterMs` included; it dates the incident. */
  | (VerdictBase & { readonly state: 'breached'; readonly sinceMs: number })
  /** `sinceMs`: since when nothing was shown. After the rule's `unknownAfterMs` it opens an incident `not-shown`. */
  | (VerdictBase & { readonly state: 'unknown'; readonly sinceMs: number });
