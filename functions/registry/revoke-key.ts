import type { Person } from '../../shared/domain/access.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { boxFor, listKeys } from './box-keys.ts';
import { recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

/**
 * After this returns no report signed with the key is taken, on any path: every copy is gone before it answers. A crash
 * in between leaves the key listed and some copies live; nobody was told that it is revoked, and repeating revokes it.
 */
export const revokeKey = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  boxId: string,
  key: string,
): Promise<void> => {
  const { registry, vitals, alarms } = deps;
  const facility = await facilityFor(registry, person, 'edit-facility', facilityId);
  const box = await boxFor(registry, facilityId, boxId);
  await vitals.revokeKey(facilityId, boxId, key);
  await registry.removeKey(facilityId, boxId, key);
  await alarms.removeKey(facilityId, boxId, key);
  if (!box.liveKeys.includes(key)) return;
  await recordChange(deps, facilityId, {
    by: person.subject,
    what: `key ${key.slice(0, 8)} of box ${boxId} revoked`,
    version: facility.version,
  });
  // Last: while the key is listed, repeating still writes the entry.
  await listKeys(registry, box, (keys) => keys.filter((other) => other !== key), deps.clock());
};
