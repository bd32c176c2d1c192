import type { CameraVerdict, ChallengesVerdict, FacilityVerdict } from '../../contracts/audit.ts';
import { type CameraDuty, type CameraTime, cameraTime } from '../../domain/camera-days.ts';
import type { CameraFacts } from '../../domain/camera-facts.ts';
import type { ChallengeVerdict } from '../../domain/challenges/verdict.ts';
import { footingOf } from '../../domain/duty.ts';
import type { Camera, Facility } from '../../domain/facility.ts';
import { facilityShown } from '../../domain/facility-shown.ts';
import type { HeldDayFacts } from '../../domain/held-day.ts';
import { writeInstant } from '../../domain/instants.ts';
import { total } from '../../domain/interval.ts';
import { recordingsSaid } from '../../domain/recordings-said.ts';
import { daysToRead, requiredInterval } from '../../domain/retention.ts';
import { type CameraRetention, owingCameras } from '../../domain/retention-verdict.ts';
import type { RulePack } from '../../domain/rule-pack.ts';
import { shownAsOf } from '../../domain/shown-as-of.ts';
import { DAY_MS } from '../../domain/time.ts';
import { inBatches } from '../in-batches.ts';
import { cameraFactsOf } from './camera-facts.ts';
import { challengeVerdict } from './challenge-verdict.ts';
import { type AuditReads, seconds } from './stores.ts';

/** Cameras of a facility are read by so many at a time. */
const READ_AT_ONCE = 10;

export interface JudgedCamera {
  readonly camera: Camera;
  readonly held: readonly HeldDayFacts[];
  readonly facts: CameraFacts;
  /** What became of all that it must hold. */
  readonly time: CameraTime;
  readonly verdict: CameraRetention;
}

/** What one facility can show of its recordings. */
export interface JudgedFacility {
  readonly facility: Facility;
  readonly pack: RulePack;
  readonly connected: boolean;
  readonly cameras: readonly JudgedCamera[];
  /** What its challenges came to as of the same instant. */
  readonly challenges: ChallengeVerdict;
}

/** A box that first beat after the asked instant was not connected then. */
const isConnected = async ({ vitals }: AuditReads, facilityId: string, nowMs: number): Promise<boolean> => {
  const rows = await vitals.readRows(facilityId);
  return (rows?.boxes ?? []).some(
    ({ beatAtMs, connectedAtMs }) => beatAtMs !== undefined && (connectedAtMs ?? 0) <= nowMs,
  );
};

/** Depth and loss, from nothing but what had been said by then; of what nobody ever spoke of there is no figure. */
const figuresOf = (
  { camera, nowMs }: CameraDuty,
  facts: CameraFacts,
  time: CameraTime,
): Pick<CameraRetention, 'depthDays' | 'missingMs'> => {
  const { oldestRetrievableAtMs: oldestMs, lastReceivedAtMs } = recordingsSaid(facts, camera.installedAtMs, nowMs);
  return {
    ...(oldestMs !== undefined && { depthDays: Math.max(0, Math.floor((nowMs - oldestMs) / DAY_MS)) }),
    ...(lastReceivedAtMs !== undefined && { missingMs: total(time.lost) }),
  };
};

/** Judges every camera from the records, and the facility by its challenges too, as of `nowMs`. */
export const judgeRetention = async (deps: AuditReads, facility: Facility, nowMs: number): Promise<JudgedFacility> => {
  const pack = deps.packFor(facility, nowMs);
  const connected = await isConnected(deps, facility.id, nowMs);
  const { fromDay, toDay } = daysToRead(facility, pack, nowMs);
  const owing = owingCameras(facility, pack, nowMs);
  const judge = async (camera: Camera): Promise<JudgedCamera> => {
    const held = await deps.records.heldDays(facility.id, camera.id, fromDay, toDay);
    const duty = { camera, facility, pack, nowMs };
    const facts = cameraFactsOf(held, facility, camera.id, nowMs);
    const time = cameraTime(duty, facts, requiredInterval(camera, facility, pack, nowMs));
    // The same judge speaks as of the end of a day: an auditor who holds a statement against this answer finds the same word.
    const verdict = { ...shownAsOf(duty, facts, connected, time), ...figuresOf(duty, facts, time) };
    return { camera, held, facts, time, verdict };
  };
  const cameras = await inBatches(owing, READ_AT_ONCE, judge);
  const { verdict: challenges } = await challengeVerdict(deps, facility, pack, cameras, nowMs);
  return { facility, pack, connected, cameras, challenges };
};

export const cameraVerdictOf = ({ camera, state, reason, depthDays, missingMs }: CameraRetention): CameraVerdict => ({
  camera: camera.id,
  state,
  reason,
  installedAt: writeInstant(camera.installedAtMs),
  ...(depthDays !== undefined && { depthDays }),
  ...(missingMs !== undefined && { missingSeconds: seconds(missingMs) }),
});

export const challengesVerdictOf = (verdict: ChallengeVerdict): ChallengesVerdict => ({
  state: verdict.state,
  reason: verdict.reason,
  ...(verdict.state === 'breached' && { since: writeInstant(verdict.sinceMs) }),
  outcomes: { ...verdict.outcomes },
});

/** Absent = its last recording may go: it owes nothing any more. */
export const facilityVerdictOf = (judged: JudgedFacility, nowMs: number): FacilityVerdict | undefined => {
  const { facility, pack, connected, cameras, challenges } = judged;
  const standing = footingOf(facility, pack, nowMs);
  if (standing === 'released') return undefined;
  const verdicts = cameras.map(({ verdict }) => verdict);
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    standing,
    connected,
    ...facilityShown(verdicts, challenges),
    requiredDays: pack.thresholds.retentionDays.value,
    challenges: challengesVerdictOf(challenges),
    cameras: verdicts.map(cameraVerdictOf),
  };
};
