import type { Person } from '../../domain/access.ts';
import { mayDo } from '../../domain/authorize.ts';
import { addDays, civilDayInterval, civilDayOf } from '../../domain/civil-day.ts';
import { ForbiddenError, NotFoundError } from '../../domain/errors.ts';
import type { Facility } from '../../domain/facility.ts';
import { readInstant, writeInstant } from '../../domain/instants.ts';
import type { ExportAsked } from '../../ports/export-jobs.ts';
import { type IncidentListDeps, listAuditIncidents } from '../audit/audit-incidents.ts';
import { outcomeWords, reasonIn, stateWords } from '../audit/audit-words.ts';
import { type ChallengesDeps, facilityChallenges } from '../audit/facility-challenges.ts';
import { type ChecksDeps, checksSheet, facilityChecks } from '../audit/facility-checks.ts';
import { facilityColumns } from '../audit/facility-columns.ts';
import { coverageSheet, facilityCoverage } from '../audit/facility-coverage.ts';
import { facilityRetention, facilityRetentionSheet } from '../audit/facility-retention.ts';
import { facilityUptime, uptimeSheet } from '../audit/facility-uptime.ts';
import { incidentsSheet } from '../audit/incidents-sheet.ts';
import { judgeExactly } from '../audit/judge-exactly.ts';
import { retentionSheet } from '../audit/list-retention.ts';
import { type Column, coded, type Lines, linesOf, type Sheet } from '../audit/sheet.ts';
import type { AuditReads } from '../audit/stores.ts';
import { listFacilitiesFor } from '../list-facilities.ts';

export type ExportReads = AuditReads & ChecksDeps & ChallengesDeps & IncidentListDeps & { readonly zone: string };

// biome-ignore lint/suspicious/noExplicitAny: each sheet has rows of its own kind, and knows how to read them
export type AnySheet = Sheet<any>;

/** Rows of one step of an export, by sheet. */
export type Rows = Lines & { readonly name: Sheet<unknown>['name'] };

export interface Step {
  readonly sheets: readonly Rows[];
  /** How many facilities or incidents it took further. */
  readonly done: number;
  /** Absent = there is nothing left. */
  readonly cursor?: string;
}

/** A sheet as values: a part is read back by another run, perhaps of another version. */
export const rowsOf = (sheet: AnySheet): Rows => ({ name: sheet.name, ...linesOf(sheet) });

const FACILITIES_AT_ONCE = 5;
const INCIDENTS_AT_ONCE = 50;

const periodOf = ({ from, to }: ExportAsked, zone: string) => ({
  from: writeInstant(civilDayInterval(from, zone).fromMs),
  to: writeInstant(civilDayInterval(to, zone).toMs),
});

/** Coverage is asked for so many days at a time. */
const COVERAGE_DAYS = 31;
const inChunks = (from: string, to: string): readonly { from: string; to: string }[] => {
  const chunks: { from: string; to: string }[] = [];
  for (let day = from; day <= to; day = addDays(day, COVERAGE_DAYS)) {
    const last = addDays(day, COVERAGE_DAYS - 1);
    chunks.push({ from: day, to: last < to ? last : to });
  }
  return chunks;
};

type SheetsOf = (deps: ExportReads, person: Person, facility: Facility, asked: ExportAsked) => Promise<AnySheet[]>;

const mayReadRetention = (person: Person, { id, division }: Facility): boolean =>
  mayDo(person, 'read-retention', { division, facilityId: id });

const verdictSheet: SheetsOf = async (deps, person, facility, { asOf }) => {
  if (!mayReadRetention(person, facility)) return [];
  const verdict = await judgeExactly(deps, facility, readInstant(asOf));
  return [retentionSheet(verdict === undefined ? [] : [verdict], asOf)];
};

type Days = Pick<ExportAsked, 'from' | 'to'>;

/** The asked days as far as they have begun where the facility is: to the west the day before may still go on. */
const byDays =
  (sheetsOf: (deps: ExportReads, person: Person, facility: string, days: Days) => Promise<AnySheet[]>): SheetsOf =>
  async (deps, person, { id, calendar: { zone } }, { from, to, asOf }) => {
    const today = civilDayOf(readInstant(asOf), zone);
    return from > today ? [] : sheetsOf(deps, person, id, { from, to: to < today ? to : today });
  };

const ofFacility: Readonly<Record<Exclude<ExportAsked['of'], 'incidents' | 'department'>, SheetsOf>> = {
  retention: async (deps, person, facility, asked) =>
    asked.facility === undefined
      ? verdictSheet(deps, person, facility, asked)
      : [facilityRetentionSheet(await facilityRetention(deps, person, facility.id, { asOf: asked.asOf }))],
  checks: byDays(async (deps, person, id, days) => [checksSheet(await facilityChecks(deps, person, id, days))]),
  uptime: byDays(async (deps, person, id, days) => [uptimeSheet(await facilityUptime(deps, person, id, days))]),
  coverage: byDays(async (deps, person, id, { from, to }) => {
    const sheets: AnySheet[] = [];
    for (const chunk of inChunks(from, to)) sheets.push(coverageSheet(await facilityCoverage(deps, person, id, chunk)));
    return sheets;
  }),
};

interface ChallengeRow {
  readonly facility: Facility;
  readonly view: Awaited<ReturnType<typeof facilityChallenges>>;
}

/** What came of challenges, in the order of their words. */
const outcomeSums: readonly Column<ChallengeRow>[] = Object.entries(outcomeWords).map(([outcome, { zh, en }]) => ({
  heading: `${zh}（次） ${en}`,
  value: ({ view }) => view.outcomes[outcome as keyof typeof outcomeWords],
}));

const challengeSums: readonly Column<ChallengeRow>[] = [
  ...facilityColumns,
  coded('结论 state', ({ view }) => view.state, stateWords),
  coded('原因 reason', ({ view }) => view.reason, reasonIn),
  ...outcomeSums,
];

const challengesSumSheet: SheetsOf = async (deps, person, facility, { asOf }) => {
  const view = await facilityChallenges(deps, person, facility.id, { asOf });
  return [{ name: { zh: '录像抽查', en: 'Challenges' }, columns: challengeSums, rows: [{ facility, view }] }];
};

/**
 * An officer of that department, and nobody in particular: what is for the department, and no more. `divisions`: what whoever
 * hands it on reaches of the place that was asked for, which may be wider.
 */
export const officerOf = ({ department }: ExportAsked, divisions: readonly string[]): Person => ({
  subject: 'department',
  roles: department === undefined ? [] : divisions.map((division) => ({ role: 'officer', department, division })),
});

const forDepartment: SheetsOf = async (deps, person, facility, asked) => [
  ...(await verdictSheet(deps, person, facility, asked)),
  ...(mayReadRetention(person, facility) ? await challengesSumSheet(deps, person, facility, asked) : []),
];

const sheetsOf = (of: ExportAsked['of']): SheetsOf =>
  of === 'department' ? forDepartment : of === 'incidents' ? async () => [] : ofFacility[of];

/** What a facility does not let this person read is left out, as in a list; everything else is a failure. */
const orNone = async (sheets: Promise<AnySheet[]>): Promise<AnySheet[]> => {
  try {
    return await sheets;
  } catch (error) {
    if (error instanceof ForbiddenError || error instanceof NotFoundError) return [];
    throw error;
  }
};

/** Facilities of the asked place, some at a time. */
const facilityStep = async (
  deps: ExportReads,
  person: Person,
  asked: ExportAsked,
  cursor: string | undefined,
): Promise<Step> => {
  const { items, cursor: next } = await pageOf(deps, person, asked, cursor);
  const there = items.filter(({ registeredAtMs }) => registeredAtMs <= readInstant(asked.asOf));
  const sheets: Rows[] = [];
  for (const facility of there) {
    const made = await orNone(sheetsOf(asked.of)(deps, person, facility, asked));
    sheets.push(...made.map(rowsOf));
  }
  return { sheets, done: items.length, ...(next !== undefined && { cursor: next }) };
};

const pageOf = async (
  { registry }: ExportReads,
  person: Person,
  { division, facility }: ExportAsked,
  cursor: string | undefined,
): Promise<{ readonly items: readonly Facility[]; readonly cursor?: string }> => {
  if (facility !== undefined) {
    const found = await registry.readFacility(facility);
    return { items: found === undefined ? [] : [found] };
  }
  return listFacilitiesFor(registry, person, 'read-facility', {
    limit: FACILITIES_AT_ONCE,
    ...(division !== undefined && { division }),
    ...(cursor !== undefined && { cursor }),
  });
};

const incidentStep = async (
  deps: ExportReads,
  person: Person,
  asked: ExportAsked,
  cursor: string | undefined,
): Promise<Step> => {
  const query = {
    ...periodOf(asked, deps.zone),
    limit: INCIDENTS_AT_ONCE,
    ...(asked.division !== undefined && { division: asked.division }),
    ...(asked.facility !== undefined && { facility: asked.facility }),
    ...(cursor !== undefined && { cursor }),
  };
  const { items, cursor: next } = await listAuditIncidents(deps, person, query, readInstant(asked.asOf));
  return { sheets: [rowsOf(incidentsSheet(items))], done: items.length, ...(next !== undefined && { cursor: next }) };
};

/** Which list an export is in, before the cursor of that list. */
const [INCIDENTS, FACILITIES] = ['i', 'f'] as const;

const marked = (mark: string, { cursor, ...step }: Step): Step =>
  cursor === undefined ? step : { ...step, cursor: `${mark}${cursor}` };

/**
 * The next step of an export, for this reader. Whatever was authorized at the beginning is authorized again in every
 * step. A department's has its incidents first, and then its facilities.
 */
export const nextStep = async (
  reads: ExportReads,
  person: Person,
  asked: ExportAsked,
  cursor: string | undefined,
): Promise<Step> => {
  const deps = { ...reads, clock: () => readInstant(asked.asOf) };
  const rest = cursor?.slice(1) || undefined;
  if (asked.of === 'incidents') return marked(INCIDENTS, await incidentStep(reads, person, asked, rest));
  if (asked.of === 'department' && !(cursor ?? INCIDENTS).startsWith(FACILITIES)) {
    const step = await incidentStep(reads, person, asked, rest);
    return step.cursor === undefined ? { ...step, cursor: FACILITIES } : marked(INCIDENTS, step);
  }
  return marked(FACILITIES, await facilityStep(deps, person, asked, rest));
};
