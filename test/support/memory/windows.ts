import type { FacilityWindows, PastWindows } from '../../../shared/domain/windows/windows.ts';
import type { WindowStore } from '../../../shared/ports/window-store.ts';
import { logged } from './calls.ts';

const latestFirst = <W extends { readonly id: string; readonly toMs: number }>(windows: readonly W[]): readonly W[] =>
  [...new Map(windows.map((one) => [one.id, one])).values()].sort((a, b) => b.toMs - a.toMs || (a.id < b.id ? 1 : -1));

/** Drills and mutes in memory. */
export const memoryWindowStore = (): WindowStore & { readonly kept: Map<string, FacilityWindows> } => {
  const kept = new Map<string, FacilityWindows>();
  const past = new Map<string, PastWindows>();
  return logged({
    kept,
    read: async (facilityId) => structuredClone(kept.get(facilityId)),
    save: async (next) => {
      if ((kept.get(next.facilityId)?.revision ?? 0) !== next.revision - 1) return false;
      kept.set(next.facilityId, structuredClone(next));
      return true;
    },
    keepPast: async (facilityId, more) => {
      const before = past.get(facilityId) ?? { drills: [], mutes: [] };
      past.set(facilityId, {
        drills: latestFirst([...before.drills, ...structuredClone(more.drills)]),
        mutes: latestFirst([...before.mutes, ...structuredClone(more.mutes)]),
      });
    },
    past: async (facilityId, limit) => {
      const { drills, mutes } = past.get(facilityId) ?? { drills: [], mutes: [] };
      const latest = new Set<unknown>(latestFirst([...drills, ...mutes]).slice(0, limit));
      return structuredClone({
        drills: drills.filter((one) => latest.has(one)),
        mutes: mutes.filter((one) => latest.has(one)),
      });
    },
  } satisfies WindowStore & { readonly kept: Map<string, FacilityWindows> });
};
