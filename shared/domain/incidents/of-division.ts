import { divisionAsFacility, type Incident, technicalIncidentId } from '../incident.ts';
import type { RulePack, RuleTerms } from '../rule-pack.ts';
import type { Subject } from '../verdict.ts';
import { ladderAbove, owedOf, routingOf } from './ladder.ts';
import { started } from './open.ts';
import { owe } from './outbox.ts';

/** What is so of a whole division: many of its boxes are silent, or nobody of a department there can be reached. */
export interface FoundOfDivision {
  readonly rule: 'storm' | 'reachable';
  readonly subject: Subject;
  readonly reason: string;
  /** The instant it became true; dates and names the incident. */
  readonly sinceMs: number;
}

/** By which terms it is told, and from when on. */
export interface ToldBy {
  readonly terms: RuleTerms;
  readonly fromMs: number;
}

export const divisionIncidentId = (county: string, { rule, subject, sinceMs }: FoundOfDivision): string =>
  technicalIncidentId(divisionAsFacility(county), rule, subject, sinceMs);

/** Opens an incident of a division. No facility and no town stands for it: the levels above hear of it. */
export const openOfDivision = (
  found: FoundOfDivision,
  county: string,
  { terms, fromMs }: ToldBy,
  pack: RulePack,
  nowMs: number,
): Incident => {
  const routing = routingOf(pack, terms.hazard);
  const ladder = ladderAbove(pack, terms.hazard, undefined, { urgency: terms.urgency, fromMs }, 'district');
  const incident = started(
    {
      ...found,
      id: divisionIncidentId(county, found),
      facilityId: divisionAsFacility(county),
      division: county,
      lane: 'technical',
      finding: 'breached',
      hazard: terms.hazard,
      openedAtMs: nowMs,
      dutySource: terms.source,
      routingSource: routing.source,
      fallback: routing.fallback,
    },
    ladder,
    pack,
    'watch',
  );
  return owe(incident, owedOf(ladder, 0), 'opened', ladder[0]?.dueAtMs ?? nowMs, nowMs);
};
