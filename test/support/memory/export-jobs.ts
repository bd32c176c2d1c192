import type { ExportFile, ExportFiles, ExportJob, ExportJobs } from '../../../shared/ports/export-jobs.ts';
import { logged } from './calls.ts';

/** Jobs in memory. */
export const memoryExportJobs = (): ExportJobs & { readonly kept: Map<string, ExportJob> } => {
  const kept = new Map<string, ExportJob>();
  return logged({
    kept,
    read: async (id) => structuredClone(kept.get(id)),
    save: async (next) => {
      if ((kept.get(next.id)?.revision ?? 0) !== next.revision - 1) return false;
      kept.set(next.id, structuredClone(next));
      return true;
    },
  } satisfies ExportJobs & { readonly kept: Map<string, ExportJob> });
};

/** Parts and files in memory; a link names its file and how long it lives. */
export const memoryExportFiles = (): ExportFiles & {
  readonly parts: Map<string, Uint8Array>;
  readonly made: Map<string, ExportFile>;
} => {
  const parts = new Map<string, Uint8Array>();
  const made = new Map<string, ExportFile>();
  return logged({
    parts,
    made,
    putPart: async (id: string, part: number, rows: Uint8Array) => {
      parts.set(`${id}/${part}`, rows);
    },
    readPart: async (id: string, part: number) => parts.get(`${id}/${part}`),
    putFile: async (id: string, file: ExportFile) => {
      made.set(id, file);
    },
    linkTo: async (id: string, name: string, seconds: number) => `https://exports.example/${id}/${name}?for=${seconds}`,
  });
};
