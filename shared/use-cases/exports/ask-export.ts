import type { ExportBody, ExportJobView } from '../../contracts/audit-files.ts';
import type { Person } from '../../domain/access.ts';
import { type Action, scopeOf } from '../../domain/authorize.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../domain/errors.ts';
import { writeInstant } from '../../domain/instants.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { ExportAsked, ExportFiles, ExportJob, ExportJobs, ExportWork } from '../../ports/export-jobs.ts';
import type { RegistryStore } from '../../ports/registry-store.ts';
import type { WorkQueue } from '../../ports/work-queue.ts';
import { asOfMs, queryInvalid } from '../audit/as-of.ts';
import { mayStillRead, rolesOverIncidents } from '../audit/covers.ts';
import { daysAsOf } from '../audit/local-days.ts';
import { facilityFor } from '../read-facility.ts';

const LIMITS = { usual: 30, most: 92 };
const LINK_SECONDS = 900;
/** One that was not moved on for so long will not be: its messages ended as dead letters. */
const STALLED_MS = 6 * HOUR_MS;

export interface AskExportDeps {
  readonly registry: Pick<RegistryStore, 'readFacility'>;
  readonly jobs: ExportJobs;
  readonly files: Pick<ExportFiles, 'linkTo'>;
  readonly queue: WorkQueue<ExportWork>;
  /** By whose days divisions are asked about. */
  readonly zone: string;
  readonly clock: () => number;
  /** An id that nobody can guess. */
  readonly newExportId: () => string;
}

const actionOf: Readonly<Record<ExportAsked['of'], Action>> = {
  retention: 'read-retention',
  incidents: 'read-incident',
  checks: 'read-checks',
  coverage: 'read-uptime',
  uptime: 'read-uptime',
  department: 'read-retention',
};

const rangeOf = (body: ExportBody, zone: string, nowMs: number) => {
  const [from, to] = daysAsOf(body, zone, nowMs, LIMITS);
  return { from, to };
};

/** What is for a department is handed on by auditors. */
export const actingAs = (person: Person, of: ExportAsked['of']): Person =>
  of === 'department' ? { ...person, roles: person.roles.filter(({ role }) => role === 'auditor') } : person;

const coversOf = async (
  { registry }: AskExportDeps,
  person: Person,
  { of, division, facility }: ExportBody,
): Promise<ExportJob['covers']> => {
  const action = actionOf[of];
  const reader = actingAs(person, of);
  if (facility !== undefined) {
    // Incidents have no one action for a place: each is authorized by itself.
    const needed = action === 'read-incident' ? 'read-facility' : action;
    const found = await facilityFor(registry, reader, needed, facility);
    return {
      action: needed,
      divisions: [],
      facilities: [{ facilityId: found.id, division: found.division }],
      ...(of === 'incidents' && { roles: rolesOverIncidents(person, found.division) }),
    };
  }
  const { divisions } = scopeOf(reader, action, division);
  if (divisions.length === 0) throw new ForbiddenError('none of your roles reaches that division');
  return {
    action,
    divisions,
    facilities: [],
    ...(of === 'incidents' && { roles: rolesOverIncidents(person, division) }),
  };
};

/**
 * Takes an export to be made in the background. A crash after the job is kept and before it is sent leaves one that
 * waits: whoever asked got no answer, and asks again.
 */
export const askExport = async (deps: AskExportDeps, person: Person, body: ExportBody): Promise<ExportJob> => {
  const nowMs = deps.clock();
  const atMs = asOfMs(body.asOf, nowMs);
  const { division, facility, department, of, format } = body;
  if (of === 'department' && facility !== undefined) throw queryInvalid('/facility', 'is not asked for a department');
  const job: ExportJob = {
    id: deps.newExportId(),
    owner: person.subject,
    asked: {
      of,
      format,
      ...rangeOf(body, deps.zone, atMs),
      asOf: writeInstant(atMs),
      ...(division !== undefined && { division }),
      ...(facility !== undefined && { facility }),
      ...(department !== undefined && { department }),
    },
    covers: await coversOf(deps, person, body),
    askedAtMs: nowMs,
    state: 'waiting',
    done: 0,
    isRead: false,
    parts: 0,
    revision: 1,
  };
  if (!(await deps.jobs.save(job))) throw new ConflictError('an export of this id is there already');
  await deps.queue.send([{ export: job.id }]);
  return job;
};

const isStalled = ({ state, askedAtMs }: ExportJob, nowMs: number): boolean =>
  (state === 'waiting' || state === 'running') && nowMs - askedAtMs > STALLED_MS;

export const exportJobView = (job: ExportJob, nowMs: number, link?: string): ExportJobView => ({
  export: job.id,
  state: isStalled(job, nowMs) ? 'failed' : job.state,
  done: job.done,
  ...(job.total !== undefined && { total: job.total }),
  askedAt: writeInstant(job.askedAtMs),
  ...(job.reason !== undefined && { reason: job.reason }),
  ...(isStalled(job, nowMs) && { reason: 'export-stalled' }),
  ...(job.bytes !== undefined && { bytes: job.bytes }),
  ...(link !== undefined && { link, expiresAt: writeInstant(nowMs + LINK_SECONDS * 1_000) }),
});

/** An export of this person, who may still read what is in it. Else it is not there. */
export const findExport = async ({ jobs }: AskExportDeps, person: Person, id: string): Promise<ExportJob> => {
  const job = await jobs.read(id);
  const isTheirs = job !== undefined && job.owner === person.subject;
  if (!isTheirs || !mayStillRead(actingAs(person, job.asked.of), job.covers)) {
    throw new NotFoundError('no such export of yours');
  }
  return job;
};

/** How far it is, and once it is done a link that is made anew each time and lives a quarter of an hour. */
export const readExportJob = async (deps: AskExportDeps, job: ExportJob): Promise<ExportJobView> => {
  const nowMs = deps.clock();
  if (job.state !== 'done') return exportJobView(job, nowMs);
  const { of, format } = job.asked;
  const name = `cradlewatch-${of}-${job.id.slice(0, 8)}.${format}`;
  return exportJobView(job, nowMs, await deps.files.linkTo(job.id, name, LINK_SECONDS));
};
