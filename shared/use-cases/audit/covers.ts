import type { Person, Role } from '../../domain/access.ts';
import { type Action, mayDo, scopeOf } from '../../domain/authorize.ts';
import { isWithin } from '../../domain/facility.ts';

/** What a kept answer is about: everything under some divisions, or single facilities. */
export interface Covers {
  readonly action: Action;
  readonly divisions: readonly string[];
  readonly facilities: readonly { readonly facilityId: string; readonly division: string }[];
  /** Of incidents: the roles that read them. Two departments of one division read others each, by the same action. */
  readonly roles?: readonly Role[];
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

/** The roles by which this person reads anything of incidents under a division, or of single facilities. */
export const rolesOverIncidents = (person: Person, division: string | undefined): readonly Role[] =>
  person.roles.filter((role) => {
    const { divisions, facilityIds } = scopeOf({ ...person, roles: [role] }, 'read-incident', division);
    return divisions.length + facilityIds.length > 0;
  });

/** The same role there and for the same department, or for more of it. */
const isHeld = ({ roles }: Person, asked: Role): boolean =>
  roles.some(
    (own) =>
      own.role === asked.role &&
      own.department === asked.department &&
      own.facilityId === asked.facilityId &&
      (own.division === asked.division ||
        (own.division !== undefined && asked.division !== undefined && isWithin(asked.division, own.division))),
  );

/** A role that was taken away meanwhile, in whole or in part, opens nothing that was made with it. */
export const mayStillRead = (person: Person, { action, divisions, facilities, roles = [] }: Covers): boolean => {
  const own = scopeOf(person, action, undefined).divisions;
  return (
    divisions.every((division) => own.some((prefix) => isWithin(division, prefix))) &&
    facilities.every((target) => mayDo(person, action, target)) &&
    roles.every((role) => isHeld(person, role))
  );
};
