import type { Facility, RegistrationEventKind } from '../facility.ts';
import type { Recipient, Rung } from '../incident.ts';
import type { AlarmKind } from '../reports.ts';
import type { HazardRouting, RulePack, TopicName, Urgency } from '../rule-pack.ts';
import type { RuleName } from '../verdict.ts';
import { hoursOf, tellAtMs } from './tell-at.ts';

/** An acting department that has not answered a life-safety notice is told again so many times. */
export const MOST_REPEATS = 3;

/** A facility that the registry does not know: its alarms go out all the same. */
export type KnownFacility = Facility | undefined;

/** Where the pack has no routing for a hazard, everybody it knows is told rather than nobody. */
export const routingOf = (pack: RulePack, hazard: string): HazardRouting =>
  pack.hazards[hazard] ?? {
    act: pack.departments.map(({ id }) => id),
    copy: [],
    record: [],
    source: 'no-routing',
    fallback: true,
  };

const topicOf = (pack: RulePack, department: string): TopicName =>
  pack.departments.find(({ id }) => id === department)?.topic ?? 'supervision';

const recipients = (pack: RulePack, departments: readonly string[], duty: Recipient['duty']): readonly Recipient[] =>
  departments.map((department) => ({ department, topic: topicOf(pack, department), duty }));

/** Each department once, with the first duty that it was given. */
const eachOnce = (all: readonly Recipient[]): readonly Recipient[] =>
  all.filter((one, index) => all.findIndex(({ department }) => department === one.department) === index);

const facilityAs = (duty: Recipient['duty']): Recipient => ({ department: 'facility', topic: 'facility', duty });

/**
 * Life safety: everybody at once, nobody waits for a deadline of somebody else; then the acting departments again until
 * one has answered. Nothing of an abuse alarm goes to the facility, where the one accused may read it.
 */
export const lifeSafetyLadder = (pack: RulePack, kind: AlarmKind, nowMs: number): readonly Rung[] => {
  const routing = routingOf(pack, pack.alarms[kind]);
  const act = recipients(pack, routing.act, 'act');
  const copy = recipients(pack, routing.copy, 'copy');
  const facility = kind === 'abuse' ? [] : [facilityAs('inform')];
  const level = pack.ladder.at(-1)?.level ?? 'city';
  const isTold = (one: Recipient): boolean => kind !== 'abuse' || one.topic !== 'facility';
  const first: Rung = { level, dueAtMs: nowMs, recipients: eachOnce([...act, ...copy, ...facility]).filter(isTold) };
  const acting = eachOnce(act).filter(isTold);
  const repeats = Array.from(
    { length: MOST_REPEATS },
    (_, index): Rung => ({
      level,
      dueAtMs: nowMs + (index + 1) * pack.thresholds.answerWithinMs.value,
      recipients: acting,
    }),
  );
  return [first, ...repeats];
};

/** A test alarm goes to the facility alone. */
export const testLadder = (nowMs: number): readonly Rung[] => [
  { level: 'facility', dueAtMs: nowMs, recipients: [facilityAs('act')] },
];

export interface Telling {
  readonly urgency: Urgency;
  /** Told from here on, at the hours that the urgency allows. */
  readonly fromMs: number;
}

/** The facility first, then up while nobody answers; deadlines are frozen here. Copies hear of it with the first rung above. */
export const technicalLadder = (
  pack: RulePack,
  hazard: string,
  facility: KnownFacility,
  telling: Telling,
): readonly Rung[] => {
  const routing = routingOf(pack, hazard);
  const at = (afterMs: number): number => tellAt(pack, facility, telling.urgency, telling.fromMs, afterMs);
  if (facility?.state.is === 'commissioning') return supervisionOnly(pack, at(0));
  if (routing.atOnce) return atOnceLadder(pack, routing, at);
  const climbing = pack.ladder.filter(({ level }) => level !== 'facility');
  const above = climbing.map((step, index): Rung => {
    const acting = recipients(pack, step.departments === 'act' ? routing.act : step.departments, 'act');
    const copies = index === 0 ? recipients(pack, routing.copy, 'copy') : [];
    return { level: step.level, dueAtMs: at(step.afterMs.value), recipients: eachOnce([...acting, ...copies]) };
  });
  return [{ level: 'facility', dueAtMs: at(0), recipients: [facilityAs('act')] }, ...above];
};

/**
 * The same for what the facility cannot be asked about first: its own head could not be reached, or it is about a whole
 * division. The lowest rung that is left is told at once, the others as long after it as in the pack's ladder.
 *
 * @param lowest of a whole division: no town stands for it, where the pack knows a level above
 */
export const ladderAbove = (
  pack: RulePack,
  hazard: string,
  facility: KnownFacility,
  telling: Telling,
  lowest: 'town' | 'district' = 'town',
): readonly Rung[] => {
  const routing = routingOf(pack, hazard);
  const climbing = pack.ladder.filter(({ level }) => level !== 'facility');
  const higher = climbing.filter(({ level }) => lowest === 'town' || level !== 'town');
  const steps = higher.length > 0 ? higher : climbing;
  const firstMs = steps[0]?.afterMs.value ?? 0;
  const rungs = steps.map((step, index): Rung => {
    const acting = recipients(pack, step.departments === 'act' ? routing.act : step.departments, 'act');
    const copies = index === 0 ? recipients(pack, routing.copy, 'copy') : [];
    const dueAtMs = tellAt(pack, facility, telling.urgency, telling.fromMs, step.afterMs.value - firstMs);
    return { level: step.level, dueAtMs, recipients: eachOnce([...acting, ...copies]) };
  });
  const dueAtMs = tellAt(pack, facility, telling.urgency, telling.fromMs, 0);
  return rungs.length > 0 ? rungs : [{ level: 'city', dueAtMs, recipients: recipients(pack, routing.act, 'act') }];
};

/** The ladder of a rule's incident about one facility. Whoever cannot be reached is not asked first. */
export const ladderOf = (
  rule: RuleName,
  pack: RulePack,
  hazard: string,
  facility: KnownFacility,
  telling: Telling,
): readonly Rung[] =>
  rule === 'reachable'
    ? ladderAbove(pack, hazard, facility, telling)
    : technicalLadder(pack, hazard, facility, telling);

/**
 * A health threshold is for those who can judge it: the acting departments and the copies hear of it together with the
 * facility. The upper rungs still climb while nobody answers.
 */
const atOnceLadder = (pack: RulePack, routing: HazardRouting, at: (afterMs: number) => number): readonly Rung[] => {
  const act = recipients(pack, routing.act, 'act');
  const first = eachOnce([facilityAs('act'), ...act, ...recipients(pack, routing.copy, 'copy')]);
  const climbing = pack.ladder.filter(({ level }) => level !== 'facility');
  const above = climbing.map(
    (step): Rung => ({
      level: step.level,
      dueAtMs: at(step.afterMs.value),
      recipients: step.departments === 'act' ? act : recipients(pack, step.departments, 'act'),
    }),
  );
  const level = climbing.find((step) => step.departments === 'act')?.level ?? climbing.at(-1)?.level ?? 'city';
  return [{ level, dueAtMs: at(0), recipients: first }, ...above];
};

const tellAt = (pack: RulePack, facility: KnownFacility, urgency: Urgency, fromMs: number, afterMs: number): number => {
  const hours = hoursOf(facility, pack);
  return tellAtMs(urgency, tellAtMs(urgency, fromMs, hours) + afterMs, hours);
};

/**
 * Those to whom the pack pushes registrations, at once and once: nothing climbs, and the facility knows what it
 * registered. A kindergarten's class is pushed to further departments (Yuncheng: education).
 */
export const registrationLadder = (
  pack: RulePack,
  facility: Facility,
  event: RegistrationEventKind,
  dueAtMs: number,
): readonly Rung[] => {
  const { to, kindergartenTo } = pack.registration[event];
  const departments = facility.kind === 'kindergarten-class' ? [...to, ...kindergartenTo] : to;
  const level = pack.ladder.find((step) => step.level !== 'facility')?.level ?? 'district';
  return [{ level, dueAtMs, recipients: eachOnce(recipients(pack, departments, 'inform')) }];
};

/** Before a facility is in service only those hear of it who are bringing it into service. */
const supervisionOnly = (pack: RulePack, dueAtMs: number): readonly Rung[] => {
  const department = pack.departments.find(({ topic }) => topic === 'supervision')?.id ?? 'supervision';
  return [{ level: 'district', dueAtMs, recipients: [{ department, topic: 'supervision', duty: 'act' }] }];
};

/** Ladders of both lanes start entered: their first notices are in the outbox when the incident is put. */
export const entered = (ladder: readonly Rung[], nowMs: number): readonly Rung[] =>
  ladder.map((rung, index) => (index === 0 ? { ...rung, enteredAtMs: nowMs } : rung));

export const owedOf = (ladder: readonly Rung[], rung: number): readonly { rung: number; recipient: Recipient }[] =>
  (ladder[rung]?.recipients ?? []).map((recipient) => ({ rung, recipient }));
