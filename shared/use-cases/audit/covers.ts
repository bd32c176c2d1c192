import type { Person } from '../../domain/access.ts';
import { type Action, mayDo, scopeOf } from '../../domain/authorize.ts';
import { isWithin } from '../../domain/facility.ts';

/** What a kept answer is about: everything under some divisions, or single facilities. */
export interface Covers {
  readonly action: Action;
  readonly divisions: readonly string[];
  readonly facilities: readonly { readonly facilityId: string; readonly division: string }[];
}

export const coversFacility = (
  action: Action,
  view: { readonly facility: string; readonly division: string },
): Covers => ({
  action,
  divisions: [],
  facilities: [{ facilityId: view.facility, division: view.division }],
});

/** A list over divisions; facilities that a role reaches by itself stand alone. */
export const coversList = (
  person: Person,
  action: Action,
  division: string | undefined,
  items: readonly { readonly facility: string; readonly division: string }[],
): Covers => {
  const { divisions, facilityIds } = scopeOf(person, action, division);
  const single = items.filter(({ facility }) => facilityIds.includes(facility));
  return {
    action,
    divisions,
    facilities: single.map(({ facility, division: of }) => ({ facilityId: facility, division: of })),
  };
};

/** A role that was taken away meanwhile, in whole or in part, opens nothing that was made with it. */
export const mayStillRead = (person: Person, { action, divisions, facilities }: Covers): boolean => {
  const own = scopeOf(person, action, undefined).divisions;
  return (
    divisions.every((division) => own.some((prefix) => isWithin(division, prefix))) &&
    facilities.every((target) => mayDo(person, action, target))
  );
};
