import type { ExportBody } from '../../shared/contracts/audit-files.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { noteAccess } from '../../shared/use-cases/audit/accesses.ts';
import { askExport, exportJobView, findExport, readExportJob } from '../../shared/use-cases/exports/ask-export.ts';
import type { AuditDeps } from './stores.ts';

/** Takes an export to be made in the background: it is noted who asked, and for what. */
export const orderExport = async (deps: AuditDeps, person: Person, body: ExportBody): Promise<Answer> => {
  const job = await askExport(deps, person, body);
  await noteAccess(deps, person, job.covers, { question: `export-${body.of}`, of: { ...job.asked } });
  return { status: 202, body: exportJobView(job, deps.clock()) };
};

/** How far an export is, with a link once it is done; absent = no such job. Who gets a link is noted. */
export const readOrder = async (deps: AuditDeps, person: Person, id: string): Promise<Answer | undefined> => {
  if ((await deps.jobs.read(id)) === undefined) return undefined;
  const job = await findExport(deps, person, id);
  const view = await readExportJob(deps, job);
  if (view.link !== undefined) await noteAccess(deps, person, job.covers, { question: 'export', of: { export: id } });
  return { status: 200, body: view };
};
