import { isDeepStrictEqual } from 'node:util';
import type { ImportedRoster } from '../../shared/contracts/roster.ts';
import type { Person } from '../../shared/domain/access.ts';
import { mayDo } from '../../shared/domain/authorize.ts';
import { ForbiddenError, InvalidInputError } from '../../shared/domain/errors.ts';
import type { Roster } from '../../shared/domain/people/roster.ts';
import { type CsvRoster, type LineFault, readPeopleCsv } from './people-csv.ts';
import { postOf, targetOfPost } from './post-access.ts';
import { contactsChanged, foreignSecrets, writeRoster } from './put-roster.ts';
import { mendChange } from './record-change.ts';
import { rosterFrom } from './roster-wire.ts';
import type { RegistryDeps } from './stores.ts';

const USUAL_ZONE = 'Asia/Shanghai';
/** More would be no help: whoever sees these mends the file and tries again. */
const MOST_FAULTS = 200;

const refuse = (faults: readonly LineFault[]): never => {
  throw new InvalidInputError(
    'The table has faults; nothing of it was written.',
    faults.slice(0, MOST_FAULTS).map(({ line, column, message }) => ({
      pointer: column === undefined ? `/${line}` : `/${line}/${column.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      message: `line ${line}${column === undefined ? '' : `, ${column}`}: ${message}`,
    })),
  );
};

/** A roster that does not exist and one out of reach are told alike. */
const reachFaults = async (deps: RegistryDeps, person: Person, { post, line }: CsvRoster): Promise<LineFault[]> => {
  const target = await targetOfPost(deps, postOf(post));
  if (target !== undefined && mayDo(person, 'edit-roster', target)) return [];
  return [{ line, column: 'place', message: 'your roles do not reach this post, or there is none' }];
};

const secretFaults = ({ post, body, lineOf }: CsvRoster): LineFault[] =>
  foreignSecrets(postOf(post), body).map(({ pointer, message }) => {
    const path = pointer.split('/').slice(1);
    return { ...lineOf(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part))), message };
  });

/** A table says nothing of absences: they stay as they are. */
const withAbsences = (next: Roster, stored: Roster | undefined): Roster => {
  const known = new Map(stored?.contacts.map((contact) => [contact.id, contact.away]));
  const contacts = next.contacts.map((contact) => {
    const away = known.get(contact.id);
    return away === undefined ? contact : { ...contact, away };
  });
  return { ...next, contacts };
};

const importOne = async (
  deps: RegistryDeps,
  person: Person,
  { post, body }: CsvRoster,
  dryRun: boolean,
): Promise<ImportedRoster> => {
  const stored = await deps.rosters.read(postOf(post));
  const version = stored?.version ?? 0;
  const next = withAbsences(rosterFrom(body, postOf(post), version + 1), stored);
  const changes = { post, ...contactsChanged(stored, next) };
  if (stored !== undefined && isDeepStrictEqual({ ...stored, version: next.version }, next)) {
    // An import that died here may have left the roster without its entry.
    const entry = { by: person.subject, what: 'roster repeated', version };
    if (!dryRun) await mendChange(deps, post, entry);
    return { ...changes, outcome: 'same', version };
  }
  const outcome = stored === undefined ? 'created' : 'changed';
  if (dryRun) return { ...changes, outcome, ...(version > 0 && { version }) };
  return (await writeRoster(deps, person, stored, next))
    ? { ...changes, outcome, version: next.version }
    : { ...changes, outcome: 'conflict', ...(version > 0 && { version }) };
};

/**
 * Replaces rosters by those of a table. Any fault anywhere refuses the whole file, with all faults at once; each roster
 * is then written whole or not at all. A crash in between leaves some written: importing again writes the others.
 */
export const importRosters = async (
  deps: RegistryDeps,
  person: Person,
  csv: string,
  dryRun: boolean,
): Promise<readonly ImportedRoster[]> => {
  // Somebody who may edit no roster anywhere is told so, and not what is wrong with the table.
  const mayEditSome = person.roles.some(({ role }) => role === 'registrar' || role === 'facility');
  if (!mayEditSome) throw new ForbiddenError('none of your roles edits a roster');
  const zoneOf = async (post: string): Promise<string> => (await deps.rosters.read(postOf(post)))?.zone ?? USUAL_ZONE;
  const { rosters, faults } = await readPeopleCsv(csv, zoneOf);
  const others = await Promise.all(rosters.map((roster) => reachFaults(deps, person, roster)));
  const all = [...faults, ...others.flat(), ...rosters.flatMap(secretFaults)].sort((a, b) => a.line - b.line);
  if (all.length > 0) refuse(all);

  const imported: ImportedRoster[] = [];
  for (const roster of rosters) imported.push(await importOne(deps, person, roster, dryRun));
  return imported;
};
