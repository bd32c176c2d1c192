import { type CameraHour, type ChallengePolicy, cameraHourKey, type Stratum, strata } from './challenge.ts';
import { type IncidentWindow, type Strata, stratify } from './strata.ts';

/** What was drawn, and from where. */
export interface Drawn<Hour> {
  readonly stratum: Stratum;
  readonly hour: Hour;
}

/** How many chances a draw takes. */
export const chancesNeeded = (draws: Readonly<Record<Stratum, number>>): number =>
  strata.reduce((sum, stratum) => sum + draws[stratum], 0);

/**
 * Draws camera-hours that were never asked for, each of a stratum with the same chance. `spent` has the keys
 * (`cameraHourKey`) of those asked before: a key that a box has seen once is no secret any more. `chances` come from a
 * good source of randomness; whoever can foretell them knows what need not be kept.
 */
export const drawHours = <Hour extends CameraHour>(
  hours: readonly Hour[],
  spent: ReadonlySet<string>,
  incidents: readonly IncidentWindow[],
  policy: Pick<ChallengePolicy, 'retainMs' | 'oldestMs' | 'answerWithinMs' | 'draws'>,
  nowMs: number,
  chances: readonly number[],
): readonly Drawn<Hour>[] => {
  const fresh = hours.filter((hour) => !spent.has(cameraHourKey(hour)));
  return drawFrom(stratify(fresh, incidents, policy, nowMs), policy.draws, chances);
};

/**
 * Draws from each stratum without putting back; all of it if it holds no more. A stratum always uses the same places of
 * `chances`, numbers in `[0, 1)`, so that an empty one does not shift the others. Throws `RangeError` on too few or
 * others.
 */
export const drawFrom = <Hour>(
  from: Strata<Hour>,
  draws: Readonly<Record<Stratum, number>>,
  chances: readonly number[],
): readonly Drawn<Hour>[] => {
  if (chances.length < chancesNeeded(draws)) throw new RangeError('a draw needs one chance for each challenge');
  if (chances.some((chance) => !(chance >= 0 && chance < 1))) throw new RangeError('a chance lies in [0, 1)');
  let used = 0;
  return strata.flatMap((stratum) => {
    const own = chances.slice(used, used + draws[stratum]);
    used += draws[stratum];
    return sample(from[stratum], own).map((hour) => ({ stratum, hour }));
  });
};

/** Fisher and Yates, as far as needed and without copying the list: `moved` has what was swapped. */
const sample = <Item>(items: readonly Item[], chances: readonly number[]): readonly Item[] => {
  const moved = new Map<number, number>();
  return chances.slice(0, items.length).flatMap((chance, at) => {
    const picked = at + Math.floor(chance * (items.length - at));
    const index = moved.get(picked) ?? picked;
    moved.set(picked, moved.get(at) ?? at);
    return items.slice(index, index + 1);
  });
};
