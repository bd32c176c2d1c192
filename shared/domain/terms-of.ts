import type { Incident } from './incident.ts';
import type { RulePack, RuleTerms } from './rule-pack.ts';
import { deviceDutyOf } from './rules/duty-overdue.ts';
import type { RuleName, Subject } from './verdict.ts';

/**
 * The terms of a rule for one subject. A periodic duty and a health threshold stand in a clause of their own, and a duty
 * is owed to the departments of its own hazard: a fire extinguisher is not the business of whoever reviews plans.
 */
export const termsOf = (pack: RulePack, rule: RuleName, subject: Subject): RuleTerms => {
  const terms = pack.rules[rule];
  const [kind = '', id = ''] = subject.split('/');
  if (kind === 'duty' || kind === 'device') {
    const duty = kind === 'duty' ? pack.duties[id] : deviceDutyOf(pack);
    return duty === undefined ? terms : { ...terms, hazard: duty.hazard, source: duty.source };
  }
  if (kind === 'signal') {
    // `signal/<id>.<class>`: the class is no part of the threshold.
    const signal = pack.signals[id.split('.')[0] ?? ''];
    return signal === undefined ? terms : { ...terms, source: signal.source };
  }
  return terms;
};

/** The clause that names a department for the hazard of an incident; the routing's where the pack cites no other. */
export const routingSourceOf = (
  pack: RulePack,
  { hazard, routingSource }: Pick<Incident, 'hazard' | 'routingSource'>,
  department: string,
): string => pack.hazards[hazard]?.sources?.[department] ?? routingSource;
