import type { IncidentView } from '../../../shared/contracts/desk.ts';

/** Topics whose departments have a published notice of this incident. */
export const topicsTold = (incident: IncidentView): ReadonlySet<string> => {
  const topicOf = new Map(
    incident.ladder.flatMap((rung) => rung.recipients).map((recipient) => [recipient.id, recipient.topic]),
  );
  return new Set(
    incident.notices.published.flatMap(({ department }) => {
      const topic = topicOf.get(department) ?? (department === 'facility' ? 'facility' : undefined);
      return topic === undefined ? [] : [topic];
    }),
  );
};

/** Departments that have to act on it, as its first rung says. */
export const actingOf = ({ ladder }: IncidentView): readonly string[] =>
  (ladder[0]?.recipients ?? []).filter(({ duty }) => duty === 'act').map(({ id }) => id);

export const deliveredTo = ({ notices }: IncidentView, department: string): boolean =>
  notices.published.some((notice) => notice.department === department && notice.deliveredAt !== undefined);

export const isRingOf =
  (facility: string, kind: string) =>
  (incident: IncidentView): boolean =>
    incident.facility === facility && incident.alarm?.kind === kind;
