import type { Incident, PendingNotice } from '../../shared/domain/incident.ts';
import { climb } from '../../shared/domain/incidents/climb.ts';
import { nothing, save } from '../../shared/domain/incidents/decision.ts';
import { claimDue, dueNotices } from '../../shared/domain/incidents/outbox.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { publishNotices, type Setting } from '../../shared/use-cases/publish-notices.ts';
import type { Sweep } from './dependencies.ts';

/** Has this incident a notice to publish or a rung to enter? Asked of the scanned item, so that most cost no read. */
export const isDue = (incident: Incident, nowMs: number): boolean =>
  dueNotices(incident, nowMs).length > 0 || climb(incident, nowMs).does === 'save';

/**
 * Climbs, claims what is due and publishes it. Two sweeps that come together: one wins the claim, the other finds
 * nothing due.
 */
export const tendIncident = async (sweep: Sweep, id: string, setting: Setting, nowMs: number): Promise<void> => {
  let claimed: readonly PendingNotice[] = [];
  // Dying before this save: the next sweep climbs and claims. After: what is claimed is tried again when its time comes.
  const changed = await changeIncident(sweep, id, (read) => {
    const climbed = climb(read, nowMs);
    const next = claimDue(climbed.incident, nowMs);
    claimed = next.claimed;
    return climbed.does === 'nothing' && claimed.length === 0
      ? nothing(read, climbed.reason)
      : save(next.incident, climbed.reason);
  });
  if (changed?.saved) await publishClaimed(sweep, changed.incident, claimed, setting);
};

/** Publishes what a save of this sweep has claimed, and counts it. */
export const publishClaimed = async (
  sweep: Sweep,
  incident: Incident,
  claimed: readonly PendingNotice[],
  setting: Setting,
): Promise<void> => {
  const publishing = { keeping: sweep, publisher: sweep.publisher, clock: sweep.clock, by: 'watch' };
  const { published, refusals } = await publishNotices(publishing, incident, claimed, setting);
  sweep.counts.noticesPublished += published;
  sweep.counts.noticesRefused += refusals.length;
  for (const refusal of refusals) sweep.tell('notice-refused', incident.id, refusal);
};
