import { type KeptCheck, type StandingFinding, standingFindings } from './checks.ts';
import { addDays, civilDayOf, daysBetween, instantOf } from './civil-day.ts';
import type { Facility } from './facility.ts';
import type { HealthSignal, RulePack } from './rule-pack.ts';
import { LONGEST_SIGNAL_FOLD, type SignalFold } from './vitals.ts';

/** A finding that arrives later than this after its day is kept, and says nothing about now. */
const MOST_LATE_DAYS = 21;

/** The reached thresholds of a facility, as its row keeps them. */
export interface SignalsFold {
  readonly signals: readonly SignalFold[];
  /** More were reached than the row holds. */
  readonly signalsOverflow: boolean;
}

/**
 * Every threshold that is reached and has not ended by `nowMs`, recomputed from the kept checks. It depends on what is
 * kept alone, not on the order in which it came.
 *
 * @param checks all that arrived since `signalsReadSinceMs`; more does no harm
 */
export const foldSignals = (
  checks: readonly KeptCheck[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): SignalsFold => {
  const { zone } = facility.calendar;
  const findings = standingFindings(checks).filter(({ day, arrivedMs }) => {
    return daysBetween(day, civilDayOf(arrivedMs, zone)) <= MOST_LATE_DAYS;
  });
  const reached = subjectsOf(facility, pack)
    .flatMap((subject) => reachedBy(subject, findings, zone, nowMs))
    .sort((a, b) => rankOf(a, pack) - rankOf(b, pack) || a.sinceMs - b.sinceMs || ascending(keyOf(a), keyOf(b)));
  return {
    signals: reached.slice(0, LONGEST_SIGNAL_FOLD),
    signalsOverflow: reached.length > LONGEST_SIGNAL_FOLD,
  };
};

/** Arrivals before this say nothing about the thresholds of now. */
export const signalsReadSinceMs = (facility: Facility, pack: RulePack, nowMs: number): number => {
  const { zone } = facility.calendar;
  const longest = Math.max(1, ...Object.values(pack.signals).map(({ days }) => days));
  return instantOf(addDays(civilDayOf(nowMs, zone), -longest - MOST_LATE_DAYS), '00:00', zone);
};

/** May this check move a threshold? Most checks find nothing, and cost nothing. */
export const concernsSignals = ({ report }: KeptCheck, pack: RulePack): boolean =>
  report.corrects !== undefined ||
  report.findings.some(({ code }) =>
    Object.values(pack.signals).some(({ codes }) => codes.some((list) => list.includes(code))),
  );

/** One threshold of one class, or of the whole facility. */
export interface SignalSubject {
  readonly signal: HealthSignal;
  readonly class?: string;
}

export const subjectsOf = (facility: Facility, pack: RulePack): readonly SignalSubject[] =>
  Object.values(pack.signals).flatMap((signal): readonly SignalSubject[] =>
    signal.scope === 'facility' ? [{ signal }] : facility.classes.map(({ id }) => ({ signal, class: id })),
  );

/** `signal/hand-foot-mouth`, `signal/hand-foot-mouth-class.bees`. */
export const subjectOf = ({ signal, class: of }: Pick<SignalFold, 'signal' | 'class'>): string =>
  of === undefined ? `signal/${signal}` : `signal/${signal}.${of}`;

const keyOf = subjectOf;
const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const tiers: readonly HealthSignal['tier'][] = ['report', 'cluster', 'signal'];

/** What does not fit the row is the least: a class before the facility, an early signal before a report. */
const rankOf = (fold: SignalFold, pack: RulePack): number =>
  tiers.indexOf(pack.signals[fold.signal]?.tier ?? 'signal') * 2 + (fold.class === undefined ? 0 : 1);

/** A window of the signal's days that ends with `day` and holds as many children as it names. */
interface ReachedWindow {
  readonly day: string;
  readonly children: number;
  /** Arrival of the finding with which it did. */
  readonly reachedMs: number;
}

const reachedBy = (
  { signal, class: of }: SignalSubject,
  findings: readonly StandingFinding[],
  zone: string,
  nowMs: number,
): readonly SignalFold[] => {
  const codes = new Set(signal.codes.flat());
  const own = findings.filter((one) => codes.has(one.code) && (of === undefined || one.class === of));
  const standing = stretchesOf(reachedWindows(signal, own))
    .map((stretch) => foldOf(stretch, signal, zone))
    .filter(({ untilMs }) => untilMs > nowMs);
  const [first] = standing;
  if (first === undefined) return [];
  // One that came late and one in time both stand now: together they are one breach.
  const late = standing.some((one) => one.late);
  return [
    {
      signal: signal.id,
      ...(of !== undefined && { class: of }),
      children: Math.max(...standing.map(({ children }) => children)),
      sinceMs: Math.min(...standing.map(({ sinceMs }) => sinceMs)),
      untilMs: Math.max(...standing.map(({ untilMs }) => untilMs)),
      ...(late && { late }),
    },
  ];
};

const reachedWindows = (signal: HealthSignal, findings: readonly StandingFinding[]): readonly ReachedWindow[] => {
  const ends = new Set(findings.flatMap(({ day }) => Array.from({ length: signal.days }, (_, n) => addDays(day, n))));
  return [...ends].sort(ascending).flatMap((day): readonly ReachedWindow[] => {
    const from = addDays(day, 1 - signal.days);
    const within = findings.filter((one) => one.day >= from && one.day <= day);
    const arrivals = matchedAt(signal, within);
    const reachedMs = arrivals[signal.children - 1];
    return reachedMs === undefined ? [] : [{ day, children: arrivals.length, reachedMs }];
  });
};

/** When each child that matches was known to: it has a code of each list from then on. Earliest first. */
const matchedAt = (signal: HealthSignal, findings: readonly StandingFinding[]): readonly number[] =>
  [...Map.groupBy(findings, ({ childRef }) => childRef).values()]
    .map((own) => Math.max(...signal.codes.map((list) => earliest(own.filter(({ code }) => list.includes(code))))))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);

const earliest = (findings: readonly StandingFinding[]): number =>
  Math.min(Number.POSITIVE_INFINITY, ...findings.map(({ arrivedMs }) => arrivedMs));

/** Windows on days that follow each other are one stretch. */
const stretchesOf = (windows: readonly ReachedWindow[]): readonly (readonly ReachedWindow[])[] => {
  const stretches: ReachedWindow[][] = [];
  for (const window of windows) {
    const open = stretches.at(-1);
    const last = open?.at(-1);
    if (open !== undefined && last !== undefined && addDays(last.day, 1) === window.day) open.push(window);
    else stretches.push([window]);
  }
  return stretches;
};

type Stretch = Pick<SignalFold, 'children' | 'sinceMs' | 'untilMs' | 'late'>;

/**
 * It stands until the window has moved past. One that became known only after that stands from its arrival for as many
 * days as if it had been found on that day: a box that was cut off over a weekend does not keep a cluster quiet.
 */
const foldOf = (stretch: readonly ReachedWindow[], signal: HealthSignal, zone: string): Stretch => {
  const sinceMs = Math.min(...stretch.map(({ reachedMs }) => reachedMs));
  const arrivedOn = civilDayOf(sinceMs, zone);
  const lastDay = stretch.at(-1)?.day ?? arrivedOn;
  const endsOn = arrivedOn <= lastDay ? lastDay : addDays(arrivedOn, signal.days - 1);
  return {
    children: Math.max(...stretch.map(({ children }) => children)),
    sinceMs,
    untilMs: instantOf(addDays(endsOn, 1), '00:00', zone),
    ...(arrivedOn > (stretch[0]?.day ?? arrivedOn) && { late: true as const }),
  };
};
