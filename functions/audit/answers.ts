import type { Person } from '../../shared/domain/access.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { type Asked, noteAccess } from '../../shared/use-cases/audit/accesses.ts';
import type { Covers } from '../../shared/use-cases/audit/covers.ts';
import type { Sheet } from '../../shared/use-cases/audit/sheet.ts';
import { answerCsv } from './exports.ts';
import type { AuditDeps } from './stores.ts';

/** What was asked, by whom, and in which form the answer is wanted. */
interface Request {
  readonly person: Person;
  readonly accept: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | undefined>> & { readonly format?: 'json' | 'csv' };
}

/** What an answer is about, for the note of who looked. */
export interface About {
  readonly question: string;
  readonly covers: Covers;
}

/** The query says which form; else the `accept` header does. */
export const wantsCsv = ({ query: { format }, accept }: Pick<Request, 'query' | 'accept'>): boolean =>
  format === undefined ? accept.includes('text/csv') : format === 'csv';

const askedOf = ({ path = {}, query }: Request, question: string): Asked => {
  // The facility stands in the note by itself.
  const { facility: _facility, ...rest } = path;
  return { question, of: { ...rest, ...query } };
};

/** An answer as JSON. Nobody gets it before it is noted who looked. */
export const inJson = async (deps: AuditDeps, request: Request, body: unknown, about: About): Promise<Answer> => {
  await noteAccess(deps, request.person, about.covers, askedOf(request, about.question));
  return { status: 200, body };
};

/** An answer as a file of lines, noted likewise. */
export const inLines = async <R>(
  deps: AuditDeps,
  request: Request,
  sheet: Sheet<R>,
  { name, question, covers }: About & { readonly name: string },
): Promise<Answer> => {
  await noteAccess(deps, request.person, covers, askedOf(request, question));
  return answerCsv(deps, request.person, covers, sheet, name);
};

/** An answer in the form that was asked for. */
export const inForm = async <V, R>(
  deps: AuditDeps,
  request: Request,
  view: V,
  about: About & { readonly sheet: (view: V) => Sheet<R>; readonly name: string },
): Promise<Answer> =>
  wantsCsv(request) ? inLines(deps, request, about.sheet(view), about) : inJson(deps, request, view, about);
