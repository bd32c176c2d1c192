import type { FacilityRetentionQuery, FacilityRetentionView } from '../../shared/contracts/audit.ts';
import { writeInstant } from '../../shared/contracts/wire.ts';
import type { Person } from '../../shared/domain/access.ts';
import { retentionDays } from '../../shared/domain/retention-days.ts';
import type { Answer } from '../../shared/runtime/dispatch.ts';
import { facilityFor } from '../../shared/use-cases/read-facility.ts';
import { asOfMs, queryInvalid } from './as-of.ts';
import { type Column, csvOf } from './csv.ts';
import { answerCsv } from './exports.ts';
import { cameraVerdictOf, type JudgedCamera, type JudgedFacility, judgeRetention } from './judge-retention.ts';
import { type AuditDeps, seconds } from './stores.ts';

type CameraView = FacilityRetentionView['cameras'][number];

const cameraView = ({ camera, held, verdict }: JudgedCamera, judged: JudgedFacility, nowMs: number): CameraView => ({
  ...cameraVerdictOf(verdict),
  ...(camera.retiredAtMs !== undefined && { retiredAt: writeInstant(camera.retiredAtMs) }),
  days: retentionDays(camera, held, judged.facility, judged.pack, nowMs).map((day) => ({
    day: day.day,
    requiredSeconds: seconds(day.requiredMs),
    heldSeconds: seconds(day.heldMs),
    declaredSeconds: seconds(day.declaredMs),
    missingSeconds: seconds(day.missingMs),
    unknownSeconds: seconds(day.unknownMs),
  })),
});

/** Recordings of one facility by camera and local day: required, held, declared, missing and unknown. */
export const facilityRetention = async (
  deps: AuditDeps,
  person: Person,
  facilityId: string,
  { asOf, camera }: FacilityRetentionQuery,
): Promise<FacilityRetentionView> => {
  const facility = await facilityFor(deps.registry, person, 'read-retention', facilityId);
  if (camera !== undefined && !facility.cameras.some(({ id }) => id === camera)) {
    throw queryInvalid('/camera', 'is no camera of this facility');
  }
  const nowMs = asOfMs(asOf, deps.clock());
  const judged = await judgeRetention(deps, facility, nowMs, camera);
  return {
    facility: facility.id,
    name: facility.name,
    division: facility.division,
    asOf: writeInstant(nowMs),
    requiredDays: judged.pack.thresholds.retentionDays.value,
    cameras: judged.cameras.map((one) => cameraView(one, judged, nowMs)),
  };
};

interface Line {
  readonly view: FacilityRetentionView;
  readonly camera: CameraView;
  readonly day: CameraView['days'][number] | undefined;
}

const columns: readonly Column<Line>[] = [
  { heading: '截至时间 as of', value: ({ view }) => view.asOf },
  { heading: '行政区划 division', value: ({ view }) => view.division },
  { heading: '机构编号 facility', value: ({ view }) => view.facility },
  { heading: '机构名称 name (zh)', value: ({ view }) => view.name.zh },
  { heading: '英文名称 name (en)', value: ({ view }) => view.name.en },
  { heading: '摄像头 camera', value: ({ camera }) => camera.camera },
  { heading: '结论 state', value: ({ camera }) => camera.state },
  { heading: '原因 reason', value: ({ camera }) => camera.reason },
  { heading: '日期 day', value: ({ day }) => day?.day },
  { heading: '应保存秒数 required seconds', value: ({ day }) => day?.requiredSeconds },
  { heading: '已保存秒数 held seconds', value: ({ day }) => day?.heldSeconds },
  { heading: '设备声称秒数 declared seconds', value: ({ day }) => day?.declaredSeconds },
  { heading: '缺失秒数 missing seconds', value: ({ day }) => day?.missingSeconds },
  { heading: '未知秒数 unknown seconds', value: ({ day }) => day?.unknownSeconds },
];

/** A camera of which nothing is owed yet still has its line. */
const linesOf = (view: FacilityRetentionView): readonly Line[] =>
  view.cameras.flatMap((camera): Line[] =>
    camera.days.length === 0 ? [{ view, camera, day: undefined }] : camera.days.map((day) => ({ view, camera, day })),
  );

/** The same as CSV, one line per camera and day. */
export const exportFacilityRetention = async (
  deps: AuditDeps,
  person: Person,
  facilityId: string,
  query: FacilityRetentionQuery,
): Promise<Answer> => {
  const view = await facilityRetention(deps, person, facilityId, query);
  const facilities = [{ facilityId: view.facility, division: view.division }];
  const csv = csvOf(columns, linesOf(view));
  const covers = { action: 'read-retention' as const, divisions: [], facilities };
  return answerCsv(deps, person, covers, csv, `retention-${view.facility}`);
};
