import { type CameraFacts, type HoldOrder, isInEffect } from './camera-facts.ts';
import { civilDayInterval } from './civil-day.ts';
import { msInEach } from './days-of-time.ts';
import type { Camera, Facility } from './facility.ts';
import { intersect, subtract, union } from './interval.ts';
import { before, claimedBy, type RecordingsSaid, recordingsSaid, since } from './recordings-said.ts';
import { forbiddenOf, keptForMs, settledInterval, takenBy } from './retention.ts';
import type { RulePack } from './rule-pack.ts';
import type { Interval } from './time.ts';

/**
 * What became of a time that a camera had to record. Exactly one is so of every millisecond:
 * - `not-yet-due`: before the installation, after retirement or closing, or so recent that it may still be reported;
 * - `no-longer-due`: older than the days, and under no order to be kept;
 * - `held`, `held-late`: reported as recorded, in time or only later, and still retrievable;
 * - `on-hold`: retrievable and older than the days, kept because of an order;
 * - `lost`: reported as not recorded, no longer retrievable, or deleted without a reason that is permitted;
 * - `declared`: deleted for a reason that is permitted, or before the first report and only claimed by the recorder;
 * - `unknown`: nobody said anything of it.
 */
export const cameraDayStates = [
  'not-yet-due',
  'no-longer-due',
  'held',
  'held-late',
  'on-hold',
  'lost',
  'declared',
  'unknown',
] as const;
export type CameraDayState = (typeof cameraDayStates)[number];

/** The time asked about, cut into its states: sorted, disjoint, and together all of it. */
export type CameraTime = Readonly<Record<CameraDayState, readonly Interval[]>>;

/** One camera on one local day. The states add up to its length; what is required is all but the two that are not due. */
export interface CameraDay {
  readonly day: string;
  /** 23 to 25 hours, where clocks change; 0 where a zone skipped the day. */
  readonly lengthMs: number;
  readonly requiredMs: number;
  readonly ms: Readonly<Record<CameraDayState, number>>;
}

/** Which camera, of what is it judged by, and as of when. */
export interface CameraDuty {
  readonly camera: Camera;
  readonly facility: Facility;
  readonly pack: RulePack;
  readonly nowMs: number;
}

interface Due {
  readonly settled: readonly Interval[];
  /** Settled and older than the days. */
  readonly old: readonly Interval[];
  /** Under an order that is in effect. */
  readonly ordered: readonly Interval[];
  /** Of it, what had not yet been kept for its days when it was ordered: then it had to be there. */
  readonly bound: readonly Interval[];
}

const dueOf = ({ camera, facility, pack, nowMs }: CameraDuty, holds: readonly HoldOrder[]): Due => {
  const keptMs = keptForMs(pack);
  const settled = union([settledInterval(camera, facility, nowMs)]);
  const inEffect = holds.filter((hold) => isInEffect(hold, nowMs));
  return {
    settled,
    old: intersect(settled, [before(nowMs - keptMs)]),
    ordered: union(inEffect),
    bound: union(inEffect.flatMap((hold) => intersect([hold], [since(hold.orderedAtMs - keptMs)]))),
  };
};

interface Gone {
  readonly deleted: readonly Interval[];
  readonly forbidden: readonly Interval[];
  /** Before what the recorder can still play. */
  readonly overwritten: readonly Interval[];
}

const goneOf = (duty: CameraDuty, facts: CameraFacts, said: RecordingsSaid): Gone => {
  const { pack, nowMs } = duty;
  const deletions = facts.deletions.filter((one) => one.receivedAtMs <= nowMs);
  const { oldestRetrievableAtMs: oldestMs } = said;
  return {
    deleted: union(deletions.flatMap(takenBy)),
    forbidden: union(deletions.flatMap((one) => forbiddenOf(one, facts.holds, pack))),
    overwritten: oldestMs === undefined ? [] : subtract([before(oldestMs)], protectedOf(duty, facts)),
  };
};

/**
 * What the recorder claims to reach is its usual reach. What its box said that it protects because of an order, while that
 * order is in effect, is there beyond it, as far as it was there when the box said so.
 */
const protectedOf = ({ camera, nowMs }: CameraDuty, facts: CameraFacts): readonly Interval[] =>
  (facts.confirmed ?? [])
    .filter((one) => one.receivedAtMs <= nowMs)
    .flatMap((one) => {
      const orders = facts.holds.filter(
        (hold) => hold.id === one.hold && isInEffect(hold, nowMs) && hold.orderedAtMs <= one.receivedAtMs,
      );
      if (orders.length === 0) return [];
      const { oldestRetrievableAtMs: reachMs } = recordingsSaid(facts, camera.installedAtMs, one.receivedAtMs);
      return intersect(intersect([one], orders), [since(reachMs ?? Number.NEGATIVE_INFINITY)]);
    });

type Layer = readonly [CameraDayState, readonly Interval[]];

/** What each state may take, in this order: an earlier one leaves nothing to a later. What nobody takes is unknown. */
const layersOf = (duty: CameraDuty, facts: CameraFacts, whole: Interval): readonly Layer[] => {
  const said = recordingsSaid(facts, duty.camera.installedAtMs, duty.nowMs);
  const due = dueOf(duty, facts.holds);
  const gone = goneOf(duty, facts, said);
  const retrievable = subtract(said.recorded, [...gone.overwritten, ...gone.deleted]);
  // Whether it still was there when it was ordered to be kept, nobody said: it is not called lost.
  const overwritten = subtract(gone.overwritten, subtract(due.old, due.bound));
  return [
    ['not-yet-due', subtract([whole], due.settled)],
    ['no-longer-due', subtract(due.old, due.ordered)],
    ['on-hold', intersect(retrievable, due.old)],
    ['held-late', intersect(retrievable, said.recordedLate)],
    ['held', retrievable],
    // What was never recorded cannot be excused by deleting it.
    ['lost', union([...gone.forbidden, ...subtract(said.reported, said.recorded)])],
    ['declared', gone.deleted],
    ['lost', overwritten],
    ['declared', claimedBy(said)],
  ];
};

/** Cuts a time into what became of it, as of `duty.nowMs`. */
export const cameraTime = (duty: CameraDuty, facts: CameraFacts, whole: Interval): CameraTime => {
  const taken: Record<CameraDayState, readonly Interval[]> = {
    'not-yet-due': [],
    'no-longer-due': [],
    held: [],
    'held-late': [],
    'on-hold': [],
    lost: [],
    declared: [],
    unknown: [],
  };
  let rest = union([whole]);
  for (const [state, may] of layersOf(duty, facts, whole)) {
    taken[state] = union([...taken[state], ...intersect(rest, may)]);
    rest = subtract(rest, may);
  }
  return { ...taken, unknown: rest };
};

/** What became of a camera's time on each of these local days, which are sorted and distinct. */
export const cameraDays = (duty: CameraDuty, facts: CameraFacts, days: readonly string[]): readonly CameraDay[] => {
  const spans = days.map((day) => civilDayInterval(day, duty.facility.calendar.zone));
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const time = cameraTime(duty, facts, { fromMs: first.fromMs, toMs: last.toMs });
  const each = cameraDayStates.map((state) => [state, msInEach(time[state], spans)] as const);
  return spans.map(({ fromMs, toMs }, n) => {
    const ms = Object.fromEntries(each.map(([state, list]) => [state, list[n] ?? 0])) as CameraDay['ms'];
    const lengthMs = toMs - fromMs;
    return { day: days[n] ?? '', lengthMs, requiredMs: lengthMs - ms['not-yet-due'] - ms['no-longer-due'], ms };
  });
};
