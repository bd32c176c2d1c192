import type { IncidentSummary, IncidentView } from '../../shared/contracts/desk.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import { departmentName } from '../../shared/domain/department-name.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident, Rung, Step } from '../../shared/domain/incident.ts';
import { titleOf } from '../../shared/domain/notices/incident-title.ts';
import type { Citation, RulePack } from '../../shared/domain/rule-pack.ts';
import { drillScore } from '../../shared/domain/windows/drill-score.ts';

/** A field that is there only if there is something to say. */
const when = <K extends string, V, W>(name: K, value: V | undefined, write: (value: V) => W): { [N in K]?: W } =>
  (value === undefined ? {} : { [name]: write(value) }) as { [N in K]?: W };
const same = <V>(value: V): V => value;

/** Who closed it last, as far as these steps tell. */
export const closedByOf = (incident: Incident, steps: readonly Step[] = incident.steps): string | undefined =>
  incident.state === 'closed' ? steps.findLast(({ kind }) => kind === 'closed')?.by : undefined;

/** One line of a list. */
export const summaryOf = (
  incident: Incident,
  facility: Facility | undefined,
  steps: readonly Step[] = incident.steps,
): IncidentSummary => ({
  id: incident.id,
  facility: incident.facilityId,
  ...when('facilityName', facility?.name, same),
  division: incident.division,
  lane: incident.lane,
  rule: incident.rule,
  subject: incident.subject,
  title: titleOf(incident),
  finding: incident.finding,
  reason: incident.reason,
  hazard: incident.hazard,
  since: writeInstant(incident.sinceMs),
  openedAt: writeInstant(incident.openedAtMs),
  ...when('endedAt', incident.endedAtMs, writeInstant),
  state: incident.state,
  ...when('answeredBy', incident.answeredBy, same),
  ...when('answeredAt', incident.answeredAtMs, writeInstant),
  ...when('answerUntil', incident.answerUntilMs, writeInstant),
  ...when('closedBy', closedByOf(incident, steps), same),
  ...when('closedAt', incident.closedAtMs, writeInstant),
  ...when('closeReason', incident.closeReason, same),
  ...when('storm', incident.storm, same),
  ...when('stormFacts', incident.stormFacts, ({ children, facilities }) => ({ children, facilities })),
  ...when('drill', incident.drill, ({ window, toMs }) => ({ window, to: writeInstant(toMs) })),
});

type Area = NonNullable<IncidentView['area']>;

const areaOf = ({ subject, alarm }: Incident, facility: Facility | undefined): Area | undefined => {
  const id = subject.startsWith('area/') ? subject.slice('area/'.length) : alarm?.area;
  const area = facility?.areas.find((one) => one.id === id);
  return area && { id: area.id, name: area.name, floor: area.floor };
};

const alarmOf = ({ kind, box, reportId, confirmed, drillFlag, ageMs, toldBy }: NonNullable<Incident['alarm']>) => ({
  kind,
  box,
  reportId,
  confirmed,
  drillFlag,
  ageSeconds: ageMs === 'unknown' ? ageMs : Math.round(ageMs / 1_000),
  ...when('toldBy', toldBy, same),
});

type Score = NonNullable<IncidentView['score']>;

const scoreOf = (incident: Incident, steps: readonly Step[]): Score => {
  const { departments, ...rest } = drillScore(incident, steps);
  return { ...rest, departments: [...departments] };
};

const registrationOf = ({ event, version, fields }: NonNullable<Incident['registration']>) => ({
  event,
  version,
  fields: [...(fields ?? [])],
});

const citationOf = (pack: RulePack | undefined, source: string): Citation | undefined => pack?.citations[source];

const rungView = (rung: Rung, pack: RulePack | undefined): IncidentView['ladder'][number] => ({
  level: rung.level,
  dueAt: writeInstant(rung.dueAtMs),
  ...when('enteredAt', rung.enteredAtMs, writeInstant),
  recipients: rung.recipients.map(({ department, topic, duty }) => ({
    id: department,
    name: departmentName(pack, department),
    topic,
    duty,
  })),
});

/** Only what is open climbs. */
const nextRung = ({ state, ladder }: Incident): Rung | undefined =>
  state === 'open' ? ladder.find(({ enteredAtMs }) => enteredAtMs === undefined) : undefined;

const noticesOf = ({ ladder, published, outbox }: Incident): IncidentView['notices'] => ({
  published: published.map(({ rung, department, kind, publishedAtMs, deliveredAtMs, seenAtMs }) => ({
    ...when('level', ladder[rung]?.level, same),
    department,
    kind,
    publishedAt: writeInstant(publishedAtMs),
    ...when('deliveredAt', deliveredAtMs, writeInstant),
    ...when('seenAt', seenAtMs, writeInstant),
  })),
  owed: outbox.map(({ rung, recipient, kind, dueAtMs, attempts }) => ({
    ...when('level', ladder[rung]?.level, same),
    department: recipient.department,
    kind,
    dueAt: writeInstant(dueAtMs),
    attempts,
  })),
});

export interface WholeIncident {
  readonly incident: Incident;
  readonly live: boolean;
  /** The whole timeline. */
  readonly steps: readonly Step[];
  readonly facility: Facility | undefined;
  /** The pack that made it. */
  readonly pack: RulePack | undefined;
}

/** One incident with everything that is known of it. */
export const incidentViewOf = ({ incident, live, steps, facility, pack }: WholeIncident): IncidentView => ({
  ...summaryOf(incident, facility, steps),
  live,
  ...when('area', areaOf(incident, facility), same),
  ...when('alarm', incident.alarm, alarmOf),
  ...when('falseAlarm', incident.falseAlarm, ({ by, atMs, code }) => ({ by, at: writeInstant(atMs), code })),
  ...when('score', incident.drill && scoreOf(incident, steps), same),
  ...when('registration', incident.registration, registrationOf),
  pack: incident.pack,
  ...when('duty', citationOf(pack, incident.dutySource), same),
  ...when('routing', citationOf(pack, incident.routingSource), same),
  fallback: incident.fallback,
  ladder: incident.ladder.map((rung) => rungView(rung, pack)),
  ...when('next', nextRung(incident), ({ level, dueAtMs }) => ({ level, dueAt: writeInstant(dueAtMs) })),
  notices: noticesOf(incident),
  steps: steps.map(({ n, atMs, kind, by, reason }) => ({ n, at: writeInstant(atMs), kind, by, reason })),
});
