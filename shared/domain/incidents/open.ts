import type { EndedBreach } from '../ended-breaches.ts';
import type { Facility, RegistrationEvent } from '../facility.ts';
import {
  type AlarmFacts,
  alarmIncidentId,
  type DrillFacts,
  type FindingKind,
  type Incident,
  type Lane,
  lifeSafetyKinds,
  type Rung,
  technicalIncidentId,
} from '../incident.ts';
import type { AlarmKind, AlarmReport } from '../reports.ts';
import type { RulePack } from '../rule-pack.ts';
import { ageOf, type Sender } from '../sender.ts';
import { termsOf } from '../terms-of.ts';
import type { RuleName, Subject } from '../verdict.ts';
import { drillAt } from '../windows/drills.ts';
import type { FacilityWindows } from '../windows/windows.ts';
import {
  entered,
  type KnownFacility,
  ladderAbove,
  ladderOf,
  lifeSafetyLadder,
  owedOf,
  registrationLadder,
  routingOf,
  technicalLadder,
  testLadder,
} from './ladder.ts';
import { owe } from './outbox.ts';
import { withStep } from './steps.ts';
import { hoursOf, tellAtMs } from './tell-at.ts';

/** A breach that a rule found, or the absence of any showing that has lasted too long. */
export interface Found {
  readonly rule: RuleName;
  readonly subject: Subject;
  readonly finding: Exclude<FindingKind, 'alarm'>;
  readonly reason: string;
  /** The instant it became true; dates and names the incident. */
  readonly sinceMs: number;
}

/** Division of an alarm whose facility the registry does not know. */
export const UNKNOWN_DIVISION = '000000';

export const packNameOf = (pack: RulePack): string => `${pack.name}@${pack.version}`;

/** An incident from its opening on: its first rung is entered, and nothing is owed yet. */
export const started = (
  base: Omit<Incident, 'state' | 'outbox' | 'published' | 'steps' | 'revision' | 'ladder' | 'pack' | 'answerHoldsMs'>,
  ladder: readonly Rung[],
  pack: RulePack,
  by: string,
): Incident => {
  const bare: Incident = {
    ...base,
    pack: packNameOf(pack),
    answerHoldsMs: pack.thresholds.answerHoldsMs.value,
    state: 'open',
    ladder: entered(ladder, base.openedAtMs),
    outbox: [],
    published: [],
    steps: [],
    revision: 1,
  };
  return withStep(bare, base.openedAtMs, 'opened', by, base.reason);
};

const technicalBase = (found: Found, facility: Facility, pack: RulePack, nowMs: number) => {
  const terms = termsOf(pack, found.rule, found.subject);
  const routing = routingOf(pack, terms.hazard);
  return {
    ...found,
    id: technicalIncidentId(facility.id, found.rule, found.subject, found.sinceMs),
    facilityId: facility.id,
    division: facility.division,
    lane: 'technical' as const,
    hazard: terms.hazard,
    openedAtMs: nowMs,
    dutySource: terms.source,
    routingSource: routing.source,
    fallback: routing.fallback,
  };
};

/** Opens an incident of a rule. Its first notice waits in the outbox until the rule's time for telling. */
export const openTechnical = (found: Found, facility: Facility, pack: RulePack, nowMs: number): Incident => {
  const terms = termsOf(pack, found.rule, found.subject);
  const fromMs = nowMs + terms.tellAfterMs.value;
  const ladder = ladderOf(found.rule, pack, terms.hazard, facility, { urgency: terms.urgency, fromMs });
  const incident = started(technicalBase(found, facility, pack, nowMs), ladder, pack, 'watch');
  return owe(incident, owedOf(ladder, 0), 'opened', ladder[0]?.dueAtMs ?? nowMs, nowMs);
};

/** An incident that is over when it is found: kept and dated like any other, and nobody is called out for it. */
export const openEnded = (breach: EndedBreach, facility: Facility, pack: RulePack, nowMs: number): Incident => {
  const { endedAtMs, ...found } = breach;
  const terms = termsOf(pack, breach.rule, breach.subject);
  const ladder = ladderOf(breach.rule, pack, terms.hazard, facility, { urgency: terms.urgency, fromMs: nowMs });
  const base = technicalBase({ ...found, finding: 'breached' }, facility, pack, nowMs);
  const opened = started(base, ladder, pack, 'watch');
  const ended = withStep(opened, nowMs, 'ended', 'watch', 'ended-before-seen');
  const untold = withStep(ended, nowMs, 'no-notice', 'watch', 'ended-before-told');
  return {
    ...withStep(untold, nowMs, 'closed', 'watch', 'ended-before-seen'),
    state: 'closed',
    endedAtMs,
    settledToMs: endedAtMs,
    closedAtMs: nowMs,
    closeReason: 'ended-before-seen',
  };
};

/**
 * A registration event: nothing is wrong and nobody has to answer, so that it is closed from the start and lives only
 * until its notices are published. It is told in the hours in which an enrolment is told. Absent = the pack pushes
 * such an event to nobody.
 */
export const openRegistration = (
  event: RegistrationEvent,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Incident | undefined => {
  const dueAtMs = tellAtMs(pack.rules.connected.urgency, nowMs, hoursOf(facility, pack));
  const ladder = registrationLadder(pack, facility, event.event, dueAtMs);
  if (owedOf(ladder, 0).length === 0) return undefined;
  const push = pack.registration[event.event];
  const ofKindergarten = facility.kind === 'kindergarten-class' ? push.kindergartenSource : undefined;
  const about = { rule: 'registration' as const, subject: `${event.event}/${event.version}`, sinceMs: event.atMs };
  const incident = started(
    {
      ...about,
      id: technicalIncidentId(facility.id, about.rule, about.subject, about.sinceMs),
      facilityId: facility.id,
      division: facility.division,
      lane: 'technical',
      finding: 'event',
      reason: event.event,
      hazard: 'registration',
      openedAtMs: nowMs,
      registration: event,
      dutySource: ofKindergarten ?? push.source,
      routingSource: push.source,
      fallback: false,
    },
    ladder,
    pack,
    'watch',
  );
  const owed = owe(incident, owedOf(ladder, 0), 'opened', dueAtMs, nowMs);
  return {
    ...withStep(owed, nowMs, 'closed', 'watch', 'told-only'),
    state: 'closed',
    endedAtMs: event.atMs,
    settledToMs: event.atMs,
    closedAtMs: nowMs,
    closeReason: 'told-only',
  };
};

/** What the box said, as it said it. */
const alarmFacts = (report: AlarmReport, sender: Sender, digest: string): AlarmFacts => ({
  kind: report.kind,
  box: sender.box,
  reportId: report.id,
  digest,
  confirmed: report.confirmed,
  drillFlag: report.drill,
  ageMs: ageOf(report, sender),
  ...(report.area !== undefined && { area: report.area }),
});

/** A test travels the way that a real one goes: else it would prove another one. */
const laneOf = (kind: AlarmKind): Lane => (kind === 'test' || lifeSafetyKinds.has(kind) ? 'life-safety' : 'technical');

const alarmLadder = (kind: AlarmKind, facility: KnownFacility, pack: RulePack, nowMs: number) => {
  if (kind === 'test') return testLadder(nowMs);
  if (lifeSafetyKinds.has(kind)) return lifeSafetyLadder(pack, kind, nowMs);
  // Who is complained of is not asked first.
  if (kind === 'complaint')
    return ladderAbove(pack, pack.alarms[kind], facility, { urgency: 'working-hours', fromMs: nowMs });
  const inService = facility?.state.is === 'commissioning' ? undefined : facility;
  return technicalLadder(pack, pack.alarms[kind], inService, { urgency: 'page', fromMs: nowMs });
};

/** An alarm, however it came to us. */
export interface Ringing {
  readonly id: string;
  readonly facilityId: string;
  readonly subject: Subject;
  readonly alarm: AlarmFacts;
  readonly drill?: DrillFacts;
  readonly nowMs: number;
  /** `receive-alarms`, or the officer who was told. */
  readonly by: string;
}

/** Opens what rang: at once, with its first notices in the outbox. */
export const openRinging = (ringing: Ringing, facility: KnownFacility, pack: RulePack): Incident => {
  const { alarm, nowMs, by, ...base } = ringing;
  const hazard = pack.alarms[alarm.kind];
  const routing = routingOf(pack, hazard);
  const ladder = alarmLadder(alarm.kind, facility, pack, nowMs);
  const incident = started(
    {
      ...base,
      division: facility?.division ?? UNKNOWN_DIVISION,
      lane: laneOf(alarm.kind),
      rule: 'alarm',
      finding: 'alarm',
      reason: alarm.kind,
      hazard,
      sinceMs: alarm.ageMs === 'unknown' ? nowMs : nowMs - alarm.ageMs,
      openedAtMs: nowMs,
      alarm,
      dutySource: routing.source,
      routingSource: routing.source,
      fallback: routing.fallback,
    },
    ladder,
    pack,
    by,
  );
  return owe(incident, owedOf(ladder, 0), 'opened', ladder[0]?.dueAtMs ?? nowMs, nowMs);
};

/**
 * The drill that a flagged alarm is part of. The flag of a box counts only at an instant that lies in a window that was
 * registered before it: an alarm whose age nobody knows is in none, and a test is no drill.
 */
const drillOf = (alarm: AlarmFacts, nowMs: number, windows: FacilityWindows | undefined): DrillFacts | undefined =>
  alarm.drillFlag && alarm.kind !== 'test' && alarm.ageMs !== 'unknown'
    ? drillAt(windows, nowMs - alarm.ageMs)
    : undefined;

/**
 * Opens an incident of a box's alarm: at once, whatever its age, and as real, whatever the box says about a drill, as
 * long as no window was registered for it. A facility that the registry does not know does not keep it back either.
 *
 * @param windows absent = none is known: the alarm is real
 */
export const openAlarm = (
  report: AlarmReport,
  digest: string,
  sender: Sender,
  facility: KnownFacility,
  pack: RulePack,
  windows?: FacilityWindows,
): Incident => {
  const alarm = alarmFacts(report, sender, digest);
  const drill = drillOf(alarm, sender.receivedMs, windows);
  const ringing = {
    id: alarmIncidentId(sender.facilityId, sender.box, report.id),
    facilityId: sender.facilityId,
    subject: `box/${sender.box}`,
    alarm,
    nowMs: sender.receivedMs,
    by: 'receive-alarms',
    ...(drill && { drill }),
  };
  return openRinging(ringing, facility, pack);
};
