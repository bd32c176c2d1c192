import { type SheetFormat, XLSX_TYPE } from '../../shared/contracts/sheet-format.ts';
import type { Person } from '../../shared/domain/access.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { answerSheets } from '../../shared/runtime/sheets/answer-sheets.ts';
import type { AnySheet } from '../../shared/runtime/sheets/xlsx.ts';
import type { AuditQuestion } from '../../shared/use-cases/audit/access-words.ts';
import { type Asked, noteAccess } from '../../shared/use-cases/audit/accesses.ts';
import type { Covers } from '../../shared/use-cases/audit/covers.ts';
import { answerCsv } from './exports.ts';
import type { AuditDeps } from './stores.ts';

/** What was asked, by whom, and in which form the answer is wanted. */
interface Request {
  readonly person: Person;
  readonly accept: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | undefined>> & { readonly format?: SheetFormat };
}

/** What an answer is about, for the note of who looked. */
export interface About {
  readonly question: AuditQuestion;
  readonly covers: Covers;
}

/** The query says which form; else the `accept` header does. */
export const formOf = ({ query: { format }, accept }: Pick<Request, 'query' | 'accept'>): SheetFormat => {
  if (format !== undefined) return format;
  if (accept.includes(XLSX_TYPE)) return 'xlsx';
  return accept.includes('text/csv') ? 'csv' : 'json';
};

/** A file has no second page: in lines a list is whole. */
export const wholeInLines = <Q extends Request['query'] & { readonly limit?: number; readonly cursor?: string }>(
  request: Pick<Request, 'accept'> & { readonly query: Q },
): Q => {
  const { cursor: _cursor, ...query } = request.query;
  return formOf(request) === 'json' ? request.query : ({ ...query, limit: Number.POSITIVE_INFINITY } as Q);
};

const askedOf = ({ path = {}, query }: Request, question: AuditQuestion): Asked => {
  // The facility stands in the note by itself.
  const { facility: _facility, ...rest } = path;
  return { question, of: { ...rest, ...query } };
};

/** An answer as JSON. Nobody gets it before it is noted who looked. */
export const inJson = async (deps: AuditDeps, request: Request, body: unknown, about: About): Promise<Answer> => {
  await noteAccess(deps, request.person, about.covers, askedOf(request, about.question));
  return { status: 200, body };
};

/** An answer as a file of lines, noted likewise. A CSV has the first sheet alone. */
export const inLines = async (
  deps: AuditDeps,
  request: Request,
  sheets: readonly [AnySheet, ...AnySheet[]],
  { name, question, covers }: About & { readonly name: string },
): Promise<Answer> => {
  await noteAccess(deps, request.person, covers, askedOf(request, question));
  return formOf(request) === 'xlsx'
    ? answerSheets('xlsx', sheets, { name, zone: deps.zone })
    : answerCsv(deps, request.person, covers, sheets[0], name);
};

/** An answer in the form that was asked for. */
export const inForm = async <V>(
  deps: AuditDeps,
  request: Request,
  view: V,
  about: About & { readonly sheets: (view: V) => readonly [AnySheet, ...AnySheet[]]; readonly name: string },
): Promise<Answer> =>
  formOf(request) === 'json' ? inJson(deps, request, view, about) : inLines(deps, request, about.sheets(view), about);
