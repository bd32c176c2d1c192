import { isDeepStrictEqual } from 'node:util';
import type { RosterBody } from '../../shared/contracts/roster.ts';
import type { Person } from '../../shared/domain/access.ts';
import { type Fault, InvalidInputError } from '../../shared/domain/errors.ts';
import { type Contact, type Post, postId, type Roster } from '../../shared/domain/people/roster.ts';
import { demandPost } from './post-access.ts';
import { versionConflict } from './put-facility.ts';
import { mendChange, recordChange } from './record-change.ts';
import { rosterFrom } from './roster-wire.ts';
import type { RegistryDeps } from './stores.ts';

/** Secrets of other posts. Without this a head could send through the city's own bot by writing down its name. */
export const foreignSecrets = ({ department, place }: Post, { contacts }: Pick<RosterBody, 'contacts'>): Fault[] =>
  contacts.flatMap(({ channels }, at) =>
    channels.flatMap(({ secret }, n) =>
      secret === undefined || secret.startsWith(`${department}.${place}.`)
        ? []
        : [
            {
              pointer: `/contacts/${at}/channels/${n}/secret`,
              message: `the name of a secret of this post begins with ${department}.${place}.`,
            },
          ],
    ),
  );

/** Which contacts a new roster adds, changes and takes away, by id. */
export const contactsChanged = (stored: Roster | undefined, next: Roster) => {
  const before = new Map(stored?.contacts.map((contact) => [contact.id, contact]));
  const after = new Set(next.contacts.map(({ id }) => id));
  const idsOf = (contacts: readonly Contact[]): string[] => contacts.map(({ id }) => id);
  return {
    added: idsOf(next.contacts.filter(({ id }) => !before.has(id))),
    changed: idsOf(
      next.contacts.filter((contact) => before.has(contact.id) && !isDeepStrictEqual(before.get(contact.id), contact)),
    ),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
};

/** What an entry says: how many, never who. */
const whatChanged = (stored: Roster | undefined, next: Roster): string => {
  if (stored === undefined) return `roster made: ${next.contacts.length} contacts`;
  const { added, changed, removed } = contactsChanged(stored, next);
  const counts = [
    `${added.length} contacts added`,
    `${changed.length} changed`,
    `${removed.length} removed`,
    ...(stored.zone === next.zone ? [] : ['zone']),
  ];
  return `roster changed: ${counts.join(', ')}`;
};

/**
 * Writes a roster whose author may edit it; false = somebody else was faster. A crash between the two writes leaves the
 * roster without its entry: repeating the edit writes it.
 */
export const writeRoster = async (
  deps: RegistryDeps,
  person: Person,
  stored: Roster | undefined,
  next: Roster,
): Promise<boolean> => {
  if (!(await deps.rosters.put(next))) return false;
  await recordChange(deps, postId(next), {
    by: person.subject,
    what: whatChanged(stored, next),
    version: next.version,
  });
  return true;
};

/**
 * Writes the people of a post. Throws `ForbiddenError`, `NotFoundError`, `InvalidInputError` or `RequestRefusedError`
 * (`version-conflict`). Repeating an edit whose answer was lost is the same edit.
 */
export const putRoster = async (deps: RegistryDeps, person: Person, post: Post, body: RosterBody): Promise<Roster> => {
  await demandPost(deps, person, 'edit-roster', post);
  const faults = foreignSecrets(post, body);
  if (faults.length > 0) throw new InvalidInputError('A secret is not one of this post.', faults);
  const stored = await deps.rosters.read(post);
  const replaced = body.version ?? 0;
  const next = rosterFrom(body, post, replaced + 1);
  if (stored !== undefined && isDeepStrictEqual(stored, next)) {
    await mendChange(deps, postId(post), { by: person.subject, what: 'roster repeated', version: next.version });
    return stored;
  }
  if ((stored?.version ?? 0) !== replaced) throw versionConflict('roster', stored?.version ?? 0);
  if (!(await writeRoster(deps, person, stored, next))) {
    throw versionConflict('roster', (await deps.rosters.read(post))?.version ?? 0);
  }
  return next;
};

/** Removing twice is removing once. From the next notice on, a wider post answers, or nobody. */
export const removeRoster = async (deps: RegistryDeps, person: Person, post: Post): Promise<void> => {
  await demandPost(deps, person, 'edit-roster', post);
  const stored = await deps.rosters.read(post);
  if (stored === undefined) return;
  // The entry first: a crash in between leaves an entry that repeating writes again, never a removal without one.
  await recordChange(deps, postId(post), { by: person.subject, what: 'roster removed', version: stored.version });
  await deps.rosters.remove(post);
};
