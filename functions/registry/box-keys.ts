import { ConflictError, NotFoundError } from '../../shared/domain/errors.ts';
import type { Box } from '../../shared/domain/facility.ts';
import type { RegistryStore } from '../../shared/ports/registry-store.ts';

type Boxes = Pick<RegistryStore, 'readBox' | 'putBox'>;

/** The box, or `NotFoundError`. Whoever asks has been authorized for its facility. */
export const boxFor = async (registry: Boxes, facilityId: string, boxId: string): Promise<Box> => {
  const box = await registry.readBox(facilityId, boxId);
  if (box === undefined) throw new NotFoundError(`no box ${boxId} in facility ${facilityId}`);
  return box;
};

const MOST_TRIES = 5;

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key, at) => key === b[at]);

/** A box that loses its last key says from when it has none: its silence is no outage from then on. */
const withKeys = ({ keylessSinceMs, ...box }: Box, liveKeys: readonly string[], nowMs: number): Box =>
  liveKeys.length > 0 ? { ...box, liveKeys } : { ...box, liveKeys, keylessSinceMs: keylessSinceMs ?? nowMs };

/**
 * Changes the list of a box's live keys. The list is what people see; what counts is the copies. Two registrars at once
 * could overwrite each other, so it is read back until it holds the change.
 */
export const listKeys = async (
  registry: Boxes,
  box: Box,
  change: (keys: readonly string[]) => readonly string[],
  nowMs: number,
): Promise<Box> => {
  let next = withKeys(box, change(box.liveKeys), nowMs);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await registry.putBox(next);
    const kept = await boxFor(registry, box.facilityId, box.id);
    const wanted = change(kept.liveKeys);
    if (isSame(wanted.toSorted(), kept.liveKeys.toSorted())) return kept;
    next = withKeys(kept, wanted, nowMs);
  }
  throw new ConflictError(`the keys of box ${box.id} are changed by somebody else all the time`);
};
