import { isDeepStrictEqual } from 'node:util';
import type { GrantBody, GrantView } from '../../shared/contracts/registry.ts';
import type { Grant, Person } from '../../shared/domain/access.ts';
import { type Action, mayDo } from '../../shared/domain/authorize.ts';
import { ForbiddenError, NotFoundError } from '../../shared/domain/errors.ts';
import type { Page } from '../../shared/ports/registry-store.ts';
import { versionConflict } from './put-facility.ts';
import { mendChange, recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

const demand = (person: Person, action: Action): void => {
  if (!mayDo(person, action, {})) throw new ForbiddenError('only an administrator may see and change grants');
};

export const grantViewOf = (grant: Grant): GrantView => ({ ...grant, roles: [...grant.roles] });

/** All grants, by subject. */
export const listGrants = async (
  { registry }: RegistryDeps,
  person: Person,
  limit: number,
  cursor: string | undefined,
): Promise<Page<Grant>> => {
  demand(person, 'read-grants');
  return registry.listGrants(limit, cursor);
};

export const readGrant = async ({ registry }: RegistryDeps, person: Person, subject: string): Promise<Grant> => {
  demand(person, 'read-grants');
  const grant = await registry.readGrant(subject);
  if (grant === undefined) throw new NotFoundError('this person has no grant');
  return grant;
};

const wordsOf = (grant: Grant): string =>
  `grant: ${grant.roles.map((role) => [role.role, role.department, role.division, role.facilityId].filter(Boolean).join(' ')).join(', ') || 'no role'}`;

/** Replaces all roles of a person. Repeating an edit whose answer was lost is the same edit. */
export const putGrant = async (
  deps: RegistryDeps,
  person: Person,
  subject: string,
  { roles, version: replaced = 0 }: GrantBody,
): Promise<Grant> => {
  demand(person, 'edit-grants');
  const { registry } = deps;
  const stored = await registry.readGrant(subject);
  const next: Grant = { subject, version: replaced + 1, roles };
  const entry = { by: person.subject, what: wordsOf(next), version: next.version };
  if (stored !== undefined && isDeepStrictEqual(stored, next)) {
    await mendChange(deps, subject, entry);
    return stored;
  }
  if ((stored?.version ?? 0) !== replaced) throw versionConflict('grant', stored?.version ?? 0);
  if (!(await registry.putGrant(next))) {
    throw versionConflict('grant', (await registry.readGrant(subject))?.version ?? 0);
  }
  // A crash before this leaves the grant without its entry: repeating the edit writes it.
  await recordChange(deps, subject, entry);
  return next;
};

/** Takes all roles away; from the next request on the person may do nothing. Removing twice is removing once. */
export const removeGrant = async (deps: RegistryDeps, person: Person, subject: string): Promise<void> => {
  demand(person, 'edit-grants');
  const stored = await deps.registry.readGrant(subject);
  if (stored === undefined) return;
  // The entry first: a crash in between leaves an entry that repeating writes again, never a removal without one.
  await recordChange(deps, subject, { by: person.subject, what: 'grant removed', version: stored.version });
  await deps.registry.removeGrant(subject);
};
