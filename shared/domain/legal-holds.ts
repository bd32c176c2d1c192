import type { Facility, HoldAuthority, LegalHold } from './facility.ts';
import { DAY_MS, type Interval } from './time.ts';

/** Orders that bind a facility at once. */
export const MOST_OPEN_HOLDS = 64;
/** Those that are over make room, the first that ended first: the facility is one item. */
export const MOST_HOLDS_ON_RECORD = 512;
/** What one order may be about, and how far ahead it may end. */
export const LONGEST_HELD_MS = 366 * DAY_MS;
export const LATEST_UNTIL_MS = 3 * 366 * DAY_MS;

/** An order with all that it says. */
export type OrderedHold = LegalHold & Required<Pick<LegalHold, 'id' | 'fromMs' | 'toMs' | 'orderedAtMs' | 'by'>>;

const isOrdered = (hold: LegalHold): hold is OrderedHold =>
  hold.id !== undefined &&
  hold.fromMs !== undefined &&
  hold.toMs !== undefined &&
  hold.orderedAtMs !== undefined &&
  hold.by !== undefined;

/** Every order on record, in the order in which they were given. */
export const orderedHolds = (facility: Pick<Facility, 'legalHolds'>): readonly OrderedHold[] =>
  (facility.legalHolds ?? []).filter(isOrdered);

/** From here on it binds nobody. */
export const holdEndMs = ({ untilMs, releasedAtMs }: LegalHold): number => Math.min(untilMs, releasedAtMs ?? untilMs);

export type HoldState = 'open' | 'released' | 'expired';

export const holdStateOf = (hold: LegalHold, nowMs: number): HoldState => {
  if (nowMs < holdEndMs(hold)) return 'open';
  return hold.releasedAtMs === undefined ? 'expired' : 'released';
};

/** The orders that bind now. */
export const openHolds = (facility: Pick<Facility, 'legalHolds'>, nowMs: number): readonly OrderedHold[] =>
  orderedHolds(facility).filter((hold) => nowMs < holdEndMs(hold));

/** An order as its box hears of it, in the answer to each recording report: what is not in the list binds no more. */
export interface HoldToKeep extends Interval {
  readonly hold: string;
  readonly camera: string;
  readonly untilMs: number;
}

/** What a box has to keep: retired cameras too, for their film is on its recorder. */
export const holdsFor = (facility: Facility, box: string, nowMs: number): readonly HoldToKeep[] => {
  const cameras = new Set(facility.cameras.filter((one) => one.box === box).map(({ id }) => id));
  return openHolds(facility, nowMs)
    .filter(({ camera }) => cameras.has(camera))
    .map(({ id, camera, fromMs, toMs, untilMs }) => ({ hold: id, camera, fromMs, toMs, untilMs }));
};

/** What an authority orders. */
export interface HoldOrdered extends Interval {
  readonly camera: string;
  readonly untilMs: number;
  readonly by: HoldAuthority;
}

/** The same order, given again because its answer was lost. */
export const sameOrder = (facility: Facility, order: HoldOrdered, nowMs: number): OrderedHold | undefined =>
  openHolds(facility, nowMs).find(
    ({ camera, fromMs, toMs, untilMs, by }) =>
      camera === order.camera &&
      fromMs === order.fromMs &&
      toMs === order.toMs &&
      untilMs === order.untilMs &&
      by === order.by,
  );

const ID = /^hold-(\d+)$/;
const numberOf = ({ id = '' }: LegalHold): number => Number(ID.exec(id)?.[1] ?? 0);

/** The facility's holds with a new one. It never gets a number that was given before: those that go are the eldest. */
export const withHold = (
  facility: Facility,
  { camera, fromMs, toMs, untilMs, by }: HoldOrdered,
  nowMs: number,
): { readonly hold: OrderedHold; readonly legalHolds: readonly LegalHold[] } => {
  const kept = facility.legalHolds ?? [];
  const id = `hold-${Math.max(0, ...kept.map(numberOf)) + 1}`;
  const hold: OrderedHold = { id, camera, fromMs, toMs, untilMs, orderedAtMs: nowMs, by };
  return { hold, legalHolds: [...withRoom(kept, nowMs), hold] };
};

const withRoom = (kept: readonly LegalHold[], nowMs: number): readonly LegalHold[] => {
  const tooMany = kept.length + 1 - MOST_HOLDS_ON_RECORD;
  if (tooMany <= 0) return kept;
  const over = kept.filter((hold) => holdEndMs(hold) <= nowMs).sort((a, b) => holdEndMs(a) - holdEndMs(b));
  const gone = new Set(over.slice(0, tooMany));
  return kept.filter((hold) => !gone.has(hold));
};

/** The same holds, one of which ends now. */
export const withRelease = (
  facility: Facility,
  id: string,
  releasedBy: HoldAuthority,
  nowMs: number,
): readonly LegalHold[] =>
  (facility.legalHolds ?? []).map((hold) => (hold.id === id ? { ...hold, releasedAtMs: nowMs, releasedBy } : hold));
