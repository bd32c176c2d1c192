import type { Facility } from '../domain/facility.ts';
import type { Incident, PendingNotice } from '../domain/incident.ts';
import { nothing, save } from '../domain/incidents/decision.ts';
import { markFailed, markPublished } from '../domain/incidents/outbox.ts';
import { renderNotice } from '../domain/notices/render-notice.ts';
import type { RulePack } from '../domain/rule-pack.ts';
import type { Clock } from '../ports/clock.ts';
import type { NoticePublisher } from '../ports/notice-publisher.ts';
import { changeIncident, type IncidentKeeping } from './change-incident.ts';

export interface Publishing {
  readonly keeping: IncidentKeeping;
  readonly publisher: NoticePublisher;
  readonly clock: Clock;
  /** Who publishes, for the timeline: `watch` or `receive-alarms`. */
  readonly by: string;
}

/** What an incident's notices are written from. */
export interface Setting {
  readonly facility: Facility | undefined;
  readonly pack: RulePack;
}

export interface Publication {
  readonly incident: Incident;
  readonly published: number;
  /** Why each refused notice was refused. */
  readonly refusals: readonly unknown[];
}

/**
 * Publishes notices that were claimed in a saved incident, all at once, so that no topic waits for another one's
 * trouble, and notes what became of each.
 */
export const publishNotices = async (
  { keeping, publisher, clock, by }: Publishing,
  incident: Incident,
  claimed: readonly PendingNotice[],
  setting: Setting,
): Promise<Publication> => {
  if (claimed.length === 0) return { incident, published: 0, refusals: [] };
  // Dying before this: the claims are saved, and each notice is tried again when its next try is due.
  const outcomes = await Promise.allSettled(
    claimed.map(async (pending) => publisher.publish(renderNotice({ incident, pending, ...setting }))),
  );
  const taken = claimed.filter((_, at) => outcomes[at]?.status === 'fulfilled');
  const refused = claimed.filter((_, at) => outcomes[at]?.status === 'rejected');
  const nowMs = clock();
  // Dying before this: they are published again under the same notice ids, which a receiver drops. After: all is said.
  const noted = await changeIncident(keeping, incident.id, (read) => {
    const next = markFailed(markPublished(read, taken, nowMs, by), refused, nowMs, by);
    return next === read ? nothing(read, 'noted-already') : save(next, 'published');
  });
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  return { incident: noted?.incident ?? incident, published: taken.length, refusals };
};
