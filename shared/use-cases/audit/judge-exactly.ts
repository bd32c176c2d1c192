import type { FacilityVerdict } from '../../contracts/audit.ts';
import { cameraTime } from '../../domain/camera-days.ts';
import { footingOf } from '../../domain/duty.ts';
import type { Facility } from '../../domain/facility.ts';
import { writeInstant } from '../../domain/instants.ts';
import { total } from '../../domain/interval.ts';
import { requiredInterval } from '../../domain/retention.ts';
import { retentionAnswers } from '../../domain/retention-answers.ts';
import { type CameraRetention, worstOf } from '../../domain/retention-verdict.ts';
import { DAY_MS, type Interval } from '../../domain/time.ts';
import { cameraFactsOf } from './camera-facts.ts';
import { cameraVerdictOf, type JudgedCamera, type JudgedFacility, judgeRetention } from './judge-retention.ts';
import { retentionSentence, type SaidOfCamera } from './retention-sentence.ts';
import type { AuditReads } from './stores.ts';

interface ExactCamera extends SaidOfCamera {
  readonly shown: CameraRetention;
  readonly requiredMs: number;
  readonly declaredMs: number;
}

const exactly = (
  { camera, held, verdict: shown }: JudgedCamera,
  judged: JudgedFacility,
  nowMs: number,
): ExactCamera => {
  const { facility, pack } = judged;
  const duty = { camera, facility, pack, nowMs };
  const facts = cameraFactsOf(held, facility, camera.id, nowMs);
  const required = requiredInterval(camera, facility, pack, nowMs);
  const { lost, unknown, declared } = cameraTime(duty, facts, required);
  const { depth } = retentionAnswers(duty, facts, required);
  const reachesDays =
    depth.is === 'claimed' ? Math.max(0, Math.floor((nowMs - depth.oldestRetrievableAtMs) / DAY_MS)) : undefined;
  const [firstLost]: readonly Interval[] = lost;
  return {
    camera,
    state: shown.state,
    reason: shown.reason,
    shown,
    requiredMs: total([required]),
    lostMs: total(lost),
    unknownMs: total(unknown),
    declaredMs: total(declared),
    ...(firstLost && { firstLost }),
    ...(reachesDays !== undefined && { reachesDays }),
  };
};

const cameraView = (one: ExactCamera): FacilityVerdict['cameras'][number] => ({
  ...cameraVerdictOf({
    ...one.shown,
    missingMs: one.lostMs,
    ...(one.reachesDays !== undefined && { depthDays: one.reachesDays }),
  }),
  exact: {
    requiredMs: one.requiredMs,
    lostMs: one.lostMs,
    unknownMs: one.unknownMs,
    declaredMs: one.declaredMs,
    ...(one.firstLost && {
      firstLost: { from: writeInstant(one.firstLost.fromMs), to: writeInstant(one.firstLost.toMs) },
    }),
  },
});

/**
 * What a facility can show as of an instant, from its camera-days alone, as the statement of a day says it. Absent = it
 * owes nothing any more.
 */
export const judgeExactly = async (
  deps: AuditReads,
  facility: Facility,
  nowMs: number,
): Promise<FacilityVerdict | undefined> => {
  const judged = await judgeRetention(deps, facility, nowMs);
  const standing = footingOf(facility, judged.pack, nowMs);
  if (standing === 'released') return undefined;
  const cameras = judged.cameras.map((one) => exactly(one, judged, nowMs));
  const requiredDays = judged.pack.thresholds.retentionDays.value;
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    standing,
    connected: judged.connected,
    ...worstOf(cameras.map(({ shown }) => shown)),
    requiredDays,
    sentence: retentionSentence(cameras, requiredDays),
    cameras: cameras.map(cameraView),
  };
};
