import type { HoldView } from '../../shared/contracts/holds.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { type ConfirmedHold, holdEndMs, holdsConfirmedIn } from '../../shared/domain/camera-facts.ts';
import { civilDayOf } from '../../shared/domain/civil-day.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Facility, LegalHold } from '../../shared/domain/facility.ts';
import { confirmedAtMs } from '../../shared/domain/fold-holds.ts';
import { holdStateOf, type OrderedHold } from '../../shared/domain/legal-holds.ts';
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
  const items: HoldView[] = [];
  // One camera after the other: a page is short, and each asks for the days since its order alone.
  for (const hold of page.toReversed()) items.push(await viewOfHold(deps, facility, hold));
  return { items, ...(endsAt > limit && { cursor: String(endsAt - limit) }) };
};

/** Orders are only added at the end, so a place in the list stays one. */
const placeOf = (cursor: string, length: number): number => {
  const place = /^\d{1,4}$/.test(cursor) ? Number(cursor) : -1;
  if (place >= 1 && place <= length) return place;
  throw new InvalidInputError('The cursor belongs to no page of this list.', [], 'cursor-invalid');
};

/** An order with what its box said of it: from its day to the day of its end, whatever became of it. */
export const viewOfHold = async (deps: RegistryDeps, facility: Facility, hold: LegalHold): Promise<HoldView> => {
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
  const said = await saidOf(deps, facility, ordered, nowMs);
  return {
    ...base,
    hold: id,
    from: writeInstant(fromMs),
    to: writeInstant(toMs),
    orderedAt: writeInstant(orderedAtMs),
    by,
    ...confirmationOf(facility, ordered, said, nowMs),
  };
};

const MOST_SHOWN = 200;

const saidOf = async (
  { records }: RegistryDeps,
  facility: Facility,
  hold: OrderedHold,
  nowMs: number,
): Promise<readonly ConfirmedHold[]> => {
  const { zone } = facility.calendar;
  const toDay = civilDayOf(Math.min(nowMs, holdEndMs(hold)), zone);
  const days = await records.heldDays(facility.id, hold.camera, civilDayOf(hold.orderedAtMs, zone), toDay);
  return holdsConfirmedIn(days)
    .filter((one) => one.hold === hold.id && one.receivedAtMs >= hold.orderedAtMs)
    .toSorted((a, b) => a.receivedAtMs - b.receivedAtMs);
};

const confirmationOf = (
  facility: Facility,
  hold: OrderedHold,
  said: readonly ConfirmedHold[],
  nowMs: number,
): Pick<HoldView, 'box' | 'confirmed' | 'confirmedAt' | 'notConfirmedSince'> => {
  const camera = facility.cameras.find(({ id }) => id === hold.camera);
  const atMs = camera && confirmedAtMs(hold, camera, said);
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
