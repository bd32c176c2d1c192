import type { Facility, RegistrationEvent, RegistrationField } from './facility.ts';

/** A facility keeps so many of its registration events; the oldest go first, and none before it was told. */
export const MOST_REGISTRATION_EVENTS = 8;

const isSame = (a: object | string | undefined, b: object | string | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * Fields that the documents name for a change of registration (Taizhou 三(三)7: name, address, head, service form,
 * places, closure). The head is a person and is not kept here; places are those that were filed.
 */
const named: Readonly<Record<RegistrationField, (facility: Facility) => object | string | undefined>> = {
  name: ({ name: { zh, en } }) => [zh, en],
  address: ({ address, division }) => [address, division],
  kind: ({ kind }) => kind,
  places: ({ filed }) => [filed?.places],
};

const changedFields = (stored: Facility, next: Facility): readonly RegistrationField[] =>
  (Object.keys(named) as RegistrationField[]).filter((field) => !isSame(named[field](stored), named[field](next)));

const isClosed = (facility: Facility | undefined): boolean => facility?.state.is === 'closed';

/** What an edit of the registry means to those to whom registrations are pushed; absent = nothing that they are told. */
export const registrationEventOf = (
  stored: Facility | undefined,
  next: Facility,
  atMs: number,
): RegistrationEvent | undefined => {
  const said = { atMs, version: next.version };
  // A facility that is entered as one that has closed already was never told and never will be.
  if (isClosed(next)) return stored === undefined || isClosed(stored) ? undefined : { event: 'cancelled', ...said };
  if (stored === undefined || isClosed(stored)) return { event: 'registered', ...said };
  const fields = changedFields(stored, next);
  return fields.length === 0 ? undefined : { event: 'changed', ...said, fields };
};

/** The last two changes with nothing between them, as one: nobody was told of the first, and its fields are in the second. */
const joined = (events: readonly RegistrationEvent[]): readonly RegistrationEvent[] | undefined => {
  const at = events.findLastIndex(({ event }, index) => event === 'changed' && events[index + 1]?.event === 'changed');
  const [first, second] = [events[at], events[at + 1]];
  if (at === -1 || first === undefined || second === undefined) return undefined;
  const fields = [...new Set([...(first.fields ?? []), ...(second.fields ?? [])])];
  return [...events.slice(0, at), { ...second, fields }, ...events.slice(at + 2)];
};

/**
 * The kept events and a new one, at most eight. What was told makes room first; then two changes become one. Absent =
 * eight that are all untold and cannot be joined: the edit has to wait until they have been told.
 *
 * @param toldVersion events up to this version have been told
 */
export const keepRegistrationEvent = (
  kept: readonly RegistrationEvent[],
  event: RegistrationEvent,
  toldVersion: number,
): readonly RegistrationEvent[] | undefined => {
  const all = [...kept, event];
  const tooMany = all.length - MOST_REGISTRATION_EVENTS;
  if (tooMany <= 0) return all;
  return all.slice(0, tooMany).every(({ version }) => version <= toldVersion) ? all.slice(tooMany) : joined(all);
};

/** Events that watch has still to tell, the oldest first. */
export const untoldEvents = (facility: Facility, toldVersion: number | undefined): readonly RegistrationEvent[] =>
  (facility.registrationEvents ?? []).filter(({ version }) => version > (toldVersion ?? 0));
