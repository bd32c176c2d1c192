import type { Lane } from '../incident.ts';
import type { Level } from '../rule-pack.ts';
import type { Post } from './roster.ts';

/** Digits of the divisions for which a department may have a post, the most specific first. */
export const PLACE_DIGITS = [12, 9, 6, 4, 2] as const;

/** At most so many digits has the post that a level speaks of. */
const digitsOf: Readonly<Record<Level, number>> = { facility: 12, town: 9, district: 6, city: 4 };

/** What a notice says of whom it is for. */
export interface Addressee {
  /** Department id of the pack, or `facility`. */
  readonly department: string;
  /** Where it happens: 6, 9 or 12 digits. */
  readonly division: string;
  readonly facilityId: string;
  readonly level: Level;
  readonly lane: Lane;
}

const placesOf = (division: string, { level, lane }: Addressee): readonly string[] => {
  const places = PLACE_DIGITS.filter((digits) => digits <= division.length).map((digits) => division.slice(0, digits));
  if (lane === 'life-safety') return places;
  const wide = places.filter((place) => place.length <= digitsOf[level]);
  const narrow = places.filter((place) => place.length > digitsOf[level]);
  return [...wide, ...narrow.toReversed()];
};

/**
 * The posts that may answer for the addressee, the most fitting first. Life safety asks the nearest people; a technical
 * notice those of its level, then those above, and those nearer the facility only where there is nobody else: a rung of
 * the district is no second call to the town.
 */
export const postsFor = (addressee: Addressee): readonly Post[] => {
  const { department, division, facilityId } = addressee;
  if (department === 'facility') return [{ department, place: facilityId }];
  return placesOf(division, addressee).map((place) => ({ department, place }));
};
