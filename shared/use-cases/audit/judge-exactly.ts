import type { FacilityVerdict } from '../../contracts/audit.ts';
import { footingOf } from '../../domain/duty.ts';
import type { BilingualName, Facility } from '../../domain/facility.ts';
import { type FacilityState, facilityShown } from '../../domain/facility-shown.ts';
import { writeInstant } from '../../domain/instants.ts';
import { total } from '../../domain/interval.ts';
import { requiredInterval } from '../../domain/retention.ts';
import type { CameraRetention } from '../../domain/retention-verdict.ts';
import type { Interval } from '../../domain/time.ts';
import {
  cameraVerdictOf,
  challengesVerdictOf,
  type JudgedCamera,
  type JudgedFacility,
  judgeRetention,
} from './judge-retention.ts';
import { owesNothing, retentionSentence, type SaidOfCamera } from './retention-sentence.ts';
import type { AuditReads } from './stores.ts';

interface ExactCamera extends SaidOfCamera {
  readonly shown: CameraRetention;
  readonly requiredMs: number;
  readonly declaredMs: number;
}

const exactly = (
  { camera, time: { lost, unknown, declared }, verdict: shown }: JudgedCamera,
  { facility, pack }: JudgedFacility,
  nowMs: number,
): ExactCamera => {
  const [firstLost]: readonly Interval[] = lost;
  return {
    camera,
    state: shown.state,
    reason: shown.reason,
    shown,
    requiredMs: total([requiredInterval(camera, facility, pack, nowMs)]),
    lostMs: total(lost),
    unknownMs: total(unknown),
    declaredMs: total(declared),
    ...(firstLost && { firstLost }),
    ...(shown.depthDays !== undefined && { reachesDays: shown.depthDays }),
  };
};

const cameraView = (one: ExactCamera): FacilityVerdict['cameras'][number] => ({
  ...cameraVerdictOf(one.shown),
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

/** What a facility can show, and that in one sentence. */
export interface FacilityWord {
  readonly state: FacilityState;
  readonly reason: string;
  readonly sentence: BilingualName;
}

const wordOf = (cameras: readonly ExactCamera[], { facility, pack, challenges }: JudgedFacility): FacilityWord => {
  const shown = facilityShown(
    cameras.map((one) => one.shown),
    challenges,
  );
  const about = {
    requiredDays: pack.thresholds.retentionDays.value,
    zone: facility.calendar.zone,
    challenges,
  };
  return { ...shown, sentence: retentionSentence(cameras, about) };
};

/** The same of one that was judged already; of one that owes nothing any more there is that to say, and no verdict. */
export const facilityWord = (judged: JudgedFacility, nowMs: number): FacilityWord | Pick<FacilityWord, 'sentence'> =>
  footingOf(judged.facility, judged.pack, nowMs) === 'released'
    ? { sentence: owesNothing }
    : wordOf(
        judged.cameras.map((one) => exactly(one, judged, nowMs)),
        judged,
      );

/**
 * What a facility can show as of an instant, from its camera-days and its challenges, as the statement of a day says it. Absent = it
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
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    standing,
    connected: judged.connected,
    ...wordOf(cameras, judged),
    requiredDays: judged.pack.thresholds.retentionDays.value,
    challenges: challengesVerdictOf(judged.challenges),
    cameras: cameras.map(cameraView),
  };
};
