import { ConflictError } from '../../shared/domain/errors.ts';
import { silentAfterPatch } from '../../shared/domain/silent-after.ts';
import type { RegistryDeps } from './stores.ts';

const MOST_TRIES = 5;

/**
 * Boxes are silent after as long as the pack of their facility says: another division or pack moves that. Reads the
 * facility as it is kept now, so that of two edits at once the one that stands decides. Repeating it is harmless.
 */
export const moveSilentAfter = async (
  { registry, vitals, packs, clock }: RegistryDeps,
  facilityId: string,
): Promise<void> => {
  const facility = await registry.readFacility(facilityId);
  if (facility === undefined) return;
  const silentAfterMs = packs.packFor(facility, clock()).thresholds.silentAfterMs.value;
  for (const { id } of await registry.listBoxes(facilityId)) await moveOne(vitals, facilityId, id, silentAfterMs);
};

const moveOne = async (
  vitals: RegistryDeps['vitals'],
  facilityId: string,
  box: string,
  silentAfterMs: number,
): Promise<void> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const row = await vitals.readBox(facilityId, box);
    const patch = row && silentAfterPatch(row, silentAfterMs);
    if (row === undefined || patch === undefined || (await vitals.patchBox(row, patch))) return;
  }
  throw new ConflictError(`box ${box} is written by somebody else all the time`);
};
