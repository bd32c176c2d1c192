import type { RegistrationEvent } from '../../shared/domain/facility.ts';
import { openRegistration } from '../../shared/domain/incidents/open.ts';
import { claimDue } from '../../shared/domain/incidents/outbox.ts';
import { untoldEvents } from '../../shared/domain/registration.ts';
import type { FacilityVitals } from '../../shared/domain/vitals.ts';
import type { Sweep } from './dependencies.ts';
import type { Look } from './settle-breaches.ts';
import { publishClaimed } from './tend-incident.ts';

/**
 * Each registration event that the facility keeps and that has not been told becomes an incident that is over, with its
 * notices in its outbox. Answers the version up to which all is told; absent = nothing new. Whoever dies before that is
 * saved comes here again and finds each incident, live or kept, under its name.
 */
export const tellRegistrations = async (sweep: Sweep, look: Look, row: FacilityVitals): Promise<number | undefined> => {
  const untold = untoldEvents(look.facility, row.registrationToldVersion);
  for (const event of untold) await tellRegistration(sweep, look, event);
  return untold.at(-1)?.version;
};

const tellRegistration = async (sweep: Sweep, look: Look, event: RegistrationEvent): Promise<void> => {
  const { facility, pack, nowMs } = look;
  const fresh = openRegistration(event, facility, pack, nowMs);
  if (fresh === undefined || (await sweep.records.readArchived(facility.id, fresh.id)) !== undefined) return;
  const { incident, claimed } = claimDue(fresh, nowMs);
  // Dying before this put: the event is still in the facility. After: the incident owes its notices.
  if (!(await sweep.incidents.putIfAbsent(incident))) return;
  look.live.push(incident);
  sweep.counts.incidentsOpened += 1;
  await publishClaimed(sweep, incident, claimed, look);
};
