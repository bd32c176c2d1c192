import type { EndedBreach } from '../ended-breaches.ts';
import type { Facility, RegistrationEvent } from '../facility.ts';
import {
  type AlarmFacts,
  alarmIncidentId,
  type FindingKind,
  type Incident,
  lifeSafetyKinds,
  type Rung,
  technicalIncidentId,
} from '../incident.ts';
import { type AlarmReport, ageOf, type Sender } from '../reports.ts';
import type { RulePack } from '../rule-pack.ts';
import { termsOf } from '../terms-of.ts';
import type { RuleName, Subject } from '../verdict.ts';
import {
  entered,
  type KnownFacility,
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

const started = (
  base: Omit<Incident, 'state' | 'outbox' | 'published' | 'steps' | 'revision' | 'ladder'>,
  ladder: readonly Rung[],
  by: string,
): Incident => {
  const bare: Incident = {
    ...base,
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
    pack: packNameOf(pack),
    dutySource: terms.source,
    routingSource: routing.source,
    fallback: routing.fallback,
  };
};

/** Opens an incident of a rule. Its first notice waits in the outbox until the rule's time for telling. */
export const openTechnical = (found: Found, facility: Facility, pack: RulePack, nowMs: number): Incident => {
  const terms = termsOf(pack, found.rule, found.subject);
  const fromMs = nowMs + terms.tellAfterMs.value;
  const ladder = technicalLadder(pack, terms.hazard, facility, { urgency: terms.urgency, fromMs });
  const incident = started(technicalBase(found, facility, pack, nowMs), ladder, 'watch');
  return owe(incident, owedOf(ladder, 0), 'opened', ladder[0]?.dueAtMs ?? nowMs, nowMs);
};

/** An incident that is over when it is found: kept and dated like any other, and nobody is called out for it. */
export const openEnded = (breach: EndedBreach, facility: Facility, pack: RulePack, nowMs: number): Incident => {
  const { endedAtMs, ...found } = breach;
  const terms = termsOf(pack, breach.rule, breach.subject);
  const ladder = technicalLadder(pack, terms.hazard, facility, { urgency: terms.urgency, fromMs: nowMs });
  const opened = started(technicalBase({ ...found, finding: 'breached' }, facility, pack, nowMs), ladder, 'watch');
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
      pack: packNameOf(pack),
      dutySource: ofKindergarten ?? push.source,
      routingSource: push.source,
      fallback: false,
    },
    ladder,
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

const alarmLadder = (kind: AlarmReport['kind'], facility: KnownFacility, pack: RulePack, nowMs: number) => {
  if (kind === 'test') return testLadder(nowMs);
  if (lifeSafetyKinds.has(kind)) return lifeSafetyLadder(pack, kind, nowMs);
  const inService = facility?.state.is === 'commissioning' ? undefined : facility;
  return technicalLadder(pack, pack.alarms[kind], inService, { urgency: 'page', fromMs: nowMs });
};

/**
 * Opens an incident of an alarm: at once, whatever its age, and as real, whatever the box says about a drill, as long
 * as no window was registered for it. A facility that the registry does not know does not keep it back either.
 */
export const openAlarm = (
  report: AlarmReport,
  digest: string,
  sender: Sender,
  facility: KnownFacility,
  pack: RulePack,
): Incident => {
  const nowMs = sender.receivedMs;
  const alarm = alarmFacts(report, sender, digest);
  const hazard = pack.alarms[report.kind];
  const routing = routingOf(pack, hazard);
  const ladder = alarmLadder(report.kind, facility, pack, nowMs);
  const incident = started(
    {
      id: alarmIncidentId(sender.facilityId, sender.box, report.id),
      facilityId: sender.facilityId,
      division: facility?.division ?? UNKNOWN_DIVISION,
      lane: lifeSafetyKinds.has(report.kind) ? 'life-safety' : 'technical',
      rule: 'alarm',
      subject: `box/${sender.box}`,
      finding: 'alarm',
      reason: report.kind,
      hazard,
      sinceMs: alarm.ageMs === 'unknown' ? nowMs : nowMs - alarm.ageMs,
      openedAtMs: nowMs,
      alarm,
      pack: packNameOf(pack),
      dutySource: routing.source,
      routingSource: routing.source,
      fallback: routing.fallback,
    },
    ladder,
    'receive-alarms',
  );
  return owe(incident, owedOf(ladder, 0), 'opened', nowMs, nowMs);
};
