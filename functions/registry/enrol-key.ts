import { isAcceptableEd25519Key } from '../../shared/contracts/ed25519-key.ts';
import { MOST_LIVE_KEYS } from '../../shared/contracts/registry.ts';
import type { Person } from '../../shared/domain/access.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Box } from '../../shared/domain/facility.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { boxFor, listKeys } from './box-keys.ts';
import { recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

const refuse = (message: string): never => {
  throw new InvalidInputError('The key cannot be enrolled.', [{ pointer: '/key', message }]);
};

/**
 * Lets a key sign for a box. Entry, list, copies: the key is listed before any copy of it is live, so that no live key is ever unlisted; a
 * crash in between leaves a listed key of which not every copy is live, and repeating this makes them so.
 */
export const enrolKey = async (
  deps: RegistryDeps,
  person: Person,
  facilityId: string,
  boxId: string,
  key: string,
): Promise<Box> => {
  const { registry, vitals, alarms } = deps;
  const facility = await facilityFor(registry, person, 'edit-facility', facilityId);
  if (!isAcceptableEd25519Key(key)) refuse('is not an Ed25519 public key, or one under which anything would verify');
  const box = await boxFor(registry, facilityId, boxId);
  const isListed = box.liveKeys.includes(key);
  if (!isListed && box.liveKeys.length >= MOST_LIVE_KEYS) {
    refuse(`the box has ${MOST_LIVE_KEYS} live keys already: revoke one first`);
  }
  if (!isListed) {
    const what = `key ${key.slice(0, 8)} of box ${boxId} enrolled`;
    await recordChange(deps, facilityId, { by: person.subject, what, version: facility.version });
  }
  const withKey = (keys: readonly string[]) => [...keys.filter((other) => other !== key), key];
  const listed = await listKeys(registry, box, withKey, deps.clock());
  await alarms.putKey(facilityId, boxId, key);
  await registry.putKey(facilityId, boxId, key);
  await vitals.admitKey(facilityId, boxId, key);
  return listed;
};
