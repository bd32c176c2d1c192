import { camerasOf, type Sight, sightOf } from '../camera-sight.ts';
import { dutySinceMs } from '../duty.ts';
import type { Area, Facility } from '../facility.ts';
import type { RulePack } from '../rule-pack.ts';
import { type Verdict, WITHIN_GRACE } from '../verdict.ts';
import type { FacilityRows } from '../vitals.ts';

/**
 * An activity area is covered while at least one of its cameras is shown to be usable. It is blind from the instant its
 * last camera was known to be faulty, and breached once that outlasts the grace. Cameras of a silent box are unknown,
 * and unknown neither opens nor closes a blind area: what was a breach when the box fell silent still is one.
 */
export const judgeAreaCovered = (
  area: Area,
  rows: FacilityRows,
  facility: Facility,
  pack: RulePack,
  nowMs: number,
): Verdict => {
  const about = { rule: 'area-covered', subject: `area/${area.id}` } as const;
  const cameras = camerasOf(area.id, facility, nowMs);
  const sights = cameras.map((camera) => sightOf(camera, rows, facility, pack, nowMs));
  const graceMs = pack.rules['area-covered'].breachAfterMs.value;
  if (sights.length === 0) {
    const sinceMs = uncoveredSince(area, facility);
    return judgeBlind({ ...about, reason: 'no-camera' }, sinceMs + graceMs, Number.POSITIVE_INFINITY, sinceMs, nowMs);
  }
  const usable = sights.filter((sight) => sight.is === 'usable');
  if (usable.length > 0) {
    return { ...about, state: 'met', reason: 'covered', dueAtMs: Math.min(...usable.map((sight) => sight.dueAtMs)) };
  }
  const blindSinceMs = Math.max(...sights.flatMap((sight) => (sight.is === 'usable' ? [] : [sight.sinceMs])));
  const unknown = sights.find((sight) => sight.is === 'unknown');
  if (unknown) return { ...about, state: 'unknown', reason: unknown.reason, sinceMs: blindSinceMs };
  return judgeBlind(
    { ...about, reason: 'no-usable-camera' },
    blindSinceMs + graceMs,
    knownUntil(sights),
    blindSinceMs,
    nowMs,
  );
};

type About = { readonly rule: 'area-covered'; readonly subject: string; readonly reason: string };

const judgeBlind = (
  about: About,
  breachAtMs: number,
  knownUntilMs: number,
  blindSinceMs: number,
  nowMs: number,
): Verdict => {
  if (nowMs >= breachAtMs && breachAtMs < knownUntilMs) {
    return { ...about, state: 'breached', sinceMs: breachAtMs };
  }
  if (nowMs >= knownUntilMs) return { ...about, state: 'unknown', reason: 'box-silent', sinceMs: blindSinceMs };
  return { ...about, state: 'met', reason: WITHIN_GRACE, dueAtMs: breachAtMs };
};

/** Until when all its cameras were known to be faulty: the first of their boxes to fall silent ends that. */
const knownUntil = (sights: readonly Sight[]): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...sights.flatMap((sight) =>
      sight.is === 'faulty' && sight.knownUntilMs !== undefined ? [sight.knownUntilMs] : [],
    ),
  );

/** No camera in use: since the last one that covered it was retired, or since the duty began. */
const uncoveredSince = (area: Area, facility: Facility): number =>
  Math.max(
    dutySinceMs(facility),
    ...facility.cameras
      .filter((camera) => camera.areas.includes(area.id))
      .flatMap((camera) => (camera.retiredAtMs === undefined ? [] : [camera.retiredAtMs])),
  );
