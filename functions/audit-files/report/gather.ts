import type { FacilityRetentionView, FacilityVerdict, UptimeView } from '../../../shared/contracts/audit.ts';
import type { ReportQuery } from '../../../shared/contracts/audit-files.ts';
import type { AuditIncident } from '../../../shared/contracts/audit-incidents.ts';
import type { ObjectionView } from '../../../shared/contracts/audit-notes.ts';
import type { ChallengesView, ChecksView, CoverageView } from '../../../shared/contracts/audit-questions.ts';
import type { Person } from '../../../shared/domain/access.ts';
import { addDays, civilDayInterval } from '../../../shared/domain/civil-day.ts';
import { ForbiddenError } from '../../../shared/domain/errors.ts';
import type { Facility } from '../../../shared/domain/facility.ts';
import { writeInstant } from '../../../shared/domain/instants.ts';
import { type Checkpoint, parseCheckpoint } from '../../../shared/evidence/checkpoint.ts';
import { originOfFacility } from '../../../shared/evidence/facility-log.ts';
import { parseNote } from '../../../shared/evidence/signed-note.ts';
import { asOfMs } from '../../../shared/use-cases/audit/as-of.ts';
import { wholeAuditIncidents } from '../../../shared/use-cases/audit/audit-incidents.ts';
import { facilityChallenges } from '../../../shared/use-cases/audit/facility-challenges.ts';
import { facilityChecks } from '../../../shared/use-cases/audit/facility-checks.ts';
import { facilityCoverage } from '../../../shared/use-cases/audit/facility-coverage.ts';
import { facilityRetention } from '../../../shared/use-cases/audit/facility-retention.ts';
import { facilityUptime } from '../../../shared/use-cases/audit/facility-uptime.ts';
import { judgeExactly } from '../../../shared/use-cases/audit/judge-exactly.ts';
import { daysAsOf, eachDay } from '../../../shared/use-cases/audit/local-days.ts';
import { objectionsOf } from '../../../shared/use-cases/audit/objections.ts';
import { facilityFor } from '../../../shared/use-cases/read-facility.ts';
import type { ReportDeps } from '../stores.ts';

const MOST_DAYS = 92;
/** Coverage is asked for so many days at a time. */
const COVERAGE_DAYS = 31;

/** Where in the logs the days of the report are, as far as they are under seal. */
export interface Sealed {
  readonly day: string;
  readonly number: number;
  readonly statement: string;
  readonly checkpoint?: Checkpoint;
}

/** All that a report about one facility says. What the reader may not read is absent, and the page says so. */
export interface FacilityReport {
  readonly facility: Facility;
  readonly pack: string;
  readonly zone: string;
  readonly days: readonly string[];
  readonly asOf: string;
  /** Absent = it owes no recordings any more. */
  readonly verdict: FacilityVerdict | undefined;
  readonly retention: FacilityRetentionView;
  readonly uptime: UptimeView | undefined;
  readonly coverage: readonly CoverageView[] | undefined;
  readonly checks: ChecksView | undefined;
  readonly incidents: readonly AuditIncident[] | undefined;
  readonly challenges: ChallengesView;
  readonly objections: readonly ObjectionView[];
  readonly sealed: Sealed | undefined;
}

/** Days of the report: unless named, those that have to be kept, up to the day before. */
const reportDays = (query: ReportQuery, zone: string, nowMs: number, keptDays: number): readonly string[] =>
  eachDay(...daysAsOf(query, zone, nowMs, { usual: Math.min(keptDays, MOST_DAYS), most: MOST_DAYS }));

/** Absent where the reader's roles do not reach it. */
const ifAllowed = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ForbiddenError) return undefined;
    throw error;
  }
};

const coverageOf = async (
  deps: ReportDeps,
  person: Person,
  facility: string,
  days: readonly string[],
): Promise<readonly CoverageView[]> => {
  const views: CoverageView[] = [];
  for (let at = 0; at < days.length; at += COVERAGE_DAYS) {
    const part = days.slice(at, at + COVERAGE_DAYS);
    views.push(await facilityCoverage(deps, person, facility, { from: part[0] as string, to: part.at(-1) as string }));
  }
  return views;
};

/** The newest sealed day up to the end of the report. */
const sealedOf = async (
  { bundles: { logs, logName } }: ReportDeps,
  facility: string,
  toDay: string,
): Promise<Sealed | undefined> => {
  const origin = originOfFacility(logName, facility);
  const head = await logs.readHead(origin);
  const found = await logs.days(facility, addDays(toDay, -7), toDay);
  const last = found.filter(({ number }) => number < (head?.range.size ?? 0)).at(-1);
  if (last === undefined) return undefined;
  const note = await logs.readCheckpoint(origin, last.number + 1);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(parseNote(note).text);
  const { day, number, statement } = last;
  return { day, number, statement, ...(checkpoint && { checkpoint }) };
};

/** Gathers what the report says. Throws what its questions throw. */
export const gatherFacility = async (
  deps: ReportDeps,
  person: Person,
  facilityId: string,
  query: ReportQuery,
): Promise<FacilityReport> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  const nowMs = asOfMs(query.asOf, deps.clock());
  const asOf = writeInstant(nowMs);
  const { zone } = facility.calendar;
  const pack = deps.packFor(facility, nowMs);
  const days = reportDays(query, zone, nowMs, pack.thresholds.retentionDays.value);
  const [from, to] = [days[0] as string, days.at(-1) as string];
  // Every question is asked as of one instant, however long the report takes.
  const then = { ...deps, clock: () => nowMs };
  const period = {
    from: writeInstant(civilDayInterval(from, zone).fromMs),
    to: writeInstant(civilDayInterval(to, zone).toMs),
  };
  return {
    facility,
    pack: `${pack.name}@${pack.version}`,
    zone,
    days,
    asOf,
    verdict: await judgeExactly(then, facility, nowMs),
    retention: await facilityRetention(then, person, facilityId, { asOf }),
    uptime: await ifAllowed(facilityUptime(then, person, facilityId, { from, to })),
    coverage: await ifAllowed(coverageOf(then, person, facilityId, days)),
    checks: await ifAllowed(facilityChecks(then, person, facilityId, { from, to })),
    incidents: (await ifAllowed(wholeAuditIncidents(deps, person, { facility: facilityId, ...period }, nowMs)))?.items,
    challenges: await facilityChallenges(then, person, facilityId, { asOf }),
    objections: await objectionsOf(deps, facilityId, nowMs),
    sealed: await sealedOf(deps, facilityId, to),
  };
};
