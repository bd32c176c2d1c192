import { addDays, civilDayInterval, civilDayOf } from './civil-day.ts';
import type { Camera, Facility } from './facility.ts';
import type { HeldDayFacts } from './held-day.ts';
import { intersect, subtract, total, union } from './interval.ts';
import { oldestRetrievable, requiredInterval } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import type { Interval } from './time.ts';

/** One camera on one local day. The four answers about the required time add up to it. */
export interface RetentionDay {
  readonly day: string;
  readonly requiredMs: number;
  /** Recorded as reported by the hour, and still retrievable. */
  readonly heldMs: number;
  /** Before the first report: the recorder claims to reach back so far, and nothing more is known. */
  readonly declaredMs: number;
  /** Not recorded in a reported hour, or older than what the recorder can still play. */
  readonly missingMs: number;
  /** Nobody said anything of it. Never held, and never missing. */
  readonly unknownMs: number;
}

const since = (fromMs: number): Interval => ({ fromMs, toMs: Number.POSITIVE_INFINITY });
const before = (toMs: number): Interval => ({ fromMs: Number.NEGATIVE_INFINITY, toMs });

interface Shown {
  readonly held: readonly Interval[];
  readonly declared: readonly Interval[];
  readonly missing: readonly Interval[];
}

/** What all reports together say, whatever is required. Intervals of different answers do not overlap. */
const shownBy = (days: readonly HeldDayFacts[], nowMs: number): Shown => {
  const recorded = union(days.flatMap((day) => day.recorded));
  const reported = union(days.flatMap((day) => [...day.recorded, ...(day.reported ?? [])]));
  const oldestMs = oldestRetrievable(days, nowMs);
  const lost = oldestMs === undefined ? [] : [before(oldestMs)];
  const held = subtract(recorded, lost);
  const firstReportMs = reported[0]?.fromMs ?? nowMs;
  const declared = oldestMs === undefined ? [] : intersect([since(oldestMs)], [before(firstReportMs)]);
  return { held, declared, missing: subtract(union([...subtract(reported, recorded), ...lost]), held) };
};

/** The local days that an interval touches. */
export const daysOf = ({ fromMs, toMs }: Interval, zone: string): readonly string[] => {
  const days: string[] = [];
  if (fromMs >= toMs) return days;
  const last = civilDayOf(toMs - 1, zone);
  for (let day = civilDayOf(fromMs, zone); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
};

/** Every local day of which recordings of this camera must be held at `nowMs`, oldest first, with what is known of it. */
export const retentionDays = (
  camera: Camera,
  held: readonly HeldDayFacts[],
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly RetentionDay[] => {
  const required = requiredInterval(camera, facility, pack, nowMs);
  const shown = shownBy(held, nowMs);
  const { zone } = facility.calendar;
  return daysOf(required, zone).map((day) => {
    const owed = intersect([required], [civilDayInterval(day, zone)]);
    const of = (answer: readonly Interval[]): number => total(intersect(owed, answer));
    const [heldMs, declaredMs, missingMs] = [of(shown.held), of(shown.declared), of(shown.missing)];
    const requiredMs = total(owed);
    return { day, requiredMs, heldMs, declaredMs, missingMs, unknownMs: requiredMs - heldMs - declaredMs - missingMs };
  });
};
