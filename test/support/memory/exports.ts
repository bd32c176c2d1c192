import type { ExportStore } from '../../../shared/ports/export-store.ts';
import { logged } from './calls.ts';

/** Exports in memory. */
export const memoryExportStore = (): ExportStore & { readonly kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  return logged({
    kept,
    put: async (id, csv) => {
      kept.set(id, csv);
    },
    read: async (id) => kept.get(id),
  } satisfies ExportStore & { readonly kept: Map<string, string> });
};
