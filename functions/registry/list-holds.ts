import type { HoldView } from '../../shared/contracts/holds.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { holdsConfirmedIn } from '../../shared/domain/camera-facts.ts';
import { addDays, civilDayOf } from '../../shared/domain/civil-day.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Facility, LegalHold } from '../../shared/domain/facility.ts';
import { confirmedAtMs } from '../../shared/domain/fold-holds.ts';
import type { ConfirmedHold } from '../../shared/domain/heard.ts';
import { holdEndMs, holdStateOf, type OrderedHold } from '../../shared/domain/legal-holds.ts';
import type { FacilityVitals } from '../../shared/domain/vitals.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import type { RegistryDeps } from './stores.ts';

export interface HoldList {
  readonly items: readonly HoldView[];
  readonly cursor?: string;
}

/** The orders of a facility, the last one first, each with what its box said of it. */
export const listHolds = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  limit: number,
  cursor?: string,
): Promise<HoldList> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  const all = facility.legalHolds ?? [];
  const endsAt = cursor === undefined ? all.length : placeOf(cursor, all.length);
  const page = all.slice(Math.max(0, endsAt - limit), endsAt);
  const row = await deps.vitals.readFacility(facility.id);
  const items: HoldView[] = [];
  // One after the other: each reads a few months of its camera at most.
  for (const hold of page.toReversed()) items.push(await viewWith(deps, facility, hold, row));
  return { items, ...(endsAt > limit && { cursor: String(endsAt - limit) }) };
};

/** Orders are only added at the end, so a place in the list stays one. */
const placeOf = (cursor: string, length: number): number => {
  const place = /^\d{1,4}$/.test(cursor) ? Number(cursor) : -1;
  if (place >= 1 && place <= length) return place;
  throw new InvalidInputError('The cursor belongs to no page of this list.', [], 'cursor-invalid');
};

/** An order with what its box said of it. */
export const viewOfHold = async (deps: RegistryDeps, facility: Facility, hold: LegalHold): Promise<HoldView> =>
  viewWith(deps, facility, hold, await deps.vitals.readFacility(facility.id));

const viewWith = async (
  deps: RegistryDeps,
  facility: Facility,
  hold: LegalHold,
  row: FacilityVitals | undefined,
): Promise<HoldView> => {
  const nowMs = deps.clock();
  const base = {
    camera: hold.camera,
    until: writeInstant(hold.untilMs),
    state: holdStateOf(hold, nowMs),
    ...(hold.releasedAtMs !== undefined && { releasedAt: writeInstant(hold.releasedAtMs) }),
    ...(hold.releasedBy !== undefined && { releasedBy: hold.releasedBy }),
  };
  const { id, fromMs, toMs, orderedAtMs, by } = hold;
  if (id === undefined || fromMs === undefined || toMs === undefined) return { ...base, confirmed: [] };
  if (orderedAtMs === undefined || by === undefined) return { ...base, confirmed: [] };
  const ordered: OrderedHold = { ...hold, id, fromMs, toMs, orderedAtMs, by };
  const foldedAtMs = row?.holdsConfirmed?.[id];
  const said = await saidOf(deps, facility, ordered, foldedAtMs, nowMs);
  return {
    ...base,
    hold: id,
    from: writeInstant(fromMs),
    to: writeInstant(toMs),
    orderedAt: writeInstant(orderedAtMs),
    by,
    ...confirmationOf(facility, ordered, said, foldedAtMs, nowMs),
  };
};

const MOST_SHOWN = 200;

/** An order may bind for years, and a box confirms it within days of hearing of it: no more is read of any. */
const MOST_DAYS_READ = 120;

/**
 * What was confirmed up to the instant that the row names; of one that the row does not know, what was last said if it
 * still binds, and what was first said if it is over.
 */
const saidOf = async (
  { records }: RegistryDeps,
  facility: Facility,
  hold: OrderedHold,
  foldedAtMs: number | undefined,
  nowMs: number,
): Promise<readonly ConfirmedHold[]> => {
  const dayOf = (ms: number): string => civilDayOf(ms, facility.calendar.zone);
  const orderedOn = dayOf(hold.orderedAtMs);
  const isOver = holdStateOf(hold, nowMs) !== 'open';
  const firstDays = addDays(orderedOn, MOST_DAYS_READ);
  const lastDay = dayOf(foldedAtMs ?? Math.min(nowMs, holdEndMs(hold)));
  const toDay = isOver && foldedAtMs === undefined && firstDays < lastDay ? firstDays : lastDay;
  const since = addDays(toDay, -MOST_DAYS_READ);
  const days = await records.heldDays(facility.id, hold.camera, since > orderedOn ? since : orderedOn, toDay);
  return holdsConfirmedIn(days)
    .filter((one) => one.hold === hold.id && one.receivedAtMs >= hold.orderedAtMs)
    .toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
};

const confirmationOf = (
  facility: Facility,
  hold: OrderedHold,
  said: readonly ConfirmedHold[],
  foldedAtMs: number | undefined,
  nowMs: number,
): Pick<HoldView, 'box' | 'confirmed' | 'confirmedAt' | 'notConfirmedSince'> => {
  const camera = facility.cameras.find(({ id }) => id === hold.camera);
  const atMs = foldedAtMs ?? (camera && confirmedAtMs(hold, camera, said));
  const isWaiting = atMs === undefined && holdStateOf(hold, nowMs) === 'open';
  return {
    ...(camera && { box: camera.box }),
    confirmed: said.slice(0, MOST_SHOWN).map((one) => ({
      from: writeInstant(one.fromMs),
      to: writeInstant(one.toMs),
      at: writeInstant(one.receivedAtMs),
    })),
    ...(atMs !== undefined && { confirmedAt: writeInstant(atMs) }),
    ...(isWaiting && { notConfirmedSince: writeInstant(hold.orderedAtMs) }),
  };
};
