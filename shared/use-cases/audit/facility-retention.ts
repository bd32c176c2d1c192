import type { FacilityRetentionQuery, FacilityRetentionView } from '../../contracts/audit.ts';
import type { Person } from '../../domain/access.ts';
import { civilDayOf } from '../../domain/civil-day.ts';
import { writeInstant } from '../../domain/instants.ts';
import { requiredInterval } from '../../domain/retention.ts';
import { facilityFor } from '../read-facility.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { objectionReasonWords, reasonIn, stateWords } from './audit-words.ts';
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
import { eachDay } from './local-days.ts';
import { objectionsTo } from './objections.ts';
import { type Column, coded, type Sheet } from './sheet.ts';
import type { AuditReads } from './stores.ts';

type CameraView = FacilityRetentionView['cameras'][number];

/** States of each day for more cameras than this would not fit into one answer: then one camera is asked for by itself. */
const MOST_IN_DETAIL = 64;

const cameraView = (
  { camera, facts, verdict }: JudgedCamera,
  { facility, pack, cameras }: JudgedFacility,
  nowMs: number,
): CameraView => {
  const duty = { camera, facility, pack, nowMs };
  const { fromMs, toMs } = requiredInterval(camera, facility, pack, nowMs);
  const { zone } = facility.calendar;
  const days = fromMs < toMs ? eachDay(civilDayOf(fromMs, zone), civilDayOf(toMs - 1, zone)) : [];
  const isInDetail = cameras.length <= MOST_IN_DETAIL;
  return {
    ...cameraVerdictOf(verdict),
    ...(camera.retiredAtMs !== undefined && { retiredAt: writeInstant(camera.retiredAtMs) }),
    answers: answersOf(duty, facts),
    days: [...dayStates(duty, facts, days)].map(([day, states]) => dayView(day, states, isInDetail)),
  };
};

/** The four add up to what is required, and are the states put together. */
const dayView = (day: string, states: DayStates, isInDetail: boolean): CameraView['days'][number] => ({
  day,
  requiredSeconds: states.requiredSeconds,
  heldSeconds: states.heldSeconds + states.heldLateSeconds + states.onHoldSeconds,
  declaredSeconds: states.declaredSeconds,
  missingSeconds: states.lostSeconds,
  unknownSeconds: states.unknownSeconds,
  ...(isInDetail && { states }),
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
  const word = facilityWord(judged, nowMs);
  const owing = 'state' in word ? judged.cameras : [];
  const cameras = owing.filter((one) => camera === undefined || one.camera.id === camera);
  return {
    ...facilityHead(facility, nowMs),
    requiredDays: judged.pack.thresholds.retentionDays.value,
    ...word,
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

/** Nobody knows what the recorder never said. */
const ofDepth = (of: 'oldestRetrievableAt' | 'lastReportedAt') => (line: FacilityRetentionLine) => {
  const answers = answersIn(line);
  return answers === undefined ? null : answers.depth[of];
};

type Objection = NonNullable<FacilityRetentionView['objections']>[number];

const objectionsIn = (
  { view, camera, day }: FacilityRetentionLine,
  wordOf: (objection: Objection) => string,
): string | null => {
  const said = day === undefined ? [] : objectionsTo(view.objections ?? [], camera.camera, day.day);
  const texts = said.map((one) => (one.document === undefined ? wordOf(one) : `${wordOf(one)} ${one.document}`));
  return texts.length === 0 ? null : texts.join('; ');
};

const columns: readonly Column<FacilityRetentionLine>[] = [
  ...facilityColumns,
  { heading: '摄像头 camera', value: ({ camera }) => camera.camera },
  coded('结论 state', ({ camera }) => camera.state, stateWords),
  coded('原因 reason', ({ camera }) => camera.reason, reasonIn),
  { heading: '日期 day', value: ({ day }) => day?.day ?? null, is: 'day' },
  { heading: '应保存秒数 required seconds', value: ({ day }) => day?.requiredSeconds ?? null },
  { heading: '已保存秒数 held seconds', value: ({ day }) => day?.heldSeconds ?? null },
  { heading: '设备声称秒数 declared seconds', value: ({ day }) => day?.declaredSeconds ?? null },
  { heading: '缺失秒数 missing seconds', value: ({ day }) => day?.missingSeconds ?? null },
  { heading: '未知秒数 unknown seconds', value: ({ day }) => day?.unknownSeconds ?? null },
  // State by state; the columns before it put them together.
  { heading: '当日：应保存（秒） day: required', value: ({ day }) => day?.states?.requiredSeconds ?? null },
  { heading: '当日：已保存（秒） day: held', value: ({ day }) => day?.states?.heldSeconds ?? null },
  { heading: '当日：迟报后已保存（秒） day: held late', value: ({ day }) => day?.states?.heldLateSeconds ?? null },
  { heading: '当日：因留存指令保存（秒） day: on hold', value: ({ day }) => day?.states?.onHoldSeconds ?? null },
  { heading: '当日：丢失（秒） day: lost', value: ({ day }) => day?.states?.lostSeconds ?? null },
  { heading: '当日：仅声明（秒） day: declared', value: ({ day }) => day?.states?.declaredSeconds ?? null },
  { heading: '当日：未知（秒） day: unknown', value: ({ day }) => day?.states?.unknownSeconds ?? null },
  { heading: '当日：尚不到期（秒） day: not yet due', value: ({ day }) => day?.states?.notYetDueSeconds ?? null },
  { heading: '当日：已过期限（秒） day: no longer due', value: ({ day }) => day?.states?.noLongerDueSeconds ?? null },
  // Of the camera.
  {
    heading: '设备自称最早可调取 depth: oldest retrievable',
    value: ofDepth('oldestRetrievableAt'),
    is: 'instant',
  },
  { heading: '最后报告 depth: last reported', value: ofDepth('lastReportedAt'), is: 'instant' },
  {
    heading: '完整：应保存（秒） all days: required',
    value: (line) => answersIn(line)?.completeness.requiredSeconds ?? null,
  },
  { heading: '完整：已保存（秒） all days: held', value: (line) => answersIn(line)?.completeness.heldSeconds ?? null },
  {
    heading: '完整：迟报后已保存（秒） all days: held late',
    value: (line) => answersIn(line)?.completeness.heldLateSeconds ?? null,
  },
  {
    heading: '完整：因留存指令保存（秒） all days: on hold',
    value: (line) => answersIn(line)?.completeness.onHoldSeconds ?? null,
  },
  { heading: '完整：丢失（秒） all days: lost', value: (line) => answersIn(line)?.completeness.lostSeconds ?? null },
  {
    heading: '完整：仅声明（秒） all days: declared',
    value: (line) => answersIn(line)?.completeness.declaredSeconds ?? null,
  },
  {
    heading: '完整：未知（秒） all days: unknown',
    value: (line) => answersIn(line)?.completeness.unknownSeconds ?? null,
  },
  {
    heading: '来源：按时报告（秒） known: in time',
    value: (line) => answersIn(line)?.provenance.inTimeSeconds ?? null,
  },
  {
    heading: '来源：时间未留存（秒） known: undated',
    value: (line) => answersIn(line)?.provenance.undatedSeconds ?? null,
  },
  { heading: '来源：迟报（秒） known: late', value: (line) => answersIn(line)?.provenance.lateSeconds ?? null },
  { heading: '来源：仅声明（秒） known: claimed', value: (line) => answersIn(line)?.provenance.claimedSeconds ?? null },
  { heading: '来源：无人报告（秒） known: nobody', value: (line) => answersIn(line)?.provenance.nobodySeconds ?? null },
  // Of the facility: it may fail a challenge while every camera says that it holds all.
  coded('机构结论 facility state', ({ view }) => view.state, stateWords),
  coded('机构原因 facility reason', ({ view }) => view.reason, reasonIn),
  { heading: '说明 sentence (zh)', value: (line) => (line.isFirst ? line.view.sentence?.zh : null) },
  { heading: '英文说明 sentence (en)', value: (line) => (line.isFirst ? line.view.sentence?.en : null) },
  // What the facility says against this day.
  {
    heading: '异议 objections',
    value: (line) => objectionsIn(line, ({ reason }) => objectionReasonWords[reason].zh),
    code: (line) => objectionsIn(line, ({ reason }) => reason),
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
