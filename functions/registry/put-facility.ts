import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { FacilityBody } from '../../shared/contracts/registry.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo } from '../../shared/domain/authorize.ts';
import { civilDayOf } from '../../shared/domain/civil-day.ts';
import { ForbiddenError, InvalidInputError, UnavailableError } from '../../shared/domain/errors.ts';
import { countyOf, type Facility, type RegistrationEvent } from '../../shared/domain/facility.ts';
import { holdEndMs } from '../../shared/domain/legal-holds.ts';
import { keepRegistrationEvent, registrationEventOf } from '../../shared/domain/registration.ts';
import { RequestRefusedError } from '../../shared/runtime/request-refused.ts';
import { targetOfFacility } from '../../shared/use-cases/read-facility.ts';
import { datedDevices, facilityFrom } from './facility-wire.ts';
import { moveSilentAfter } from './move-silent-after.ts';
import { mendChange, recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

const SLOTS = 1_440;

/** The minute of the day in which the sweep assesses this facility whatever the filters say: stable, and spread evenly. */
export const slotOf = (facilityId: string): number =>
  createHash('sha256').update(facilityId).digest().readUInt32BE(0) % SLOTS;

export const versionConflict = (what: string, version: number): RequestRefusedError =>
  new RequestRefusedError('version-conflict', `The ${what} is at version ${version} now`, { version });

const fieldsOf = ({
  version: _version,
  registrationEvents: _events,
  formerCounties: _former,
  ...fields
}: Facility): Record<string, unknown> => ({ ...fields });

/** What an entry says: the names of the fields that differ, and the word of the new state; never their content. */
const whatChanged = (stored: Facility | undefined, next: Facility): string => {
  if (stored === undefined) return `facility registered: ${next.state.is}`;
  const [before, after] = [fieldsOf(stored), fieldsOf(next)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const words = changed.map((name) => (name === 'state' ? `state ${stored.state.is} to ${next.state.is}` : name));
  return `facility changed: ${words.length === 0 ? 'nothing' : words.join(', ')}`;
};

/** Somebody may edit a facility who reaches where it is and where it is put: nobody takes one from a neighbour. */
const authorize = (person: Person, stored: Facility | undefined, next: Facility): void => {
  if (!mayDo(person, 'edit-facility', targetOfFacility(next))) {
    throw new ForbiddenError(`your roles do not allow to register in division ${next.division}`);
  }
  if (stored !== undefined && !mayDo(person, 'edit-facility', targetOfFacility(stored))) {
    throw new ForbiddenError(`the name ${next.id} is taken by a facility that your roles do not reach`);
  }
};

/**
 * What this edit tells the departments goes into the very item that it changes, and watch tells it: no crash can part
 * the two. Throws `UnavailableError` if more edits are waiting to be told than are kept.
 */
const withEvent = async (
  { vitals, clock }: RegistryDeps,
  stored: Facility | undefined,
  next: Facility,
): Promise<Facility> => {
  const kept = stored?.registrationEvents ?? [];
  const event = registrationEventOf(stored, next, clock());
  if (event === undefined) return withEvents(next, kept);
  // Read late, it only told more by then: what is dropped was told.
  const toldVersion = (await vitals.readFacility(next.id))?.registrationToldVersion ?? 0;
  const events = keepRegistrationEvent(kept, event, toldVersion);
  if (events === undefined) throw new UnavailableError('the registrations before this one have still to be told');
  return withEvents(next, events);
};

const withEvents = (facility: Facility, events: readonly RegistrationEvent[]): Facility =>
  events.length === 0 ? facility : { ...facility, registrationEvents: events };

/** Names of the platform's own: its canary, and what is about a whole division. */
const isReserved = (facilityId: string): boolean => facilityId === 'canary' || facilityId.startsWith('division-');

/** A facility moves seldom; more places than this are a mistake that was mended again. */
const MOST_FORMER_COUNTIES = 16;

/** An incident stays in the list of the county in which it opened: where the facility lay is kept with it. */
const withFormerCounties = (written: Facility, stored: Facility | undefined): Facility => {
  if (stored === undefined) return written;
  const county = countyOf(written.division);
  const before = [...(stored.formerCounties ?? []), countyOf(stored.division)];
  const former = [...new Set(before)].filter((one) => one !== county).slice(-MOST_FORMER_COUNTIES);
  return former.length === 0 ? written : { ...written, formerCounties: former };
};

/** Orders to keep recordings are no registrar's: they stay as they are, and so does the camera that one is about. */
const withHolds = (written: Facility, stored: Facility | undefined, nowMs: number): Facility => {
  const { legalHolds } = stored ?? {};
  if (legalHolds === undefined) return written;
  const gone = legalHolds.find(
    (hold) => nowMs < holdEndMs(hold) && !written.cameras.some(({ id }) => id === hold.camera),
  );
  if (gone === undefined) return { ...written, legalHolds };
  const message = `camera ${gone.camera} is under an order to keep recordings: retire it instead`;
  throw new InvalidInputError('A camera under an order is missing.', [{ pointer: '/cameras', message }]);
};

/**
 * A day under seal is a day of its zone: in another, the hours between the two midnights would be of no day, or of two.
 * On the day of its registration nothing is under seal.
 */
const requireSameZone = (stored: Facility | undefined, { calendar: { zone } }: Facility, nowMs: number): void => {
  if (stored === undefined || stored.calendar.zone === zone) return;
  const isFirstDay = (of: string): boolean => civilDayOf(stored.registeredAtMs, of) === civilDayOf(nowMs, of);
  if (isFirstDay(stored.calendar.zone) && isFirstDay(zone)) return;
  const message = `must stay ${stored.calendar.zone}: days of that zone are under seal`;
  throw new InvalidInputError('The time zone stays.', [{ pointer: '/calendar/zone', message }]);
};

/**
 * What is registered or edited is judged when its day is sealed; until then whoever asks who cannot show their days finds
 * it here, and judges it anew. Before it is there, so that nobody ever owes recordings and is on no list: dying after it
 * leaves an entry of which nothing comes.
 */
const listUnjudged = ({ logs, zone }: RegistryDeps, { id, division }: Facility, nowMs: number): Promise<void> =>
  logs.putNotShown({
    facility: id,
    division,
    day: civilDayOf(nowMs, zone),
    state: 'unknown',
    reason: 'not-judged-yet',
  });

/**
 * Registers or edits a facility. Throws `ForbiddenError`, `RequestRefusedError` (`version-conflict`), `UnavailableError`
 * or `InvalidInputError`. Repeating an edit whose answer was lost is the same edit.
 */
export const putFacility = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  body: FacilityBody,
): Promise<Facility> => {
  const { registry, vitals, packs, clock } = deps;
  if (body.pack !== undefined && !packs.isKnown(body.pack)) {
    throw new InvalidInputError('There is no such rule pack.', [{ pointer: '/pack', message: 'names no rule pack' }]);
  }
  if (isReserved(facilityId)) {
    const message = 'canary and names that begin with division- are reserved';
    throw new InvalidInputError('The id is reserved.', [{ pointer: '/facility', message }], 'path-invalid');
  }
  const stored = await registry.readFacility(facilityId);
  const replaced = body.version ?? 0;
  const nowMs = clock();
  const written = facilityFrom(body, {
    id: facilityId,
    version: replaced + 1,
    registeredAtMs: stored?.registeredAtMs ?? nowMs,
  });
  authorize(person, stored, written);
  requireSameZone(stored, written, nowMs);
  const edited = withFormerCounties(withHolds(datedDevices(written, stored, nowMs), stored, nowMs), stored);
  if (stored !== undefined && isDeepStrictEqual(stored, withEvents(edited, stored.registrationEvents ?? []))) {
    await moveSilentAfter(deps, facilityId);
    await mendChange(deps, facilityId, { by: person.subject, what: 'facility repeated', version: edited.version });
    return stored;
  }
  if ((stored?.version ?? 0) !== replaced) throw versionConflict('facility', stored?.version ?? 0);
  const next = await withEvent(deps, stored, edited);

  // First the vitals, so that nobody is ever registered and unwatched. A crash after it leaves a row that the sweep looks
  // at every minute until the facility has this version: repeating the edit, or the next one, ends that.
  await vitals.announceFacility(facilityId, next.version, slotOf(facilityId));
  await listUnjudged(deps, next, nowMs);
  if (!(await registry.putFacility(next))) {
    throw versionConflict('facility', (await registry.readFacility(facilityId))?.version ?? 0);
  }
  // A crash from here on leaves the edit without its entry or its boxes with the old limit: repeating the edit mends both.
  await moveSilentAfter(deps, facilityId);
  await recordChange(deps, facilityId, { by: person.subject, what: whatChanged(stored, next), version: next.version });
  return next;
};
