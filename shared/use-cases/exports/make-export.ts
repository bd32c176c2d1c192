import type { Person } from '../../domain/access.ts';
import { CradlewatchError, ForbiddenError, InvalidInputError } from '../../domain/errors.ts';
import type { ExportFile, ExportFiles, ExportJob, ExportJobs, ExportWork } from '../../ports/export-jobs.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import type { WorkQueue } from '../../ports/work-queue.ts';
import { mayStillRead } from '../audit/covers.ts';
import { actingAs } from './ask-export.ts';
import { type AnySheet, type ExportReads, nextStep, officerOf, type Rows } from './sources.ts';

/** More lines than this are no file that anybody opens. */
const MOST_LINES = 300_000;
const MOST_PARTS = 5_000;

export interface MakeExportDeps {
  readonly reads: ExportReads & { readonly registry: Pick<RegistryStore, 'readGrant'> };
  readonly jobs: ExportJobs;
  readonly files: ExportFiles;
  readonly queue: WorkQueue<ExportWork>;
  /** Writes the file; a CSV has the first sheet alone. */
  readonly write: (
    format: 'csv' | 'xlsx',
    sheets: readonly [AnySheet, ...AnySheet[]],
    zone: string,
  ) => Promise<ExportFile>;
  readonly clock: () => number;
}

const encoded = (rows: readonly Rows[]): Uint8Array => new TextEncoder().encode(JSON.stringify(rows));

const tooLarge = (): InvalidInputError =>
  new InvalidInputError(
    'The export is too large.',
    [{ pointer: '/division', message: 'ask for less' }],
    'export-too-large',
  );

const isSame = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();

/** Sheets of one name are one, in the order in which they came. Parts of two versions do not fit under one heading. */
const joined = (all: readonly Rows[]): readonly AnySheet[] => {
  const byName = new Map<string, Rows & { values: Rows['values'][number][] }>();
  for (const rows of all) {
    const known = byName.get(rows.name.zh);
    if (known === undefined) byName.set(rows.name.zh, { ...rows, values: [...rows.values] });
    else if (isSame(known.headings, rows.headings)) for (const row of rows.values) known.values.push(row);
    else throw new InvalidInputError('The export was begun by another version.', [], 'export-outdated');
  }
  return [...byName.values()].map(({ name, headings, kinds, values }) => ({
    name,
    rows: values,
    columns: headings.map((heading, at) => {
      // A part of an earlier version knows no kinds.
      const is = kinds?.[at];
      return { heading, value: (row: Rows['values'][number]) => row[at], ...(is && { is }) };
    }),
  }));
};

const EMPTY: AnySheet = {
  name: { zh: '无内容', en: 'Nothing' },
  columns: [{ heading: '无内容 nothing', value: () => '' }],
  rows: [],
};

/** Who reads for an export: its owner with the roles of this moment, or for a department an officer of it. */
const readerOf = async ({ reads }: MakeExportDeps, { owner, asked, covers }: ExportJob): Promise<Person> => {
  const grant = await reads.registry.readGrant(owner);
  const person: Person = { subject: owner, roles: grant?.roles ?? [] };
  if (!mayStillRead(actingAs(person, asked.of), covers))
    throw new ForbiddenError('your roles do not allow this any more');
  return asked.of === 'department' ? officerOf(asked, covers.divisions) : person;
};

const readParts = async ({ files }: MakeExportDeps, { id, parts }: ExportJob): Promise<readonly Rows[]> => {
  const all: Rows[] = [];
  let lines = 0;
  for (let part = 0; part < parts; part += 1) {
    const bytes = await files.readPart(id, part);
    if (bytes === undefined) throw new InvalidInputError('A part of the export has expired.', [], 'export-expired');
    const rows = JSON.parse(new TextDecoder().decode(bytes)) as readonly Rows[];
    lines += rows.reduce((sum, { values }) => sum + values.length, 0);
    if (lines > MOST_LINES) throw tooLarge();
    all.push(...rows);
  }
  return all;
};

const COUNTED_AT_ONCE = 100;

/** How many facilities there are to go through; incidents are not counted before they are listed. */
const totalOf = async (
  { reads: { registry } }: MakeExportDeps,
  { asked, covers }: ExportJob,
): Promise<number | undefined> => {
  if (asked.of === 'incidents' || asked.of === 'department') return undefined;
  let total = covers.facilities.length;
  for (const division of covers.divisions) {
    let cursor: string | undefined;
    do {
      const page = await registry.listFacilities(division, COUNTED_AT_ONCE, cursor);
      total += page.items.length;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return total;
};

const withoutCursor = ({ cursor: _cursor, ...job }: ExportJob): ExportJob => job;

/** One step: its rows are put as the next part, then the job moves. A crash in between writes the same part again. */
const advance = async (deps: MakeExportDeps, job: ExportJob, person: Person): Promise<ExportJob | undefined> => {
  if (job.parts >= MOST_PARTS) throw tooLarge();
  const total = job.total ?? (await totalOf(deps, job));
  const step = await nextStep(deps.reads, person, job.asked, job.cursor);
  await deps.files.putPart(job.id, job.parts, encoded(step.sheets));
  const next: ExportJob = {
    ...withoutCursor(job),
    state: 'running',
    done: job.done + step.done,
    parts: job.parts + 1,
    isRead: step.cursor === undefined,
    ...(total !== undefined && { total }),
    ...(step.cursor !== undefined && { cursor: step.cursor }),
    revision: job.revision + 1,
  };
  // Two at once: the one that is slower leaves, and the other goes on from where both were.
  return (await deps.jobs.save(next)) ? next : undefined;
};

/** The file, then the job: a crash in between writes the same file again. */
const finish = async (deps: MakeExportDeps, job: ExportJob): Promise<void> => {
  const [first = EMPTY, ...more] = joined(await readParts(deps, job));
  const file = await deps.write(job.asked.format, [first, ...more], deps.reads.zone);
  await deps.files.putFile(job.id, file);
  await deps.jobs.save({
    ...job,
    state: 'done',
    total: job.done,
    bytes: file.content.length,
    revision: job.revision + 1,
  });
};

const fail = async ({ jobs }: MakeExportDeps, id: string, reason: string): Promise<void> => {
  const job = await jobs.read(id);
  if (job === undefined || job.state === 'done' || job.state === 'failed') return;
  await jobs.save({ ...job, state: 'failed', reason, revision: job.revision + 1 });
};

/**
 * Takes one export as far as there is time for; the rest goes back to the queue. A message twice, or two at once, make
 * one file. What can never succeed ends as `failed` with its reason; trouble that passes is thrown, and the message
 * comes again.
 */
export const makeExport = async (deps: MakeExportDeps, id: string, untilMs: number): Promise<void> => {
  try {
    await work(deps, id, untilMs);
  } catch (error) {
    if (!(error instanceof CradlewatchError) || error.retryable) throw error;
    await fail(deps, id, error.code);
  }
};

const work = async (deps: MakeExportDeps, id: string, untilMs: number): Promise<void> => {
  let job = await deps.jobs.read(id);
  while (job !== undefined && (job.state === 'waiting' || job.state === 'running')) {
    // Every round: roles that are taken away meanwhile end an export.
    const person = await readerOf(deps, job);
    if (job.isRead) return finish(deps, job);
    if (deps.clock() >= untilMs) return deps.queue.send([{ export: id }]);
    job = await advance(deps, job, person);
  }
};
