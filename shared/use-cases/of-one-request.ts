import type { RegistryStore } from '../ports/registry-store.ts';
import type { VitalsStore } from '../ports/vitals-store.ts';

/** Puts the same question once. One that could not be answered is put again. */
const once = <T>(ask: (...about: string[]) => Promise<T>): ((...about: string[]) => Promise<T>) => {
  const answers = new Map<string, Promise<T>>();
  return (...about) => {
    const place = about.join('/');
    const known = answers.get(place);
    if (known !== undefined) return known;
    const asked = ask(...about);
    answers.set(place, asked);
    asked.catch(() => answers.delete(place));
    return asked;
  };
};

/**
 * The registry as one request of a box sees it: key and facility are read once, strongly, for all its reports and its
 * record under seal. A key that is revoked while the request is being taken was live when it came; the next is refused.
 */
export const registryOfRequest = (
  registry: Pick<RegistryStore, 'isKeyLive' | 'readFacility'>,
): Pick<RegistryStore, 'isKeyLive' | 'readFacility'> => ({
  isKeyLive: once(registry.isKeyLive),
  readFacility: once(registry.readFacility),
});

/**
 * The facility's row as one request sees it: read anew only once somebody tried to move it. A patch is still made to the
 * revision that was read. What another request moved meanwhile is seen when the patch fails, or with the next report.
 */
export const facilityRowOfRequest = (
  vitals: Pick<VitalsStore, 'readFacility' | 'patchFacility'>,
): Pick<VitalsStore, 'readFacility' | 'patchFacility'> => {
  let read = once(vitals.readFacility);
  return {
    readFacility: (facilityId) => read(facilityId),
    patchFacility: (row, patch) => {
      read = once(vitals.readFacility);
      return vitals.patchFacility(row, patch);
    },
  };
};
