import type { Camera, Facility } from '../facility.ts';
import type { HeldDayFacts } from '../held-day.ts';
import { intersect, subtract, union } from '../interval.ts';
import { isPermitted, requiredInterval, takenBy } from '../retention.ts';
import type { RulePack } from '../rule-pack.ts';
import { HOUR_MS, hourFrom, type Interval } from '../time.ts';
import type { ByteStability } from './challenge.ts';
import { SLICE_MS } from './slice.ts';
import type { Sealed } from './verdict.ts';

/** A camera-hour that must be held now and was reported as recorded. */
export interface OwedHour {
  readonly camera: string;
  /** Start of the hour. */
  readonly hourMs: number;
  /** What was recorded within it. */
  readonly recorded: readonly Interval[];
  /** Absent = nothing was sealed, nor said to be unsealable: it cannot be asked for. */
  readonly stability?: ByteStability;
}

/** A camera with what is held of it. */
export interface HeldCamera {
  readonly camera: Camera;
  readonly held: readonly HeldDayFacts[];
}

/**
 * The camera-hours of one camera that can be asked for now. A whole hour must be owed, and a slice of it recorded. An
 * hour of which something was deleted with a permitted reason is left out: its slice may lawfully be gone. What the
 * recorder itself says is gone without such a reason stays in.
 */
export const owedHours = (
  { camera, held }: HeldCamera,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): readonly OwedHour[] => {
  const required = requiredInterval(camera, facility, pack, nowMs);
  const excused = union(
    held
      .flatMap((day) => day.deletions ?? [])
      .filter(({ reason, receivedAtMs }) => isPermitted(reason, pack) && receivedAtMs <= nowMs)
      .flatMap(takenBy),
  );
  return held
    .flatMap((day) => hoursOf(day, nowMs))
    .filter(({ hourMs }) => hourMs >= required.fromMs && hourMs + HOUR_MS <= required.toMs)
    .filter(({ recorded }) => recorded.some(({ fromMs, toMs }) => toMs - fromMs >= SLICE_MS))
    .filter(({ hourMs }) => !excused.some(({ fromMs, toMs }) => fromMs < hourMs + HOUR_MS && toMs > hourMs))
    .map((hour) => ({ camera: camera.id, ...hour }));
};

/** Counts what could be drawn; the seal of a day and the draw of the next count alike. */
export const sealedOf = (cameras: readonly HeldCamera[], facility: Facility, pack: RulePack, nowMs: number): Sealed =>
  countSealed(cameras.flatMap((one) => owedHours(one, facility, pack, nowMs)));

/** The same of hours that were found already. */
export const countSealed = (hours: readonly OwedHour[]): Sealed => ({
  owed: hours.length,
  sealed: hours.filter(({ stability }) => stability === 'byte-stable').length,
  presenceOnly: hours.filter(({ stability }) => stability === 'presence-only').length,
});

/** Every hour of a day of which something was recorded, as far as we had heard of it at `nowMs`. */
const hoursOf = (day: HeldDayFacts, nowMs: number): readonly Omit<OwedHour, 'camera'>[] => {
  const later = (day.receptions ?? []).filter(({ receivedAtMs }) => receivedAtMs > nowMs);
  const heard =
    later.length === 0
      ? day.recorded
      : subtract(
          day.recorded,
          later.flatMap(({ recorded }) => recorded),
        );
  const seals = new Map((day.seals ?? []).map(({ hourMs, stability }) => [hourMs, stability]));
  return startsOf(heard).map((hourMs) => {
    const stability = seals.get(hourMs);
    return { hourMs, recorded: intersect(heard, [hourFrom(hourMs)]), ...(stability && { stability }) };
  });
};

const startsOf = (recorded: readonly Interval[]): readonly number[] => {
  const starts = new Set<number>();
  for (const { fromMs, toMs } of recorded) {
    for (let hourMs = fromMs - (fromMs % HOUR_MS); hourMs < toMs; hourMs += HOUR_MS) starts.add(hourMs);
  }
  return [...starts];
};
