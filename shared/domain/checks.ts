import { civilDayOf, instantOf } from './civil-day.ts';
import type { Facility } from './facility.ts';
import type { CheckReport, Finding } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { checkBy } from './rules/daily-check.ts';

/** A check as it is kept: what it says, and when it first arrived. */
export interface KeptCheck {
  readonly report: CheckReport;
  readonly receivedMs: number;
}

/** `late`: after its deadline, on its day. `back-dated`: on a later day of the facility's zone. */
export type Timeliness = 'in-time' | 'late' | 'back-dated';

/** Told from the day of the check and its arrival alone: the box's clock is not asked. */
export const timelinessOf = ({ report, receivedMs }: KeptCheck, facility: Facility, pack: RulePack): Timeliness => {
  const { zone } = facility.calendar;
  if (report.day < civilDayOf(receivedMs, zone)) return 'back-dated';
  return receivedMs < instantOf(report.day, checkBy(report.session, facility, pack), zone) ? 'in-time' : 'late';
};

/** It found something, or takes back what another found. All others leave every health threshold as it is. */
export const saysOfHealth = ({ findings, corrects }: CheckReport): boolean =>
  findings.length > 0 || corrects !== undefined;

/** A correction speaks about the very check that it corrects. */
export const isCorrectionOf = (correction: CheckReport, original: CheckReport): boolean =>
  correction.class === original.class && correction.session === original.session && correction.day === original.day;

/** A check by its id, as far as one of the same class, session and day may correct it. */
const targetOf = (id: string, { class: of, session, day }: CheckReport): string => [id, of, session, day].join(' ');

/**
 * The checks that stand: one that was corrected stays kept and no longer counts. Of several corrections of one check
 * the one with the greatest id stands, since ids are made in order and arrivals are not. A correction may come before its
 * original, and supersedes it once it comes; one whose original turns out to be of another class, session or day
 * corrects nothing and stands by itself.
 */
export const standingChecks = (checks: readonly KeptCheck[]): readonly KeptCheck[] => {
  const lastCorrection = new Map<string, string>();
  for (const { report } of checks) {
    if (report.corrects === undefined) continue;
    const target = targetOf(report.corrects, report);
    const last = lastCorrection.get(target);
    if (last === undefined || last < report.id) lastCorrection.set(target, report.id);
  }
  const isOverruled = (report: CheckReport): boolean =>
    lastCorrection.has(targetOf(report.id, report)) ||
    (report.corrects !== undefined && lastCorrection.get(targetOf(report.corrects, report)) !== report.id);
  return checks.filter(({ report }) => !isOverruled(report));
};

/** One finding that stands. */
export interface StandingFinding extends Pick<Finding, 'code' | 'childRef'> {
  readonly class: string;
  /** Local day of the check. */
  readonly day: string;
  /** When it first arrived; a correction that repeats it does not make it younger. */
  readonly arrivedMs: number;
}

export const standingFindings = (checks: readonly KeptCheck[]): readonly StandingFinding[] => {
  const arrived = new Map<string, number>();
  for (const { report, receivedMs } of checks) {
    for (const finding of report.findings) {
      const key = keyOf(report, finding);
      arrived.set(key, Math.min(receivedMs, arrived.get(key) ?? receivedMs));
    }
  }
  return standingChecks(checks).flatMap(({ report, receivedMs }) =>
    report.findings.map((finding) => ({
      code: finding.code,
      childRef: finding.childRef,
      class: report.class,
      day: report.day,
      arrivedMs: arrived.get(keyOf(report, finding)) ?? receivedMs,
    })),
  );
};

const keyOf = (report: CheckReport, { childRef, code }: Finding): string =>
  [report.day, report.session, report.class, childRef, code].join(' ');
