import type { Person } from '../../shared/domain/access.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import type { Covers } from '../../shared/use-cases/audit/covers.ts';
import type { Sheet } from '../../shared/use-cases/audit/sheet.ts';
import { answerCsv } from './exports.ts';
import type { AuditDeps } from './stores.ts';

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** The query says which form; else the `accept` header does. */
export const wantsCsv = (format: 'json' | 'csv' | undefined, accept: string): boolean =>
  format === undefined ? accept.includes('text/csv') : format === 'csv';

/** An answer in the form that was asked for. */
export const inForm = async <V, R>(
  deps: AuditDeps,
  { person, accept, query }: { person: Person; accept: string; query: { format?: 'json' | 'csv' } },
  view: V,
  as: { readonly covers: Covers; readonly sheet: (view: V) => Sheet<R>; readonly name: string },
): Promise<Answer> =>
  wantsCsv(query.format, accept) ? answerCsv(deps, person, as.covers, as.sheet(view), as.name) : ok(view);
