import { assess } from './assess.ts';
import { civilDayOf } from './civil-day.ts';
import { endedBreaches } from './ended-breaches.ts';
import type { Facility } from './facility.ts';
import type { Gap } from './gap.ts';
import type { HeldDay } from './held-day.ts';
import type { Incident } from './incident.ts';
import { type FoldRecords, mendFolds } from './mend-folds.ts';
import type { CheckReport, LogReport, RecordingReport } from './reports.ts';
import type { RulePack } from './rule-pack.ts';
import { declaresSomething, takeDeclared, takeHour } from './take-recording.ts';
import { type RuleName, showsNothing } from './verdict.ts';
import type { FacilityRows, FacilityVitals, SignalFold } from './vitals.ts';

interface Kept<R> {
  readonly report: R;
  readonly receivedMs: number;
}

/** Everything that is kept of one facility. */
export interface Recorded {
  readonly checks: readonly Kept<CheckReport>[];
  readonly logs: readonly Kept<LogReport>[];
  readonly recordings: readonly Kept<RecordingReport>[];
  readonly gaps: readonly Gap[];
  /** Live and archived. */
  readonly incidents: readonly Incident[];
}

/** Where what is kept and what follows from the records are not the same. */
export interface Difference {
  readonly what: 'fold' | 'verdict';
  /** Attribute of the facility row, or `<rule> <subject>`. */
  readonly about: string;
  readonly kept: string;
  readonly recomputed: string;
}

/**
 * Rules whose facts are records. The others stand on the latest beats and coverage, of which only the gaps are kept:
 * their breaches are compared through those.
 */
const fromRecords: ReadonlySet<RuleName> = new Set<RuleName>([
  'retention-held',
  'morning-check',
  'noon-check',
  'retention-exceeded',
  'health-signal',
  'duty-overdue',
  'guard-present',
  'closing',
  'filing-true',
  'calendar-known',
]);

const byArrival = <R>(kept: readonly Kept<R>[], atMs: number): readonly Kept<R>[] =>
  kept.filter(({ receivedMs }) => receivedMs <= atMs).sort((a, b) => a.receivedMs - b.receivedMs);

/** The days of each camera, merged anew from every hour that was reported until then. */
const heldDaysAt = (recorded: Recorded, facility: Facility, atMs: number): readonly HeldDay[] => {
  const days = new Map<string, HeldDay>();
  const put = (next: HeldDay | undefined): void => {
    if (next !== undefined) days.set(`${next.camera} ${next.day}`, next);
  };
  for (const { report, receivedMs } of byArrival(recorded.recordings, atMs)) {
    const day = civilDayOf(report.hourMs, facility.calendar.zone);
    const taken = { report, receivedMs, isRepeat: false };
    put(takeHour(days.get(`${report.camera} ${day}`), taken, day));
    if (!declaresSomething(report)) continue;
    const receivedOn = civilDayOf(receivedMs, facility.calendar.zone);
    put(takeDeclared(days.get(`${report.camera} ${receivedOn}`), taken, receivedOn));
  }
  return [...days.values()];
};

/** What had been kept at that instant, by which folds are made. */
export const foldRecordsAt = (recorded: Recorded, facility: Facility, atMs: number): FoldRecords => ({
  checks: byArrival(recorded.checks, atMs),
  findings: byArrival(recorded.checks, atMs),
  logs: byArrival(recorded.logs, atMs),
  heldDays: heldDaysAt(recorded, facility, atMs),
});

type PackAt = (atMs: number) => RulePack;

/** A facility row as it would be if every fold had been made from the records alone, up to that instant. */
export const rowFromRecords = (
  recorded: Recorded,
  facility: Facility,
  packAt: PackAt,
  atMs: number,
): FacilityVitals => {
  const nothing: FacilityVitals = {
    facilityId: facility.id,
    slot: 0,
    registryVersion: facility.version,
    dueAtMs: 0,
    checks: {},
    retention: [],
    retentionOverflow: false,
    revision: 0,
  };
  const records = foldRecordsAt(recorded, facility, atMs);
  const folds = mendFolds(nothing, records, facility, packAt, atMs, Number.POSITIVE_INFINITY);
  return { ...nothing, ...folds?.patch };
};

export interface Recomputation {
  readonly facility: Facility;
  /** As they are kept now. */
  readonly rows: FacilityRows;
  readonly recorded: Recorded;
  readonly packAt: PackAt;
  /** The instant whose verdicts are recomputed: the end of a local day, or the last that a sweep has surely seen. */
  readonly atMs: number;
  readonly nowMs: number;
}

/**
 * Holds what is kept against what follows from the records alone: the folds of the facility row as of now, and for the
 * asked instant every breach against the incidents that were going on then. The facility is taken as it is registered now.
 */
export const recompute = (asked: Recomputation): readonly Difference[] => [
  ...foldDifferences(asked),
  ...verdictDifferences(asked),
  ...gapDifferences(asked),
];

/** Folds whose every instant is in the records; those of retention know since when, and are held against a mending. */
const replayed = ['checks', 'doneAtMs', 'testedAtMs', 'guardUntilMs', 'closing'] as const;

/**
 * Two looks at the same records: what the sweep would make up (the very function by which it does), and what the records
 * alone would have made. The first finds what was missed, the second also what no record bears out.
 */
const foldDifferences = ({ facility, rows, recorded, packAt, nowMs }: Recomputation): readonly Difference[] => {
  const records = foldRecordsAt(recorded, facility, nowMs);
  const change = mendFolds(rows.facility, records, facility, packAt, nowMs, Number.POSITIVE_INFINITY);
  const { judgeFromMs: _mark, ...mended } = change?.patch ?? ({} as Partial<FacilityVitals>);
  const alone = rowFromRecords(recorded, facility, packAt, nowMs);
  const recomputed: Readonly<Record<string, unknown>> = {
    ...mended,
    ...Object.fromEntries(replayed.map((about) => [about, alone[about]])),
  };
  const kept: Readonly<Record<string, unknown>> = { ...rows.facility };
  // A threshold whose window has passed stays in the row until the next check: it says nothing any more.
  const shown = (about: string, value: unknown): string =>
    told(
      about === 'signals' ? ((value ?? []) as readonly SignalFold[]).filter(({ untilMs }) => untilMs > nowMs) : value,
    );
  return Object.keys(recomputed)
    .map((about) => ({ about, kept: shown(about, kept[about]), recomputed: shown(about, recomputed[about]) }))
    .filter((one) => one.kept !== one.recomputed)
    .map((one) => ({ what: 'fold', ...one }));
};

const told = (value: unknown): string => JSON.stringify(value, inOrder) ?? 'nothing';
const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

interface About {
  readonly rule: Incident['rule'];
  readonly subject: string;
}

const goingOn = (incidents: readonly Incident[], { rule, subject }: About, atMs: number): Incident | undefined =>
  incidents.find((one) => {
    const endMs = one.endedAtMs ?? one.closedAtMs ?? Number.POSITIVE_INFINITY;
    return one.rule === rule && one.subject === subject && one.sinceMs <= atMs && endMs > atMs;
  });

const instant = (atMs: number): string => new Date(atMs).toISOString();

const missing = (about: About, reason: string, sinceMs: number): Difference => ({
  what: 'verdict',
  about: `${about.rule} ${about.subject}`,
  kept: 'no incident',
  recomputed: `breached since ${instant(sinceMs)} (${reason})`,
});

const verdictDifferences = (asked: Recomputation): readonly Difference[] => {
  const { facility, recorded, packAt, atMs } = asked;
  const row = rowFromRecords(recorded, facility, packAt, atMs);
  const { verdicts } = assess({ facility: row, boxes: [], coverage: [] }, facility, packAt(atMs), atMs);
  return verdicts
    .filter(({ rule }) => fromRecords.has(rule))
    .flatMap((verdict): readonly Difference[] => {
      const incident = goingOn(recorded.incidents, verdict, atMs);
      if (verdict.state === 'breached') {
        return incident === undefined ? [missing(verdict, verdict.reason, verdict.sinceMs)] : [];
      }
      // Not knowing closes nothing, and opens what is "not shown" after its own time: neither is a contradiction.
      if (verdict.state === 'unknown' || showsNothing(verdict) || incident === undefined) return [];
      const about = `${verdict.rule} ${verdict.subject}`;
      return [{ what: 'verdict', about, kept: incident.id, recomputed: `${verdict.state} (${verdict.reason})` }];
    });
};

/** Every recorded gap that was a breach at that instant has its incident. */
const gapDifferences = ({ facility, rows, recorded, packAt, atMs, nowMs }: Recomputation): readonly Difference[] =>
  endedBreaches(recorded.gaps, rows, facility, packAt(atMs), nowMs)
    .filter(({ rule }) => !fromRecords.has(rule))
    .filter(({ sinceMs, endedAtMs }) => sinceMs <= atMs && endedAtMs > atMs)
    .filter((breach) => goingOn(recorded.incidents, breach, atMs) === undefined)
    .map((breach) => missing(breach, breach.reason, breach.sinceMs));
