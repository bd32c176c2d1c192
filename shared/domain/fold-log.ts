import { operatingHours } from './calendar.ts';
import { addDays, civilDayOf, civilTimeOf } from './civil-day.ts';
import { testOf } from './device-test.ts';
import { footingOf, isJudged } from './duty.ts';
import type { Facility, OperatingCalendar } from './facility.ts';
import type { Gap } from './gap.ts';
import type { LogReport } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { judgeClosing } from './rules/closing.ts';
import { judgeDutyOverdue } from './rules/duty-overdue.ts';
import { judgeGuardPresent } from './rules/guard-present.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';
import type { Verdict } from './verdict.ts';
import { type ClosingFold, type FacilityVitals, LONGEST_TESTED_FOLD } from './vitals.ts';

/** A log as it is kept: what it says, and when it first arrived. */
export interface KeptLog {
  readonly report: LogReport;
  readonly receivedMs: number;
}

/** What all logs of a facility say together. */
export type LogFold = Pick<FacilityVitals, 'doneAtMs' | 'testedAtMs' | 'guardUntilMs' | 'closing'>;

/** What one log changes: first put the gaps, then patch the row. */
export interface LogChange {
  readonly patch: LogFold & { readonly judgeFromMs: number };
  /** Breaches that it ended. */
  readonly gaps: readonly Gap[];
}

/** What lies further ahead than a wrong clock explains was planned, not done: the caller refuses it. */
export const isPlanned = (report: LogReport, receivedMs: number): boolean => report.doneAtMs > receivedMs + DAY_MS;

/** When it was done. What a box's clock dates a little ahead was done when it came. */
const doneAtOf = ({ report, receivedMs }: KeptLog): number => Math.min(report.doneAtMs, receivedMs);

/**
 * Told after the fact: on a later day of the facility's zone than it was done; a closing also after its deadline. What
 * was done counts from when it was done, whenever it is told.
 */
export const isLate = (kept: KeptLog, { calendar }: Facility, pack: RulePack): boolean => {
  const doneAtMs = doneAtOf(kept);
  if (kept.report.kind !== 'closing') {
    return civilDayOf(doneAtMs, calendar.zone) < civilDayOf(kept.receivedMs, calendar.zone);
  }
  const closesAtMs = operatingHours(closingDayOf(doneAtMs, calendar), calendar).toMs;
  return kept.receivedMs >= closesAtMs + pack.thresholds.closingWithinMs.value;
};

/**
 * Adds one log to what the others said. Any order and any repetition of the same logs gives the same: of each kind the
 * newest doing counts, of the shifts the latest end, of the closings the last.
 */
export const addLog = (fold: LogFold, kept: KeptLog, calendar: OperatingCalendar): LogFold => {
  const { kind, device } = kept.report;
  const doneAtMs = doneAtOf(kept);
  const guardUntilMs = kind === 'guard-shift' ? shiftEndOf(kept) : undefined;
  const closing = kind === 'closing' ? closingOf(kept, calendar) : undefined;
  return {
    ...fold,
    doneAtMs: { ...fold.doneAtMs, [kind]: Math.max(doneAtMs, fold.doneAtMs?.[kind] ?? doneAtMs) },
    ...(kind === 'device-test' &&
      device !== undefined && { testedAtMs: addTest(fold.testedAtMs ?? {}, device, doneAtMs) }),
    ...(guardUntilMs !== undefined && { guardUntilMs: Math.max(guardUntilMs, fold.guardUntilMs ?? guardUntilMs) }),
    ...(closing !== undefined && { closing: isAfter(closing, fold.closing) ? closing : (fold.closing ?? closing) }),
  };
};

type Tests = NonNullable<LogFold['testedAtMs']>;

/**
 * The newest test of each device. Of more devices than the fold holds, those tested last: what falls out could only come
 * back by a newer test, so that no order matters.
 */
const addTest = (tests: Tests, device: string, atMs: number): Tests => {
  const all = Object.entries({ ...tests, [device]: Math.max(atMs, testOf(tests, device) ?? atMs) });
  if (all.length <= LONGEST_TESTED_FOLD) return Object.fromEntries(all);
  const newestFirst = all.sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return Object.fromEntries(newestFirst.slice(0, LONGEST_TESTED_FOLD));
};

/** A shift is logged when it begins, and says for how many minutes; one of more than a day is one of a day. */
const shiftEndOf = (kept: KeptLog): number | undefined => {
  const { minutes, guards } = kept.report.counts;
  if (minutes === undefined || guards === 0) return undefined;
  return doneAtOf(kept) + Math.min(minutes * MINUTE_MS, DAY_MS);
};

const closingOf = (kept: KeptLog, calendar: OperatingCalendar): ClosingFold | undefined => {
  const { childrenIn, childrenOut } = kept.report.counts;
  if (childrenIn === undefined || childrenOut === undefined) return undefined;
  const atMs = doneAtOf(kept);
  return { day: closingDayOf(atMs, calendar), atMs, childrenIn, childrenOut };
};

/** A count of after midnight, before the next opening, is of the day before. */
const closingDayOf = (atMs: number, { zone, opensAt }: OperatingCalendar): string => {
  const { day, time } = civilTimeOf(atMs, zone);
  return time < opensAt ? addDays(day, -1) : day;
};

/** Two counts of one instant are told apart by what they say, so that no order matters. */
const isAfter = (a: ClosingFold, b: ClosingFold | undefined): boolean => {
  if (b === undefined) return true;
  const [at, there] = [rankOf(a), rankOf(b)];
  const first = at.findIndex((value, n) => value !== there[n]);
  return first !== -1 && (at[first] ?? 0) > (there[first] ?? 0);
};

const rankOf = ({ atMs, childrenIn, childrenOut }: ClosingFold): readonly number[] => [atMs, childrenIn, childrenOut];

/** Folds a kept log into the facility row; absent = it says nothing new. */
export const foldLog = (
  row: FacilityVitals,
  kept: KeptLog,
  facility: Facility,
  pack: RulePack,
): LogChange | undefined => {
  const fold = addLog(foldOf(row), kept, facility.calendar);
  const overtaken = overtakenClosing(row, kept, facility);
  if (isSame(fold, foldOf(row)) && overtaken.length === 0) return undefined;
  const gaps = [...endedBy(row, { ...row, ...fold }, facility, pack, kept.receivedMs), ...overtaken];
  const fromMs = Math.min(kept.receivedMs, ...gaps.map((gap) => gap.fromMs));
  return {
    patch: { ...fold, judgeFromMs: Math.min(row.judgeFromMs ?? Number.POSITIVE_INFINITY, fromMs) },
    gaps,
  };
};

const foldOf = ({ doneAtMs, testedAtMs, guardUntilMs, closing }: FacilityVitals): LogFold => ({
  ...(doneAtMs !== undefined && { doneAtMs }),
  ...(testedAtMs !== undefined && { testedAtMs }),
  ...(guardUntilMs !== undefined && { guardUntilMs }),
  ...(closing !== undefined && { closing }),
});

const isSame = (a: LogFold, b: LogFold): boolean =>
  a.guardUntilMs === b.guardUntilMs &&
  sameClosing(a.closing, b.closing) &&
  Object.entries(a.testedAtMs ?? {}).every(([device, atMs]) => testOf(b.testedAtMs, device) === atMs) &&
  Object.entries(a.doneAtMs ?? {}).every(([kind, atMs]) => b.doneAtMs?.[kind as LogReport['kind']] === atMs);

const sameClosing = (a: ClosingFold | undefined, b: ClosingFold | undefined): boolean =>
  a?.day === b?.day && a?.atMs === b?.atMs && a?.childrenIn === b?.childrenIn && a?.childrenOut === b?.childrenOut;

/** Breaches that stood until this log came. */
const endedBy = (
  before: FacilityVitals,
  after: FacilityVitals,
  facility: Facility,
  pack: RulePack,
  receivedMs: number,
): readonly Gap[] => {
  const is = new Map(judgeLogs(after, facility, pack, receivedMs).map((verdict) => [keyOf(verdict), verdict]));
  return judgeLogs(before, facility, pack, receivedMs).flatMap((was): Gap[] => {
    if (was.state !== 'breached' || was.sinceMs >= receivedMs) return [];
    const now = is.get(keyOf(was));
    if (now?.state === 'breached' && now.sinceMs <= was.sinceMs) return [];
    return [gapOf(before.facilityId, was, was.sinceMs, receivedMs)];
  });
};

const keyOf = ({ rule, subject }: Verdict): string => `${rule} ${subject}`;

const judgeLogs = (row: FacilityVitals, facility: Facility, pack: RulePack, nowMs: number): readonly Verdict[] => {
  const footing = footingOf(facility, pack, nowMs);
  return [
    ...judgeDutyOverdue(row, facility, pack, nowMs),
    judgeGuardPresent(row, facility, pack, nowMs),
    judgeClosing(row, facility, pack, nowMs),
  ].filter((verdict) => isJudged(verdict.rule, footing));
};

const gapOf = (
  facilityId: string,
  { rule, subject, reason }: Pick<Verdict, 'rule' | 'subject' | 'reason'>,
  fromMs: number,
  toMs: number,
): Gap => ({ facilityId, rule, subject, reason, fromMs, toMs, breachedAtMs: fromMs });

/** A count that differed, told after the count that followed it: the breach was there, and nobody had seen it. */
const overtakenClosing = (row: FacilityVitals, kept: KeptLog, facility: Facility): readonly Gap[] => {
  const closing = kept.report.kind === 'closing' ? closingOf(kept, facility.calendar) : undefined;
  const next = row.closing;
  if (closing === undefined || next === undefined || closing.atMs >= next.atMs) return [];
  if (closing.childrenIn === closing.childrenOut) return [];
  const about = { rule: 'closing', subject: 'facility', reason: 'children-in-not-out' } as const;
  return [gapOf(row.facilityId, about, closing.atMs, next.atMs)];
};
