import type { Citation, DutyTerms, RulePack, RuleTerms } from '../../shared/domain/rule-pack.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { DAY_MS, floor, HOUR_MS, MINUTE_MS, SECOND_MS } from './rows.ts';

const ours = <T>(value: T) => ({ value, source: 'configuration' });

const terms: RuleTerms = {
  hazard: 'security_video',
  urgency: 'working-hours',
  breachAfterMs: ours(0),
  tellAfterMs: ours(0),
  unknownAfterMs: ours(7 * DAY_MS),
  source: 'configuration',
};

const duty = (id: string, proof: DutyTerms['proof'], everyMs: number, more: Partial<DutyTerms> = {}): DutyTerms => ({
  id,
  name: { zh: id, en: id },
  proof,
  everyMs: ours(everyMs),
  source: 'configuration',
  hazard: 'security_video',
  ...more,
});

const encouraged: Citation = { document: 'a document', standing: 'encouraged', verified: true };

/** A pack whose numbers are this test's own, so that no change of a real pack moves an edge. */
export const dutyPack = (more: Partial<RulePack> = {}): RulePack => ({
  ...floor,
  citations: { ...floor.citations, encouraged },
  rules: Object.fromEntries(ruleNames.map((rule) => [rule, terms])) as RulePack['rules'],
  duties: {
    drill: duty('drill', { log: 'drill' }, 180 * DAY_MS),
    'device-self-test': duty('device-self-test', { log: 'device-test' }, 31 * DAY_MS),
    insurance: duty('insurance', { paper: 'liability-insurance' }, 30 * DAY_MS, { source: 'encouraged' }),
    'health-evaluation': duty('health-evaluation', { paper: 'health-evaluation' }, 30 * DAY_MS),
    'fire-plan': duty('fire-plan', { plan: 'fire' }, 365 * DAY_MS),
  },
  signals: {},
  thresholds: {
    ...floor.thresholds,
    retentionCeilingDays: ours(180),
    clockOffsetMs: ours(60 * SECOND_MS),
    closingWithinMs: ours(HOUR_MS),
    guardsOnShift: ours(1),
    calendarKnownAheadMs: ours(60 * DAY_MS),
  },
  ...more,
});

/** The same with another grace of one rule. */
export const gracePack = (rule: keyof RulePack['rules'], breachAfterMs = 10 * MINUTE_MS): RulePack => {
  const pack = dutyPack();
  return { ...pack, rules: { ...pack.rules, [rule]: { ...pack.rules[rule], breachAfterMs: ours(breachAfterMs) } } };
};
