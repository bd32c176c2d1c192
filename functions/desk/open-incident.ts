import type { OpenBody, OpenedView } from '../../shared/contracts/desk.ts';
import { readInstant, writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { InvalidInputError, UnavailableError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { Incident, PendingNotice } from '../../shared/domain/incident.ts';
import { officerIncidentId, openByOfficer, type ToldOf } from '../../shared/domain/incidents/open-by-officer.ts';
import { claimDue } from '../../shared/domain/incidents/outbox.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/domain/time.ts';
import { reportDigest } from '../../shared/runtime/canonical-json.ts';
import { findIncident } from '../../shared/use-cases/find-incident.ts';
import { publishNotices } from '../../shared/use-cases/publish-notices.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import type { DeskDeps } from './stores.ts';

const refused = (pointer: string, message: string): InvalidInputError =>
  new InvalidInputError('The incident cannot be opened.', [{ pointer, message }]);

const LONGEST_AGO_MS = 90 * DAY_MS;
/** The clock of a desk may be ahead of ours. */
const AHEAD_MS = 5 * MINUTE_MS;

const toldOf = ({ since, facility: _, confirmed, ...told }: OpenBody, nowMs: number): ToldOf => {
  const sinceMs = since === undefined ? undefined : readInstant(since);
  if (sinceMs !== undefined && (sinceMs > nowMs + AHEAD_MS || sinceMs < nowMs - LONGEST_AGO_MS)) {
    throw refused('/since', 'must lie in the last 90 days');
  }
  return { ...told, confirmed: confirmed ?? 'unknown', ...(sinceMs !== undefined && { sinceMs }) };
};

interface Opened {
  readonly incident: Incident;
  /** What this call has to publish. */
  readonly claimed: readonly PendingNotice[];
}

/** Puts it, if it is not there; sending the same again finds it, live or kept. */
const put = async (deps: DeskDeps, drafted: Opened): Promise<Opened> => {
  const { id, alarm } = drafted.incident;
  const kept = await findIncident(deps, id);
  // Dying before this put: nothing is saved, the officer sends it again. After: it can no longer be lost, and the sweep
  // publishes what is owed as soon as its next try is due.
  if (kept === undefined && (await deps.incidents.putIfAbsent(drafted.incident))) return drafted;
  const there = kept ?? (await findIncident(deps, id));
  if (there === undefined) throw new UnavailableError(`incident ${id} went away while it was being read`);
  if (there.incident.alarm?.digest !== alarm?.digest) throw refused('/id', 'is the id of another incident');
  // A repeat publishes all that was tried and is still owed, whenever its next try is due: its first call may have died.
  const tried = there.incident.outbox.filter(({ attempts }) => attempts > 0);
  return { incident: there.incident, claimed: there.live ? tried : [] };
};

/**
 * An officer opens what no box reported: abuse, what somebody says by telephone. It is published at once, to whom an
 * alarm of its kind goes; nothing of abuse goes to the facility. The answer says what was published, and nothing that the
 * officer's roles may not read.
 */
export const openIncident = async (deps: DeskDeps, person: Person, body: OpenBody): Promise<OpenedView> => {
  const facility: Facility = await facilityFor(deps.registry, person, 'open-incident', body.facility);
  const nowMs = deps.clock();
  const told = toldOf(body, nowMs);
  if (told.area !== undefined && !facility.areas.some(({ id }) => id === told.area)) {
    throw refused('/area', 'is no area of this facility');
  }
  const pack = deps.packFor(facility, nowMs);
  const drafted = openByOfficer(told, reportDigest(body), person.subject, facility, pack, nowMs);
  const { incident, claimed } = await put(deps, claimDue(drafted, nowMs));
  const publishing = { keeping: deps, publisher: deps.publisher, clock: deps.clock, by: 'desk' };
  const published = await publishNotices(publishing, incident, claimed, { facility, pack });
  return openedView(published.incident, officerIncidentId(facility.id, told.id));
};

const openedView = ({ published, state }: Incident, id: string): OpenedView => ({
  incident: id,
  state,
  published: published.map(({ department, publishedAtMs }) => ({ department, at: writeInstant(publishedAtMs) })),
});
