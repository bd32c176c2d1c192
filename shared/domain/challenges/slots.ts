import { DAY_MS } from '../time.ts';
import { type Stratum, strata } from './challenge.ts';

/** One challenge that a day is owed. Its id follows from the day, so that whoever draws again draws for the same. */
export interface Slot {
  /** `2026-11-22.1`: the day for which it is drawn, and its place. Unique within its facility. */
  readonly id: string;
  readonly stratum: Stratum;
}

/** A day is drawn for no later than this after its end: what was missed for longer is not made up for. */
export const LATEST_DRAW_MS = 3 * DAY_MS;

/** The challenges of one local day (`YYYY-MM-DD`), in one order. */
export const slotsOf = (day: string, draws: Readonly<Record<Stratum, number>>): readonly Slot[] =>
  strata
    .flatMap((stratum) => Array.from({ length: draws[stratum] }, () => stratum))
    .map((stratum, at) => ({ id: `${day}.${at}`, stratum }));

/** A draw from one stratum and no other. */
export const onlyFrom = (stratum: Stratum): Readonly<Record<Stratum, number>> => ({
  incident: 0,
  oldest: 0,
  rest: 0,
  [stratum]: 1,
});
