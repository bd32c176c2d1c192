import type { Facility } from '../facility.ts';
import type { Incident, PendingNotice } from '../incident.ts';
import { noticeId } from '../incidents/outbox.ts';
import type { Level, RulePack } from '../rule-pack.ts';
import { routingSourceOf } from '../terms-of.ts';

const instant = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

/** Until when an acting department may answer before the next rung is due; absent = no deadline. */
export const answerByMs = (incident: Incident, pending: PendingNotice): number | undefined =>
  incident.ladder.slice(pending.rung + 1).find((rung) => rung.enteredAtMs === undefined)?.dueAtMs;

const placeOf = (facility: Facility) => ({
  name: facility.name,
  address: facility.address,
  entrance: facility.entrance,
  latitude: facility.latitude,
  longitude: facility.longitude,
});

/** Facts of the alarm without its digest and report id, which say nothing to a receiver. */
const alarmOf = ({ alarm, drill }: Incident, facility: Facility | undefined) =>
  alarm && {
    kind: alarm.kind,
    box: alarm.box,
    area: alarm.area,
    areaKnown: facility?.areas.some(({ id }) => id === alarm.area) ?? false,
    confirmed: alarm.confirmed,
    drillFlag: alarm.drillFlag,
    drillRegistered: drill !== undefined,
    ageMs: alarm.ageMs,
  };

const routingFor = (incident: Incident, { recipient }: PendingNotice, pack: RulePack) => {
  const source = routingSourceOf(pack, incident, recipient.department);
  return pack.citations[source] ?? { document: source };
};

/** The level that is told: the facility, or that of the rung. */
export const levelOf = (incident: Incident, { recipient, rung }: PendingNotice): Level =>
  recipient.department === 'facility' ? 'facility' : (incident.ladder[rung]?.level ?? 'city');

/** What a person is shown of a notice. */
export interface NoticeTexts {
  /** ASCII. */
  readonly subjectLine: string;
  readonly zh: string;
  readonly en: string;
  /** At most 70 characters, Chinese. */
  readonly short: string;
}

/** The notice as data, for machines. Every name in it is a word of the glossary; it names no person. */
export const noticeData = ({
  incident,
  pending,
  facility,
  pack,
  texts,
}: {
  readonly incident: Incident;
  readonly pending: PendingNotice;
  readonly facility: Facility | undefined;
  readonly pack: RulePack;
  readonly texts: NoticeTexts;
}): Readonly<Record<string, unknown>> => ({
  schema: 'cradlewatch-notice/1',
  notice: noticeId(incident.id, pending),
  incident: incident.id,
  kind: pending.kind,
  lane: incident.lane,
  drill: incident.drill !== undefined,
  about: incident.alarm?.kind ?? incident.rule,
  finding: incident.finding,
  reason: incident.reason,
  hazard: incident.hazard,
  state: incident.state,
  facility: incident.facilityId,
  division: incident.division,
  place: facility && placeOf(facility),
  subject: incident.subject,
  since: incident.alarm?.ageMs === 'unknown' ? 'unknown' : instant(incident.sinceMs),
  openedAt: instant(incident.openedAtMs),
  endedAt: instant(incident.endedAtMs),
  alarm: alarmOf(incident, facility),
  registration: incident.registration && { ...incident.registration, atMs: undefined },
  storm: incident.stormFacts && { ...incident.stormFacts, worsensFrom: undefined },
  recipient: pending.recipient,
  rung: pending.rung,
  level: levelOf(incident, pending),
  alsoTold: incident.ladder
    .filter((rung) => rung.enteredAtMs !== undefined)
    .flatMap((rung) => rung.recipients.map(({ department }) => department))
    .filter((department, at, all) => department !== pending.recipient.department && all.indexOf(department) === at),
  answerBy:
    pending.recipient.duty === 'act' && pending.kind !== 'recovered'
      ? instant(answerByMs(incident, pending))
      : undefined,
  pack: incident.pack,
  routing: routingFor(incident, pending, pack),
  duty: pack.citations[incident.dutySource] ?? { document: incident.dutySource },
  fallback: incident.fallback,
  texts,
});
