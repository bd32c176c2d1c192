import type { IncidentView } from '../../shared/contracts/desk.ts';
import type { Person } from '../../shared/domain/access.ts';
import { answersAs, targetOf } from '../../shared/domain/authorize.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { CloseReason, FalseAlarmCode, Incident, PendingNotice } from '../../shared/domain/incident.ts';
import type { Decision } from '../../shared/domain/incidents/decision.ts';
import { declareReal } from '../../shared/domain/incidents/declare-real.ts';
import { claimDue } from '../../shared/domain/incidents/outbox.ts';
import { answer, closeByPerson, markFalseAlarm, passOn } from '../../shared/domain/incidents/people.ts';
import { RequestRefusedError } from '../../shared/runtime/request-refused.ts';
import { changeIncident } from '../../shared/use-cases/change-incident.ts';
import { publishNotices } from '../../shared/use-cases/publish-notices.ts';
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

/**
 * A named person takes the incident on: it climbs no further. The first answer stands, and answering again shows it. The
 * head of the facility answers for what the facility has to see to; of life safety the head is known to know.
 */
export const answerIncident = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> => {
  await incidentFor(deps, person, 'answer-incident', id);
  const found = await change(deps, person, id, (incident) =>
    answer(incident, person.subject, deps.clock(), answersAs(person, targetOf(incident))),
  );
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

/** A named person cannot see to it: who comes next is told with the next sweep. */
export const passIncidentOn = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> => {
  await incidentFor(deps, person, 'pass-on', id);
  const found = await change(deps, person, id, (incident) => passOn(incident, person.subject, deps.clock()));
  const view = await viewOf(deps, found);
  if (found.incident.state === 'closed') throw alreadyClosed(view);
  return view;
};

const noAlarm = (): InvalidInputError =>
  new InvalidInputError('Only an alarm can be false.', [
    { pointer: '', message: 'the incident is of a rule, no alarm' },
  ]);

/** A named person calls the alarm false. It closes nothing and stops no notice. */
export const markIncidentFalse = async (
  deps: DeskDeps,
  person: Person,
  id: string,
  code: FalseAlarmCode,
): Promise<IncidentView> => {
  const { incident } = await incidentFor(deps, person, 'mark-false-alarm', id);
  if (incident.alarm === undefined) throw noAlarm();
  const found = await change(deps, person, id, (read) => markFalseAlarm(read, person.subject, code, deps.clock()));
  const view = await viewOf(deps, found);
  if (found.incident.state === 'closed') throw alreadyClosed(view);
  return view;
};

const noDrill = (): InvalidInputError =>
  new InvalidInputError('Only a drill can turn out to be real.', [
    { pointer: '', message: 'the incident is no alarm' },
  ]);

/**
 * A drill turned out to be real: whoever was told of it is told so at once. Doing it again, or to what never was a
 * drill, shows the incident as it is. What has become a record can only be opened anew.
 */
export const declareIncidentReal = async (deps: DeskDeps, person: Person, id: string): Promise<IncidentView> => {
  const { incident: before } = await incidentFor(deps, person, 'declare-real', id);
  if (before.alarm === undefined) throw noDrill();
  const facility = await deps.registry.readFacility(before.facilityId);
  const pack = deps.packFor(facility ?? before, deps.clock());
  let claimed: readonly PendingNotice[] = [];
  // Dying before this save: nothing changed, the person says it again. After: the sweep publishes what is owed.
  const found = await change(deps, person, id, (read) => {
    const nowMs = deps.clock();
    const decision = declareReal(read, person.subject, nowMs, pack.thresholds.answerWithinMs.value);
    const next = claimDue(decision.incident, nowMs);
    claimed = decision.does === 'save' ? next.claimed : [];
    return decision.does === 'save' ? { ...decision, incident: next.incident } : decision;
  });
  if (!found.live && found.incident.drill !== undefined) throw alreadyClosed(await viewOf(deps, found));
  const publishing = { keeping: deps, publisher: deps.publisher, clock: deps.clock, by: 'desk' };
  const owed = found.saved ? claimed : [];
  const { incident } = await publishNotices(publishing, found.incident, owed, { facility, pack });
  return viewOf(deps, { incident, live: found.live });
};
