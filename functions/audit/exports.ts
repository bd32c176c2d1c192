import * as z from 'zod';
import type { ExportView } from '../../shared/contracts/audit.ts';
import { roleBody } from '../../shared/contracts/registry.ts';
import type { Person } from '../../shared/domain/access.ts';
import { actions } from '../../shared/domain/authorize.ts';
import { NotFoundError } from '../../shared/domain/errors.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { type Answer, answerTooLarge, LARGEST_ANSWER_BYTES } from '../../shared/runtime/dispatch.ts';
import { csvOf } from '../../shared/runtime/sheets/csv.ts';
import type { AnySheet } from '../../shared/runtime/sheets/xlsx.ts';
import { noteAccess } from '../../shared/use-cases/audit/accesses.ts';
import { type Covers, mayStillRead } from '../../shared/use-cases/audit/covers.ts';
import type { AuditDeps } from './stores.ts';

const LIFE_MS = 7 * DAY_MS;

/** Who made an export, and what a reader must be allowed to read. It is the first line of what is kept. */
const header = z.strictObject({
  owner: z.string(),
  action: z.enum(actions),
  divisions: z.array(z.string()),
  facilities: z.array(z.strictObject({ facilityId: z.string(), division: z.string() })),
  roles: z.array(roleBody).exactOptional(),
  expiresAtMs: z.number(),
});
type Header = z.infer<typeof header>;

const csvAnswer = (content: string, name: string): Answer => ({
  status: 200,
  text: { type: 'text/csv; charset=utf-8', content },
  headers: { 'content-disposition': `attachment; filename="${name}.csv"` },
});

/** A small CSV is the answer itself; a large one is kept, and the answer says where. */
export const answerCsv = async (
  { exports, clock, newExportId, largestCsvBytes, zone }: AuditDeps,
  person: Person,
  covers: Covers,
  sheet: AnySheet,
  name: string,
): Promise<Answer> => {
  const csv = csvOf(sheet, zone);
  const bytes = Buffer.byteLength(csv);
  if (bytes <= largestCsvBytes) return csvAnswer(csv, name);
  // It is read back through the API, in one answer.
  if (bytes > LARGEST_ANSWER_BYTES) throw answerTooLarge();
  const id = newExportId();
  const { action, divisions, facilities, roles } = covers;
  const kept: Header = {
    owner: person.subject,
    action,
    divisions: [...divisions],
    facilities: [...facilities],
    ...(roles && { roles: [...roles] }),
    expiresAtMs: clock() + LIFE_MS,
  };
  // A crash after this leaves an export that nobody knows of: the bucket expires it.
  await exports.put(id, `${JSON.stringify(kept)}\n${csv}`);
  const body: ExportView = { export: id, link: `/v1/audit/exports/${id}`, bytes };
  return { status: 200, body };
};

const parseHeader = (line: string): Header | undefined => {
  try {
    return header.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** An export for the person who made it, as long as that person may still read what is in it. Else it is not there. */
export const readExport = async (deps: AuditDeps, person: Person, id: string): Promise<Answer> => {
  const { exports, clock } = deps;
  const kept = await exports.read(id);
  const end = kept?.indexOf('\n') ?? -1;
  const about = kept === undefined || end < 0 ? undefined : parseHeader(kept.slice(0, end));
  const isTheirs = about?.owner === person.subject && clock() < about.expiresAtMs && mayStillRead(person, about);
  if (kept === undefined || !isTheirs) throw new NotFoundError('no such export of yours');
  await noteAccess(deps, person, about, { question: 'export' });
  return csvAnswer(kept.slice(end + 1), `cradlewatch-${id.slice(0, 8)}`);
};
