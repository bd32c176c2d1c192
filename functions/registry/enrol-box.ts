import { MOST_BOXES } from '../../shared/contracts/registry.ts';
import type { Person } from '../../shared/domain/access.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Box } from '../../shared/domain/facility.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { moveSilentAfter } from './move-silent-after.ts';
import { recordChange } from './record-change.ts';
import type { RegistryDeps } from './stores.ts';

/** Enrols a box; enrolling it again is harmless. Its rows are there before it is, so that a first beat finds them. */
export const enrolBox = async (deps: RegistryDeps, person: Person, facilityId: string, boxId: string): Promise<Box> => {
  const { registry, vitals, packs, clock } = deps;
  const facility = await facilityFor(registry, person, 'edit-facility', facilityId);
  const stored = await registry.readBox(facilityId, boxId);
  if (stored === undefined && (await registry.listBoxes(facilityId)).length >= MOST_BOXES) {
    throw new InvalidInputError(`A facility has at most ${MOST_BOXES} boxes.`, []);
  }
  const nowMs = clock();
  await vitals.announceBox(facilityId, boxId, packs.packFor(facility, nowMs).thresholds.silentAfterMs.value, nowMs);
  if (stored !== undefined) {
    await moveSilentAfter(deps, facilityId);
    return stored;
  }
  const box: Box = { facilityId, id: boxId, enrolledAtMs: clock(), liveKeys: [] };
  // The entry before the box: a crash in between leaves an entry that repeating writes again, never a box without one.
  await recordChange(deps, facilityId, {
    by: person.subject,
    what: `box ${boxId} enrolled`,
    version: facility.version,
  });
  await registry.putBox(box);
  await moveSilentAfter(deps, facilityId);
  return box;
};
