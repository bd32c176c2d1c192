import { CANARY, type Incident, isOfDivision } from '../domain/incident.ts';
import type { KeepEvidence } from './keep-evidence.ts';
import type { PersonId } from './person-id.ts';

/** Keeps a closed incident for the seal of the day on which it is archived. Throws `UnavailableError`. */
export type KeepIncident = (incident: Incident, atMs: number) => Promise<void>;

const at = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

/** `<issuer>|<subject>` and `link|<link>` are people; our own functions have no bar in their names. */
const who = async (by: string | undefined, personId: PersonId): Promise<object | undefined> => {
  if (by === undefined) return undefined;
  return by.includes('|') ? { person: await personId(by) } : { system: by };
};

const alarmOf = ({ alarm }: Incident): object | undefined =>
  alarm && {
    kind: alarm.kind,
    box: alarm.box,
    report: alarm.reportId,
    reportDigest: alarm.digest,
    area: alarm.area,
    confirmed: alarm.confirmed,
    drillFlag: alarm.drillFlag,
    toldBy: alarm.toldBy,
  };

/** Departments, never people: whom each of them reached is in the deliveries. Published is not told. */
const toldOf = ({ published }: Incident): readonly object[] =>
  published.map(({ rung, department, kind, n, publishedAtMs, deliveredAtMs, seenAtMs }) => ({
    rung,
    department,
    kind,
    n,
    publishedAt: at(publishedAtMs),
    deliveredAt: at(deliveredAtMs),
    seenAt: at(seenAtMs),
  }));

const bodyOf = async (incident: Incident, personId: PersonId): Promise<object> => {
  const { id, rule, subject, finding, reason, hazard, lane, drill, falseAlarm, answeredAtMs } = incident;
  const answeredBy = await who(incident.answeredBy, personId);
  return {
    incident: id,
    rule,
    subject,
    finding,
    reason,
    hazard,
    lane,
    pack: incident.pack,
    since: at(incident.sinceMs),
    opened: at(incident.openedAtMs),
    ended: at(incident.endedAtMs),
    closed: at(incident.closedAtMs),
    closeReason: incident.closeReason,
    turns: incident.turns,
    alarm: alarmOf(incident),
    drill: drill?.window,
    falseAlarm: falseAlarm && {
      code: falseAlarm.code,
      at: at(falseAlarm.atMs),
      by: await who(falseAlarm.by, personId),
    },
    told: toldOf(incident),
    unreachable: incident.unreachable,
    answered: answeredBy && { at: at(answeredAtMs), by: answeredBy },
  };
};

/**
 * What is about a whole division is in no facility's log, and the canary is no nursery. The same incident told again,
 * because somebody died before it was archived, is another record with the same body.
 *
 * What is sealed names it by a salted id. Its own id says which rule found what, of which class for instance, and leaves
 * go out with every bundle, to whoever may read of recordings.
 */
export const makeKeepIncident =
  (keepEvidence: KeepEvidence, personId: PersonId): KeepIncident =>
  async (incident, atMs) => {
    if (incident.facilityId === CANARY || isOfDivision(incident)) return;
    await keepEvidence({
      facility: incident.facilityId,
      kind: 'incident',
      id: await personId(incident.id),
      receivedAtMs: atMs,
      body: await bodyOf(incident, personId),
    });
  };
