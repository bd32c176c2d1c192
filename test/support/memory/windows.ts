import type { FacilityWindows } from '../../../shared/domain/windows.ts';
import type { WindowStore } from '../../../shared/ports/window-store.ts';
import { logged } from './calls.ts';

/** Drills and mutes in memory. */
export const memoryWindowStore = (): WindowStore & { readonly kept: Map<string, FacilityWindows> } => {
  const kept = new Map<string, FacilityWindows>();
  return logged({
    kept,
    read: async (facilityId) => structuredClone(kept.get(facilityId)),
    save: async (next) => {
      if ((kept.get(next.facilityId)?.revision ?? 0) !== next.revision - 1) return false;
      kept.set(next.facilityId, structuredClone(next));
      return true;
    },
  } satisfies WindowStore & { readonly kept: Map<string, FacilityWindows> });
};
