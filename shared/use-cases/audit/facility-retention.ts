import type { FacilityRetentionQuery, FacilityRetentionView } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import { writeInstant } from '../../domain/instants.ts';
import { type RetentionDay, retentionDays } from '../../domain/retention-days.ts';
import { facilityFor } from '../read-facility.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { cameraFactsOf } from './camera-facts.ts';
import { type Answers, answersOf, type DayStates, dayStates } from './camera-states.ts';
import { facilityColumns, facilityHead } from './facility-columns.ts';
import { facilityWord } from './judge-exactly.ts';
import {
  cameraVerdictOf,
  challengesVerdictOf,
  type JudgedCamera,
  type JudgedFacility,
  judgeRetention,
} from './judge-retention.ts';
import { objectionsTo } from './objections.ts';
import type { Column, Sheet } from './sheet.ts';
import { type AuditReads, seconds } from './stores.ts';

type CameraView = FacilityRetentionView['cameras'][number];

/** States of each day for more cameras than this would not fit into one answer: then one camera is asked for by itself. */
const MOST_IN_DETAIL = 64;

const cameraView = (
  { camera, held, verdict }: JudgedCamera,
  { facility, pack, cameras }: JudgedFacility,
  nowMs: number,
): CameraView => {
  const days = retentionDays(camera, held, facility, pack, nowMs);
  const duty = { camera, facility, pack, nowMs };
  const facts = cameraFactsOf(held, facility, camera.id, nowMs);
  const named = cameras.length > MOST_IN_DETAIL ? [] : days.map(({ day }) => day);
  const statesByDay = dayStates(duty, facts, named);
  return {
    ...cameraVerdictOf(verdict),
    ...(camera.retiredAtMs !== undefined && { retiredAt: writeInstant(camera.retiredAtMs) }),
    answers: answersOf(duty, facts),
    days: days.map((day) => dayView(day, statesByDay.get(day.day))),
  };
};

const dayView = (day: RetentionDay, states: DayStates | undefined): CameraView['days'][number] => ({
  day: day.day,
  requiredSeconds: seconds(day.requiredMs),
  heldSeconds: seconds(day.heldMs),
  declaredSeconds: seconds(day.declaredMs),
  missingSeconds: seconds(day.missingMs),
  unknownSeconds: seconds(day.unknownMs),
  ...(states && { states }),
});

/** Recordings of one facility by camera and local day: required, held, declared, missing and unknown. */
export const facilityRetention = async (
  deps: AuditReads,
  person: Person,
  facilityId: string,
  { asOf, camera }: FacilityRetentionQuery,
): Promise<FacilityRetentionView> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  if (camera !== undefined && !facility.cameras.some(({ id }) => id === camera)) {
    throw queryInvalid('/camera', 'is no camera of this facility');
  }
  const nowMs = asOfMs(asOf, deps.clock());
  const judged = await judgeRetention(deps, facility, nowMs);
  const cameras = judged.cameras.filter((one) => camera === undefined || one.camera.id === camera);
  return {
    ...facilityHead(facility, nowMs),
    requiredDays: judged.pack.thresholds.retentionDays.value,
    ...facilityWord(judged, nowMs),
    challenges: challengesVerdictOf(judged.challenges),
    cameras: cameras.map((one) => cameraView(one, { ...judged, cameras }, nowMs)),
  };
};

export interface FacilityRetentionLine {
  readonly view: FacilityRetentionView;
  readonly camera: CameraView;
  readonly day: CameraView['days'][number] | undefined;
  readonly isFirst: boolean;
}

/** What is of a camera as a whole stands in its first line: repeated, a spreadsheet would add it up by day. */
const answersIn = ({ camera, isFirst }: FacilityRetentionLine): Answers | undefined =>
  isFirst ? camera.answers : undefined;

const columns: readonly Column<FacilityRetentionLine>[] = [
  ...facilityColumns,
  { heading: '摄像头 camera', value: ({ camera }) => camera.camera },
  { heading: '结论 state', value: ({ camera }) => camera.state },
  { heading: '原因 reason', value: ({ camera }) => camera.reason },
  { heading: '日期 day', value: ({ day }) => day?.day },
  { heading: '应保存秒数 required seconds', value: ({ day }) => day?.requiredSeconds },
  { heading: '已保存秒数 held seconds', value: ({ day }) => day?.heldSeconds },
  { heading: '设备声称秒数 declared seconds', value: ({ day }) => day?.declaredSeconds },
  { heading: '缺失秒数 missing seconds', value: ({ day }) => day?.missingSeconds },
  { heading: '未知秒数 unknown seconds', value: ({ day }) => day?.unknownSeconds },
  // Of the whole day, state by state; the columns before it are of the required part and know no order and no lateness.
  { heading: '当日：应保存 day: required', value: ({ day }) => day?.states?.requiredSeconds },
  { heading: '当日：已保存 day: held', value: ({ day }) => day?.states?.heldSeconds },
  { heading: '当日：迟报后已保存 day: held late', value: ({ day }) => day?.states?.heldLateSeconds },
  { heading: '当日：因保全要求保存 day: on hold', value: ({ day }) => day?.states?.onHoldSeconds },
  { heading: '当日：丢失 day: lost', value: ({ day }) => day?.states?.lostSeconds },
  { heading: '当日：仅声明 day: declared', value: ({ day }) => day?.states?.declaredSeconds },
  { heading: '当日：未知 day: unknown', value: ({ day }) => day?.states?.unknownSeconds },
  { heading: '当日：尚不到期 day: not yet due', value: ({ day }) => day?.states?.notYetDueSeconds },
  { heading: '当日：已过期限 day: no longer due', value: ({ day }) => day?.states?.noLongerDueSeconds },
  // Of the camera.
  {
    heading: '设备自称最早可调取 depth: oldest retrievable',
    value: (line) => answersIn(line)?.depth.oldestRetrievableAt,
  },
  { heading: '最后报告 depth: last reported', value: (line) => answersIn(line)?.depth.lastReportedAt },
  { heading: '完整：应保存 all days: required', value: (line) => answersIn(line)?.completeness.requiredSeconds },
  { heading: '完整：已保存 all days: held', value: (line) => answersIn(line)?.completeness.heldSeconds },
  { heading: '完整：迟报后已保存 all days: held late', value: (line) => answersIn(line)?.completeness.heldLateSeconds },
  { heading: '完整：因保全要求保存 all days: on hold', value: (line) => answersIn(line)?.completeness.onHoldSeconds },
  { heading: '完整：丢失 all days: lost', value: (line) => answersIn(line)?.completeness.lostSeconds },
  { heading: '完整：仅声明 all days: declared', value: (line) => answersIn(line)?.completeness.declaredSeconds },
  { heading: '完整：未知 all days: unknown', value: (line) => answersIn(line)?.completeness.unknownSeconds },
  { heading: '来源：按时报告 known: in time', value: (line) => answersIn(line)?.provenance.inTimeSeconds },
  { heading: '来源：时间未留存 known: undated', value: (line) => answersIn(line)?.provenance.undatedSeconds },
  { heading: '来源：迟报 known: late', value: (line) => answersIn(line)?.provenance.lateSeconds },
  { heading: '来源：仅声明 known: claimed', value: (line) => answersIn(line)?.provenance.claimedSeconds },
  { heading: '来源：无人报告 known: nobody', value: (line) => answersIn(line)?.provenance.nobodySeconds },
  // Of the facility: it may fail a challenge while every camera says that it holds all.
  { heading: '机构结论 facility state', value: ({ view }) => view.state },
  { heading: '机构原因 facility reason', value: ({ view }) => view.reason },
  { heading: '说明 sentence (zh)', value: (line) => (line.isFirst ? line.view.sentence?.zh : undefined) },
  { heading: '英文说明 sentence (en)', value: (line) => (line.isFirst ? line.view.sentence?.en : undefined) },
  // What the facility says against this day.
  {
    heading: '异议 objections',
    value: ({ view, camera, day }) =>
      day === undefined
        ? undefined
        : objectionsTo(view.objections ?? [], camera.camera, day.day)
            .map(({ reason, document }) => (document === undefined ? reason : `${reason} ${document}`))
            .join('; ') || undefined,
  },
];

/** A camera of which nothing is owed yet still has its line. */
const linesOf = (view: FacilityRetentionView): readonly FacilityRetentionLine[] =>
  view.cameras.flatMap((camera): FacilityRetentionLine[] =>
    camera.days.length === 0
      ? [{ view, camera, day: undefined, isFirst: true }]
      : camera.days.map((day, n) => ({ view, camera, day, isFirst: n === 0 })),
  );

/** The same as lines, one per camera and day. */
export const facilityRetentionSheet = (view: FacilityRetentionView): Sheet<FacilityRetentionLine> => ({
  name: { zh: '录像保存', en: 'Recordings kept' },
  columns,
  rows: linesOf(view),
});
