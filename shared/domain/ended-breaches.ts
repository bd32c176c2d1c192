import { blindIntervals, silentIntervals } from './area-gaps.ts';
import { camerasOf } from './camera-sight.ts';
import { breachSinceMs, type Footing, footingOf, isJudged } from './duty.ts';
import type { Facility } from './facility.ts';
import { gapOfSignal } from './fold-signals.ts';
import type { Gap } from './gap.ts';
import { subtract, union } from './interval.ts';
import type { RulePack } from './rule-pack.ts';
import { isClockOff } from './rules/clock-true.ts';
import type { Interval } from './time.ts';
import type { RuleName } from './verdict.ts';
import type { FacilityRows } from './vitals.ts';

/** A breach that began and ended, whether or not a sweep ran in between. `sinceMs` dates it as `assess` would have. */
export interface EndedBreach {
  readonly rule: RuleName;
  readonly subject: string;
  readonly reason: string;
  readonly sinceMs: number;
  readonly endedAtMs: number;
}

/**
 * The breaches that recorded gaps tell of, by time. It dates each by the very formula by which `assess` dates one that
 * goes on, so that both give the same incident. Overlapping ones of one subject are one breach.
 */
export const endedBreaches = (
  gaps: readonly Gap[],
  rows: FacilityRows,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly EndedBreach[] => {
  return merge([
    ...gaps.flatMap((gap) => breachOf(gap, pack)),
    ...areaBreaches(gaps, rows, facility, pack, nowMs),
    ...signalBreaches(rows, pack, nowMs),
  ])
    .filter((breach) => isJudged(breach.rule, footingAt(breach.endedAtMs, facility, pack, nowMs)))
    .map((breach) => ({ ...breach, sinceMs: breachSinceMs(breach.rule, breach.sinceMs, facility) }))
    .filter((breach) => breach.sinceMs < breach.endedAtMs);
};

/** What was over before the facility was closed or suspended is judged as in service. */
const footingAt = (endedAtMs: number, facility: Facility, pack: RulePack, nowMs: number): Footing => {
  const { state } = facility;
  if ((state.is === 'closed' || state.is === 'suspended') && endedAtMs <= state.sinceMs) return 'in-service';
  const footing = footingOf(facility, pack, nowMs);
  return footing === 'released' ? 'closed' : footing;
};

const breachOf = (gap: Gap, pack: RulePack): readonly EndedBreach[] => {
  const sinceMs = breachedAtOf(gap, pack);
  if (sinceMs === undefined || sinceMs >= gap.toMs) return [];
  const reason = gap.reason === 'self-test-old' ? 'self-test-overdue' : gap.reason;
  return [{ rule: gap.rule, subject: gap.subject, reason, sinceMs, endedAtMs: gap.toMs }];
};

/** A silence is dated by the box's own limit. What a box said of itself still lacks the grace of the rule. */
const breachedAtOf = (gap: Gap, pack: RulePack): number | undefined => {
  if (gap.reason === 'self-test-old') return gap.fromMs + pack.thresholds.selfTestEveryMs.value;
  if (gap.reason === 'clock-off') {
    return isClockOff(gap.offsetMs ?? 0, pack) ? gap.fromMs + pack.rules['clock-true'].breachAfterMs.value : undefined;
  }
  if (gap.breachedAtMs === undefined) return undefined;
  return gap.reason === 'box-says-down'
    ? gap.breachedAtMs + pack.rules[gap.rule].breachAfterMs.value
    : gap.breachedAtMs;
};

/** A threshold whose window has moved past while no sweep ran: the row still tells of it, and no gap does yet. */
const signalBreaches = ({ facility }: FacilityRows, pack: RulePack, nowMs: number): readonly EndedBreach[] =>
  (facility.signals ?? [])
    .filter(({ untilMs }) => untilMs <= nowMs)
    .flatMap((fold) => gapOfSignal(fold, facility.facilityId, pack, nowMs))
    .flatMap((gap) => breachOf(gap, pack));

const areaBreaches = (
  gaps: readonly Gap[],
  rows: FacilityRows,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly EndedBreach[] =>
  facility.areas
    .filter((area) => area.activity)
    .flatMap((area) => {
      const subject = `area/${area.id}`;
      return blindIntervals(area.id, facility, gaps, rows, nowMs).flatMap((blind): EndedBreach[] => {
        const sinceMs = blind.fromMs + pack.rules['area-covered'].breachAfterMs.value;
        if (blind.toMs === Number.POSITIVE_INFINITY) return [];
        const knownUntilMs = Math.min(
          ...camerasOf(area.id, facility, nowMs).map((camera) =>
            lastSpoke(blind, silentIntervals(camera.box, gaps, rows, nowMs)),
          ),
        );
        if (sinceMs >= knownUntilMs) return [];
        return [{ rule: 'area-covered', subject, reason: 'no-usable-camera', sinceMs, endedAtMs: blind.toMs }];
      });
    });

/**
 * Until when a box spoke within an interval. A camera that was faulty before a silence and still is after it was faulty
 * all along; how it fared after the last word of its box nobody saw.
 */
const lastSpoke = (within: Interval, silent: readonly Interval[]): number =>
  subtract([within], silent).at(-1)?.toMs ?? Number.NEGATIVE_INFINITY;

/** One breach per stretch of a subject: the earliest cause dates it and names it. */
const merge = (breaches: readonly EndedBreach[]): readonly EndedBreach[] => {
  const bySubject = Map.groupBy(breaches, (breach) => `${breach.rule} ${breach.subject}`);
  return [...bySubject.values()].flatMap(mergeOne).sort((a, b) => a.sinceMs - b.sinceMs);
};

const mergeOne = (breaches: readonly EndedBreach[]): readonly EndedBreach[] =>
  union(breaches.map((breach) => ({ fromMs: breach.sinceMs, toMs: breach.endedAtMs }))).flatMap(({ fromMs, toMs }) => {
    const first = breaches.find((breach) => breach.sinceMs === fromMs);
    return first ? [{ ...first, endedAtMs: toMs }] : [];
  });
