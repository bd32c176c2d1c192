import type { DrillBody, MuteBody, WindowsQuery, WindowsView } from '../../shared/contracts/windows.ts';
import { readInstant, writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { groupsOfRules, mayDo } from '../../shared/domain/authorize.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../shared/domain/errors.ts';
import type { Facility } from '../../shared/domain/facility.ts';
import type { RuleName } from '../../shared/domain/verdict.ts';
import { registerDrill } from '../../shared/domain/windows/drills.ts';
import { allowMute, registerMute } from '../../shared/domain/windows/mutes.ts';
import {
  type Edited,
  endWindow,
  forgotten,
  noWindows,
  type WindowFault,
} from '../../shared/domain/windows/window-list.ts';
import type { FacilityWindows, Mute } from '../../shared/domain/windows/windows.ts';
import { facilityFor, targetOfFacility } from '../../shared/use-cases/read-facility.ts';
import { untilSaved } from '../../shared/use-cases/until-saved.ts';
import type { DeskDeps } from './stores.ts';

const instants: Readonly<Record<'from' | 'to', string>> = { from: '/from', to: '/to' };
const faults: Readonly<Record<WindowFault, readonly [pointer: string, message: string]>> = {
  'starts-in-the-past': [instants.from, 'must not lie in the past'],
  'ends-before-it-starts': [instants.to, 'must be after `from`'],
  'too-long': [instants.to, 'is too late: a drill lasts at most 4 hours, a mute (with those beside it) 7 days'],
  'too-far-ahead': [instants.from, 'must be within 90 days'],
  'too-many': ['', 'there are 16 that are not over; end one first'],
};

const refuse = (fault: WindowFault): never => {
  const [pointer, message] = faults[fault];
  throw new InvalidInputError('The window cannot be registered.', [{ pointer, message }]);
};

const viewOf = ({
  facilityId,
  drills,
  mutes,
}: Pick<FacilityWindows, 'facilityId' | 'drills' | 'mutes'>): WindowsView => ({
  facility: facilityId,
  drills: drills.map(({ id, fromMs, toMs, reason, by, registeredAtMs, endedBy }) => ({
    id,
    from: writeInstant(fromMs),
    to: writeInstant(toMs),
    reason,
    by,
    registeredAt: writeInstant(registeredAtMs),
    ...(endedBy !== undefined && { endedBy }),
  })),
  mutes: mutes.map(({ id, is, rules, fromMs, toMs, reason, by, atMs, allowedBy, endedBy }) => ({
    id,
    is,
    rules: [...rules],
    from: writeInstant(fromMs),
    to: writeInstant(toMs),
    reason,
    by,
    at: writeInstant(atMs),
    ...(allowedBy !== undefined && { allowedBy }),
    ...(endedBy !== undefined && { endedBy }),
  })),
});

const windowsOf = async ({ windows }: DeskDeps, facilityId: string): Promise<FacilityWindows> =>
  (await windows.read(facilityId)) ?? noWindows(facilityId);

/** Reads, decides, saves by compare-and-set. An edit that changes nothing (it was made before) writes nothing. */
const change = (
  deps: DeskDeps,
  facilityId: string,
  edit: (windows: FacilityWindows) => Edited,
): Promise<FacilityWindows> =>
  untilSaved(`windows of ${facilityId}`, async () => {
    const read = await windowsOf(deps, facilityId);
    const edited = edit(read);
    if ('fault' in edited) return refuse(edited.fault);
    if (edited.windows === read) return read;
    const next = { ...edited.windows, revision: read.revision + 1 };
    // Dying before this keeps nothing twice: what is over is put again under its own name. After: nothing is lost.
    await deps.windows.keepPast(facilityId, forgotten(read, next));
    // Dying before this: nothing was registered, and the person was not told otherwise. After: it counts.
    return (await deps.windows.save(next)) ? next : undefined;
  });

/** Whether the person may mute each of these rules there. */
const mayMute = (person: Person, facility: Facility, rules: readonly RuleName[]): boolean =>
  groupsOfRules(rules).every((group) => mayDo(person, 'edit-mutes', { ...targetOfFacility(facility), group }));

const forbidMuting = (): never => {
  throw new ForbiddenError('your roles do not let you act on each of these rules there');
};

const MOST_PAST = 200;

/** Drills and mutes of a facility: those that are over for a week, and, where it is asked for, the latest before that. */
export const readWindows = async (
  deps: DeskDeps,
  person: Person,
  facilityId: string,
  { past }: WindowsQuery,
): Promise<WindowsView> => {
  await facilityFor(deps.registry, person, 'read-facility', facilityId);
  const now = await windowsOf(deps, facilityId);
  if (past !== 'yes') return viewOf(now);
  // One that was kept and not trimmed yet is in both, and shown once.
  const { drills, mutes } = await deps.windows.past(facilityId, MOST_PAST);
  return viewOf({
    facilityId,
    drills: [...drills.filter(({ id }) => !now.drills.some((one) => one.id === id)), ...now.drills],
    mutes: [...mutes.filter(({ id }) => !now.mutes.some((one) => one.id === id)), ...now.mutes],
  });
};

/** Announces a drill. What rings before it is registered stays real. */
export const announceDrill = async (
  deps: DeskDeps,
  person: Person,
  facilityId: string,
  { id, from, to, reason }: DrillBody,
): Promise<WindowsView> => {
  await facilityFor(deps.registry, person, 'edit-drills', facilityId);
  const windows = await change(deps, facilityId, (read) => {
    const nowMs = deps.clock();
    const fromMs = from === undefined ? nowMs : readInstant(from);
    const drill = { id, fromMs, toMs: readInstant(to), by: person.subject, registeredAtMs: nowMs, reason };
    return registerDrill(read, drill, nowMs);
  });
  return viewOf(windows);
};

const muteFrom = ({ id, from, to, rules, reason }: MuteBody, is: Mute['is'], by: string, nowMs: number): Mute => ({
  id,
  is,
  rules,
  fromMs: from === undefined ? nowMs : readInstant(from),
  toMs: readInstant(to),
  by,
  atMs: nowMs,
  reason,
});

/** Notices of these rules wait from now on, or from the instant that is given. */
export const mute = async (
  deps: DeskDeps,
  person: Person,
  facilityId: string,
  body: MuteBody,
): Promise<WindowsView> => {
  const facility = await facilityFor(deps.registry, person, 'read-facility', facilityId);
  if (!mayMute(person, facility, body.rules)) return forbidMuting();
  const allowed = (nowMs: number): Mute => ({
    ...muteFrom(body, 'mute', person.subject, nowMs),
    allowedBy: person.subject,
  });
  return viewOf(await change(deps, facilityId, (read) => registerMute(read, allowed(deps.clock()), deps.clock())));
};

/** The facility asks, and nothing waits until somebody allows it; who may mute these rules allows it by asking. */
export const askMaintenance = async (
  deps: DeskDeps,
  person: Person,
  facilityId: string,
  body: MuteBody,
): Promise<WindowsView> => {
  const facility = await facilityFor(deps.registry, person, 'read-facility', facilityId);
  const isAllowed = mayMute(person, facility, body.rules);
  if (!isAllowed && !mayDo(person, 'ask-maintenance', targetOfFacility(facility))) return forbidMuting();
  const asked = (nowMs: number): Mute => ({
    ...muteFrom(body, 'maintenance', person.subject, nowMs),
    ...(isAllowed && { allowedBy: person.subject }),
  });
  return viewOf(await change(deps, facilityId, (read) => registerMute(read, asked(deps.clock()), deps.clock())));
};

const noSuchWindow = (): never => {
  throw new NotFoundError('no such window of this facility');
};

/** Somebody who may mute these rules allows what the facility asked for. */
export const allowMaintenance = async (
  deps: DeskDeps,
  person: Person,
  facilityId: string,
  id: string,
): Promise<WindowsView> => {
  const facility = await facilityFor(deps.registry, person, 'read-facility', facilityId);
  const windows = await change(deps, facilityId, (read) => {
    const asked = read.mutes.find((one) => one.id === id && one.is === 'maintenance') ?? noSuchWindow();
    if (!mayMute(person, facility, asked.rules)) return forbidMuting();
    return allowMute(read, id, person.subject);
  });
  return viewOf(windows);
};

/** Ends a window now. The facility may take back what it asked for, allowed or not: it is told of again, no more. */
export const closeWindow = async (deps: DeskDeps, person: Person, facilityId: string, id: string): Promise<void> => {
  const facility = await facilityFor(deps.registry, person, 'read-facility', facilityId);
  const target = targetOfFacility(facility);
  await change(deps, facilityId, (read) => {
    const isDrill = read.drills.some((one) => one.id === id);
    const held = read.mutes.find((one) => one.id === id);
    if (held === undefined && !isDrill) return noSuchWindow();
    // Whoever asks chooses the id: one that is both a drill and a mute is ended by who may end both.
    const mayEndMute =
      held === undefined ||
      mayMute(person, facility, held.rules) ||
      (held.is === 'maintenance' && mayDo(person, 'ask-maintenance', target));
    const may = mayEndMute && (!isDrill || mayDo(person, 'edit-drills', target));
    if (!may) throw new ForbiddenError('your roles do not let you end this window');
    return { windows: endWindow(read, id, deps.clock(), person.subject) };
  });
};
