import type { Incident, PendingNotice } from '../../shared/domain/incident.ts';
import { tellingAgain } from '../../shared/domain/incidents/expire-answer.ts';
import { nextStepOf } from '../../shared/domain/incidents/next-step.ts';
import { tend } from '../../shared/domain/incidents/tend.ts';
import { holdBack } from '../../shared/domain/windows/mutes.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { publishNotices, type Setting } from '../../shared/use-cases/publish-notices.ts';
import type { Sweep } from './dependencies.ts';
import { activeMute } from './held-back.ts';

/** Is its next step due? Asked of the scanned item, so that most cost no read. */
export const isDue = (incident: Incident, nowMs: number): boolean =>
  (nextStepOf(incident)?.dueAtMs ?? Number.POSITIVE_INFINITY) <= nowMs;

/**
 * Does what is due: ends it, ends its answer, climbs, claims what is owed and publishes it. Two sweeps that come
 * together: one wins the claim, the other finds nothing due.
 */
export const tendIncident = async (sweep: Sweep, due: Incident, setting: Setting, nowMs: number): Promise<void> => {
  let claimed: readonly PendingNotice[] = [];
  const mute = await activeMute(sweep, due, nowMs);
  // Dying before this save: the next sweep decides it again. After: what is claimed is tried again when its time comes.
  const changed = await changeIncident(sweep, due.id, (read) => {
    const again = tellingAgain(read, setting.facility, setting.pack, nowMs);
    const tended = tend(read, nowMs, again, mute && ((one) => holdBack(one, mute, nowMs)));
    claimed = tended.claimed;
    return tended.decision;
  });
  if (changed?.saved && changed.incident.state === 'closed' && due.state !== 'closed')
    sweep.counts.incidentsClosed += 1;
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
