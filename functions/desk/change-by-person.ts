import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { CloseReason, Incident } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import { answer, closeByPerson } from '../../shared/domain/incidents/people.ts';
import { RequestRefusedError } from '../../shared/runtime/request-refused.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { type Found, incidentFor } from './find-incident.ts';
import { viewOf } from './read-incident.ts';
import type { DeskDeps } from './stores.ts';

/** Says who closed it, when and why, so that whoever came second knows whom to ask. */
const alreadyClosed = ({ closedBy, closedAt, closeReason }: IncidentView): RequestRefusedError =>
  new RequestRefusedError(
    'already-closed',
    `It was closed by ${closedBy ?? 'somebody'} as "${closeReason}" at ${closedAt}`,
    { closedBy, closedAt, closeReason },
  );

/** Decides on what is kept now; an incident that became a record meanwhile is closed and decided no more. */
const change = async (
  deps: DeskDeps,
  person: Person,
  id: string,
  decide: (incident: Incident) => Decision,
): Promise<Found & { readonly saved: boolean }> => {
  const changed = await changeIncident(deps, id, decide);
  if (changed !== undefined) return { incident: changed.incident, live: true, saved: changed.saved };
  return { ...(await incidentFor(deps, person, 'read-incident', id)), saved: false };
};

/** A named person takes the incident on: it climbs no further. The first answer stands, and answering again shows it. */
export const answerIncident = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> => {
  await incidentFor(deps, person, 'answer-incident', id);
  const found = await change(deps, person, id, (incident) => answer(incident, person.subject, deps.clock()));
  const view = await viewOf(deps, found);
  if (found.incident.state === 'closed') throw alreadyClosed(view);
  return view;
};

/**
 * A named person closes the incident; the only way to close an alarm. Closing it again for the same reason shows the
 * same result; closing what somebody else closed, or for another reason, is refused and changes nothing.
 */
export const closeIncident = async (
  deps: DeskDeps,
  person: Person,
  id: string,
  reason: CloseReason,
): Promise<IncidentView> => {
  await incidentFor(deps, person, 'close-incident', id);
  const decide = (incident: Incident): Decision => closeByPerson(incident, person.subject, reason, deps.clock());
  const found = await change(deps, person, id, decide);
  const view = await viewOf(deps, found);
  if (!found.saved && (view.closedBy !== person.subject || view.closeReason !== reason)) throw alreadyClosed(view);
  return view;
};
