import type { Incident } from '../../shared/domain/incident.ts';
import { isMutable, muteOf } from '../../shared/domain/windows/mutes.ts';
import type { Mute } from '../../shared/domain/windows/windows.ts';
import type { Sweep } from './dependencies.ts';

/**
 * The mute that holds back what is due of an incident. Nothing is read for what no mute could concern. Windows that
 * cannot be read hold back nothing: being told too much is the smaller trouble.
 */
export const activeMute = async (sweep: Sweep, incident: Incident, nowMs: number): Promise<Mute | undefined> => {
  if (!isMutable(incident)) return undefined;
  try {
    return muteOf(await sweep.windows.read(incident.facilityId), incident, nowMs);
  } catch (cause) {
    sweep.tell('windows-unreadable', incident.facilityId, cause);
    return undefined;
  }
};
