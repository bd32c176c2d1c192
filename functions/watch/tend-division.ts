import type { Incident } from '../../shared/domain/incident.ts';
import { mayArchive } from '../../shared/domain/incidents/archive.ts';
import type { RulePack } from '../../shared/domain/rule-pack.ts';
import { archiveIncident } from './archive-incident.ts';
import type { Sweep, WatchDependencies } from './dependencies.ts';
import { isDue, tendIncident } from './tend-incident.ts';

/** The pack that made an incident, as it is in force now: the name that a facility may give is in it. */
export const packNamedBy = (
  { packFor }: Pick<WatchDependencies, 'packFor'>,
  { division, pack }: Pick<Incident, 'division' | 'pack'>,
  nowMs: number,
): RulePack => packFor({ division, pack: pack.split('@')[0] ?? pack }, nowMs);

/** An incident that is about a whole division has no facility whose rows could be looked at: it is tended by itself. */
export const tendDivision = async (sweep: Sweep, incident: Incident): Promise<void> => {
  const nowMs = sweep.clock();
  const pack = packNamedBy(sweep, incident, nowMs);
  if (mayArchive(incident, nowMs, pack.thresholds.flapMs.value) === 'yes') {
    await archiveIncident(sweep, incident.id, pack.thresholds.flapMs.value, nowMs);
  } else if (isDue(incident, nowMs)) {
    await tendIncident(sweep, incident, { facility: undefined, pack }, nowMs);
  }
};
