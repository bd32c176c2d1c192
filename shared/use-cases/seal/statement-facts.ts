import { type CameraTime, cameraTime } from '../../domain/camera-days.ts';
import { type CameraFacts, factsOfHeldDays, ordersOf } from '../../domain/camera-facts.ts';
import { challengesAsOf } from '../../domain/challenges/as-of.ts';
import type { Challenge } from '../../domain/challenges/challenge.ts';
import { type HeldCamera, sealedOf } from '../../domain/challenges/owed-hours.ts';
import { usualPolicy } from '../../domain/challenges/policy.ts';
import { judgeChallenges } from '../../domain/challenges/verdict.ts';
import { civilDayInterval } from '../../domain/civil-day.ts';
import type { Box, Facility } from '../../domain/facility.ts';
import { facilityShown } from '../../domain/facility-shown.ts';
import type { Gap } from '../../domain/gap.ts';
import type { HeldDayFacts } from '../../domain/held-day.ts';
import { subtract } from '../../domain/interval.ts';
import { keptForMs } from '../../domain/retention.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import { shownAsOf } from '../../domain/shown-as-of.ts';
import { uptimeOf } from '../../domain/uptime.ts';
import type { BoxVitals } from '../../domain/vitals.ts';
import type { StatementFacts } from '../../evidence/statement.ts';
import type { SealedDay } from '../../ports/sealed-store.ts';

/** All that was read of a facility to state one of its days. It may know more than was known at the end of that day. */
export interface DayRead {
  readonly facility: Facility;
  readonly pack: RulePack;
  /** The local day that is stated. */
  readonly day: string;
  /** When it was read: after the day had settled. */
  readonly readAtMs: number;
  readonly boxes: readonly Box[];
  readonly rows: readonly BoxVitals[];
  readonly gaps: readonly Gap[];
  /** Cameras that have to hold anything, with their days. */
  readonly cameras: readonly HeldCamera[];
  readonly challenges: readonly Challenge[];
}

/** A statement, but for its place in the log and what was received. */
export type JudgedDay = Pick<
  StatementFacts,
  'facility' | 'day' | 'zone' | 'fromMs' | 'cameras' | 'uptime' | 'challenges'
> & {
  /** What the list of those that cannot show their days says of it. */
  readonly notShown?: NonNullable<SealedDay['notShown']>;
};

const endOf = ({ day, facility }: Pick<DayRead, 'day' | 'facility'>): number =>
  civilDayInterval(day, facility.calendar.zone).toMs;

/** What was said of a camera's recordings on this day or before. What came at midnight is of the next day. */
const factsUntil = (
  { facility }: DayRead,
  camera: string,
  held: readonly HeldDayFacts[],
  endMs: number,
): CameraFacts => {
  const facts = factsOfHeldDays(held, { holds: ordersOf(facility, camera, endMs) });
  const isKnown = ({ receivedAtMs }: { readonly receivedAtMs: number }): boolean => receivedAtMs < endMs;
  return { ...facts, reports: facts.reports.filter(isKnown), deletions: facts.deletions.filter(isKnown) };
};

/** The same for counting hours that could be asked for: what was first heard of later is taken out again. */
const heldUntil = (day: HeldDayFacts, endMs: number): HeldDayFacts => {
  const later = (day.receptions ?? []).filter(({ receivedAtMs }) => receivedAtMs >= endMs);
  if (later.length === 0) return day;
  const recorded = later.flatMap((one) => one.recorded);
  return { ...day, recorded: subtract(day.recorded, recorded) };
};

const challengesOf = ({ facility, pack, challenges, cameras }: DayRead, endMs: number): JudgedDay['challenges'] => {
  const known = cameras.map(({ camera, held }) => ({ camera, held: held.map((day) => heldUntil(day, endMs)) }));
  const sealed = sealedOf(known, facility, pack, endMs);
  // What was asked or answered at midnight is of a later statement.
  const asked = challengesAsOf(challenges, endMs - 1);
  return judgeChallenges(asked, sealed, usualPolicy(pack.thresholds.retentionDays.value), endMs);
};

/**
 * By what is known when it is read: a box that beat last a minute before midnight was silent from that minute on, though
 * nobody could know at midnight. It is known soon after, long before the day settles, and never changes again.
 */
const uptimeIn = ({ facility, boxes, rows, gaps, day, readAtMs }: DayRead): JudgedDay['uptime'] => {
  const [stated] = uptimeOf({ facility, boxes, rows, gaps }, day, day, readAtMs).days;
  const { requiredMs = 0, shownMs = 0, missingMs = 0, unknownMs = 0 } = stated ?? {};
  return { requiredMs, shownMs, missingMs, unknownMs };
};

/** A box that first beat after the day was not connected on it. */
const wasConnected = ({ rows }: DayRead, endMs: number): boolean =>
  rows.some(({ beatAtMs, connectedAtMs }) => beatAtMs !== undefined && (connectedAtMs ?? 0) < endMs);

/**
 * Judges one day of a facility as of its end: the state of each camera-hour of the days that have to be kept, monitoring
 * on that day, challenges, and whether the facility can show its days. The same facts give the same judgement, whenever
 * it is made.
 */
export const judgeDay = (read: DayRead): JudgedDay => {
  const { facility, pack, day } = read;
  const endMs = endOf(read);
  const fromMs = endMs - keptForMs(pack);
  const connected = wasConnected(read, endMs);
  const judged = read.cameras.map(({ camera, held }) => {
    const duty = { camera, facility, pack, nowMs: endMs };
    const facts = factsUntil(read, camera.id, held, endMs);
    const time: CameraTime = cameraTime(duty, facts, { fromMs, toMs: endMs });
    return { stated: { camera: camera.id, areas: camera.areas, time }, shown: shownAsOf(duty, facts, connected, time) };
  });
  const challenges = challengesOf(read, endMs);
  const { state, reason } = facilityShown(
    judged.map(({ shown }) => shown),
    challenges,
  );
  return {
    facility: facility.id,
    day,
    zone: facility.calendar.zone,
    fromMs,
    cameras: judged.map(({ stated }) => stated),
    uptime: uptimeIn(read),
    challenges,
    ...(state !== 'held' && { notShown: { division: facility.division, state, reason } }),
  };
};
